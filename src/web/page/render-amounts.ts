import type { Report } from '../../verifier/index.js';
import { element, quoted } from './element.js';
import { describeUnits, listUnitDecimals, say } from '../../presentation/index.js';

/** The user's holdings, each beside the total that it is part of. */
export function renderAmounts(report: Report): HTMLElement {
  const { holdings, totals, stated } = report;
  const decimals = listUnitDecimals(stated?.assets ?? []);
  if (holdings.length === 0) {
    return element(
      'p',
      {},
      say('Nothing: your account is in the snapshot, and holds and owes nothing in it.'),
    );
  }
  const total = new Map(totals.map(({ asset, equity }) => [asset, equity]));
  const hasDebt = holdings.some(({ debt }) => debt !== '0');
  const columns = [
    ...[say('Asset'), say('You hold')],
    ...(hasDebt ? [say('You owe')] : []),
    say('Owed to all users'),
  ];
  const rows = holdings.map(({ asset, equity, debt }) => [
    asset,
    describeUnits(equity, asset, decimals),
    ...(hasDebt ? [describeUnits(debt, asset, decimals)] : []),
    describeUnits(total.get(asset)!, asset, decimals),
  ]);
  return renderTable(say('Your money in the snapshot'), columns, rows);
}

/**
 * A table whose rows become cards on a narrow screen. Roles are stated because browsers forget that a table is one
 * once it is drawn in another way.
 */
export function renderTable(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly (string | HTMLElement)[])[],
  className = '',
): HTMLElement {
  const cell = (content: string | HTMLElement, column: number) =>
    column === 0
      ? element(
          'th',
          { scope: 'row', role: 'rowheader' },
          typeof content === 'string' ? quoted(content) : content,
        )
      : element(
          'td',
          { role: 'cell', class: 'number', 'data-label': columns[column]! },
          element('span', { class: 'amount' }, content),
        );
  return element(
    'table',
    { role: 'table', class: className },
    element('caption', { class: 'unseen' }, caption),
    element(
      'thead',
      { role: 'rowgroup' },
      element(
        'tr',
        { role: 'row' },
        ...columns.map((title, column) =>
          element(
            'th',
            { scope: 'col', role: 'columnheader', class: column === 0 ? 'words' : 'number' },
            title,
          ),
        ),
      ),
    ),
    element(
      'tbody',
      { role: 'rowgroup' },
      ...rows.map((row) => element('tr', { role: 'row' }, ...row.map(cell))),
    ),
  );
}
