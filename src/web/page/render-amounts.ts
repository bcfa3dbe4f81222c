import type { Report } from '../../verifier/index.js';
import { element, quoted } from './element.js';
import { formatMoney } from '../../presentation/index.js';

/** The decimals of each asset's proof unit. */
export function decimalsOf({ stated }: Report): ReadonlyMap<string, number> {
  return new Map(stated?.assets.map(({ symbol, decimals }) => [symbol, decimals]));
}

/** The user's holdings, each beside the total that it is part of. */
export function renderAmounts(report: Report): HTMLElement {
  const { holdings, totals, depth } = report;
  const decimals = decimalsOf(report);
  const money = (asset: string, units: string | null) =>
    units === null ? 'not shown' : formatMoney(units, decimals.get(asset) ?? 0);
  if (holdings.length === 0) {
    return element('p', {}, 'Nothing: your account is in the snapshot, and holds and owes nothing in it.');
  }
  const total = new Map(totals.map(({ asset, equity }) => [asset, equity]));
  const hasDebt = holdings.some(({ debt }) => debt !== '0');
  const columns = [
    'Asset',
    'You hold',
    ...(hasDebt ? ['You owe'] : []),
    depth === 'full' ? 'Owed to all users' : 'Owed to all, at least',
  ];
  const rows = holdings.map(({ asset, equity, debt }) => [
    asset,
    money(asset, equity),
    ...(hasDebt ? [money(asset, debt)] : []),
    money(asset, total.get(asset) ?? null),
  ]);
  return renderTable('Your money in the snapshot', columns, rows);
}

/**
 * A table whose rows become cards on a narrow screen. Roles are stated because browsers forget that a table is one
 * once it is drawn in another way.
 */
function renderTable(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): HTMLElement {
  const cell = (text: string, column: number) =>
    column === 0
      ? element('th', { scope: 'row', role: 'rowheader' }, quoted(text))
      : element(
          'td',
          { role: 'cell', 'data-label': columns[column]! },
          element('span', { class: 'amount' }, text),
        );
  return element(
    'table',
    { role: 'table' },
    element('caption', { class: 'unseen' }, caption),
    element(
      'thead',
      { role: 'rowgroup' },
      element(
        'tr',
        { role: 'row' },
        ...columns.map((title) => element('th', { scope: 'col', role: 'columnheader' }, title)),
      ),
    ),
    element(
      'tbody',
      { role: 'rowgroup' },
      ...rows.map((row) => element('tr', { role: 'row' }, ...row.map(cell))),
    ),
  );
}
