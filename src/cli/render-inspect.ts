import type { BreakKind, ReconciliationSummary } from '../protocol/index.js';
import type { InspectedAccount, Inspection, ValuedBreaks } from '../snapshot/index.js';
import { renderSources } from './render-sources.js';
import {
  formatAge,
  formatAmount,
  formatCount,
  formatMoney,
  formatNumber,
  formatValue,
  renderTable,
  toNumberColumn,
  listUnitDecimals,
  describePrice,
  describePriceSource,
  type Column,
  showLine,
} from '../presentation/index.js';

/** The rows that accounts are counted in, by their holdings: each ends at the slots of a circuit. */
const HOLDINGS_ROWS = [
  { title: 'none', most: 0 },
  { title: '1', most: 1 },
  { title: '2', most: 2 },
  { title: '3', most: 3 },
  { title: '4', most: 4 },
  { title: '5 to 16', most: 16 },
  { title: '17 to 64', most: 64 },
  { title: 'more than 64', most: Infinity },
];
/** The comparisons of a reconciliation; each needs the sources in `needs`, and finds breaks of its `kinds`. */
const CHECKS: readonly {
  readonly title: string;
  readonly check: keyof ReconciliationSummary['compared'];
  readonly noun: string;
  readonly needs: readonly string[];
  readonly kinds: readonly BreakKind[];
}[] = [
  {
    title: 'ledger with balances',
    check: 'balances',
    noun: 'balance',
    needs: ['ledger', 'balances'],
    kinds: ['balance-differs', 'account-missing-in-balances', 'account-missing-in-ledger'],
  },
  {
    title: 'all accounts with control accounts',
    check: 'control',
    noun: 'asset',
    needs: ['control'],
    kinds: ['control-differs', 'control-missing'],
  },
  {
    title: 'longs with shorts',
    check: 'positions',
    noun: 'instrument',
    needs: ['positions'],
    kinds: ['positions-not-netted'],
  },
];
/** Accepted breaks that a table shows; the others are counted. */
const MAX_BREAKS_SHOWN = 10;

/** A snapshot at a glance: totals and price ages, accounts by holdings and by worth, reconciliation, and one account. */
export function renderInspection(inspection: Inspection): string {
  const { platform, takenAt, accountCount, holdingCount, hash, account } = inspection;
  return [
    `Snapshot of ${platform} at ${takenAt}: ${formatCount(accountCount, 'account')}, ${formatCount(holdingCount, 'holding')}.\n`,
    renderTotals(inspection),
    renderPrices(inspection),
    renderAccounts(inspection),
    renderSources(inspection.sources, inspection.takenAt),
    renderBooks(inspection),
    ...(account === undefined ? [] : [renderAccount(account, inspection)]),
    `Hash ${hash}.\n`,
  ].join('\n');
}

/** A reconciliation as a snapshot and an inspection both state it: numbers compared, and breaks by kind. */
type Compared = {
  readonly compared: ReconciliationSummary['compared'];
  readonly breaks: readonly Pick<ValuedBreaks, 'kind' | 'count'>[];
};

/**
 * A table of a reconciliation: each comparison has a row with how many numbers it compared and how many breaks it found.
 * @param roles the sources that the books have; a comparison that was not made lacks one of them.
 */
export function renderReconciliation({ compared, breaks }: Compared, roles: readonly string[]): string {
  const rows = CHECKS.map(({ title, check, noun, needs, kinds }) => {
    const count = compared[check];
    if (count === null) {
      return [title, `not compared: no ${needs.find((role) => !roles.includes(role)) ?? needs[0]!}`, '–'];
    }
    const breakCount = breaks
      .filter(({ kind }) => kinds.includes(kind))
      .reduce((sum, { count: some }) => sum + some, 0);
    return [title, formatCount(count, noun), formatNumber(breakCount)];
  });
  return renderTable([{ title: 'reconciled' }, { title: 'compared' }, toNumberColumn('breaks')], rows);
}

function renderTotals({ assets, quote }: Inspection): string {
  const rows = assets.map((asset) => [
    asset.symbol,
    formatMoney(asset.equity, asset.decimals),
    formatMoney(asset.debt, asset.decimals),
    formatValue(asset.equityValue),
    formatValue(asset.debtValue),
    formatNumber(asset.holders),
    formatNumber(asset.borrowers),
  ]);
  return renderTable(
    [
      { title: 'asset' },
      ...['equity', 'debt', `equity in ${quote}`, `debt in ${quote}`, 'held by', 'owed by'].map(
        toNumberColumn,
      ),
    ],
    rows,
  );
}

function renderPrices({ assets, quote }: Inspection): string {
  const rows = assets.map(({ symbol, price, collateralRatio, priceAgeNs, priceSource }) => [
    symbol,
    formatAmount(price),
    collateralRatio,
    priceAgeNs === null ? 'not stated' : formatAge(BigInt(priceAgeNs)),
    priceSource ?? 'not stated',
  ]);
  return renderTable(
    [
      { title: 'asset' },
      ...[`price in ${quote}`, 'counts as collateral', 'age'].map(toNumberColumn),
      { title: 'source' },
    ],
    rows,
  );
}

function renderAccounts({ accounts, accountCount, quote, writeOffs }: Inspection): string {
  const share = (count: number) => `${((100 * count) / accountCount).toFixed(1)} %`;
  const counted = ['accounts', 'share'].map(toNumberColumn);
  const tiers = accounts.byTier.map(({ below, accounts: count }, at) => {
    const least = formatValue(accounts.byTier[at - 1]?.below ?? '0');
    const title = below === null ? `${least} and more` : `below ${formatValue(below)}`;
    return [title, formatNumber(count), share(count)];
  });
  const holdings = HOLDINGS_ROWS.map(({ title, most }, at) => {
    const least = at === 0 ? 0 : HOLDINGS_ROWS[at - 1]!.most + 1;
    const count = accounts.byHoldings
      .filter(({ holdings: number }) => number >= least && number <= most)
      .reduce((sum, { accounts: some }) => sum + some, 0);
    return { title, count };
  });
  const last = holdings.findLastIndex(({ count }) => count > 0);
  const shown = holdings
    .slice(0, last + 1)
    .map(({ title, count }) => [title, formatNumber(count), share(count)]);
  return [
    renderTable([{ title: `equity in ${quote}` }, ...counted], tiers),
    '\n',
    renderTable([{ title: 'assets held or owed' }, ...counted], shown),
    '\n',
    `${formatCount(accounts.withDebt, 'account')} with debt, ${formatNumber(accounts.withoutDebt)} without.\n`,
    writeOffs.accounts === 0
      ? ''
      : `The debts of ${formatCount(writeOffs.accounts, 'account')} were written off.\n`,
  ].join('');
}

function renderBooks({ compared, acceptedBreaks, sources, quote }: Inspection): string {
  if (compared === null) return 'Not reconciled: balances were taken as they were stated.\n';
  const roles = sources.map(({ role }) => role);
  const summary = renderReconciliation({ compared, breaks: acceptedBreaks }, roles);
  if (acceptedBreaks.length === 0) return summary;
  const rows = acceptedBreaks
    .slice(0, MAX_BREAKS_SHOWN)
    .map(({ kind, asset, count, difference, value }) => [
      kind,
      asset ?? 'contracts',
      formatNumber(count),
      formatAmount(difference),
      value === null ? '' : formatValue(value),
    ]);
  const columns: Column[] = [
    { title: 'accepted breaks' },
    { title: 'asset' },
    ...['count', 'found less expected', `worth in ${quote}`].map(toNumberColumn),
  ];
  const unlisted = acceptedBreaks.length - rows.length;
  return [
    summary,
    '\n',
    renderTable(columns, rows),
    unlisted > 0 ? `  … and ${formatNumber(unlisted)} more\n` : '',
  ].join('');
}

function renderAccount(
  { userId, holdings, statement }: InspectedAccount,
  { assets, quote }: Inspection,
): string {
  const decimals = listUnitDecimals(assets);
  const rows = holdings.map(({ asset, equity, debt, equityValue, debtValue }) => [
    asset,
    formatMoney(equity, decimals.get(asset)!),
    formatMoney(debt, decimals.get(asset)!),
    formatValue(equityValue),
    formatValue(debtValue),
  ]);
  const columns: Column[] = [
    { title: 'asset' },
    ...['equity', 'debt', `equity in ${quote}`, `debt in ${quote}`].map(toNumberColumn),
  ];
  return [
    `The account of ${userId}${holdings.length === 0 ? ' holds nothing and owes nothing.' : ':'}\n`,
    holdings.length === 0 ? '' : `${renderTable(columns, rows)}\n`,
    statement === null ? 'It has no itemised statement.\n' : renderStatement(statement),
  ].join('');
}

function renderStatement(lines: NonNullable<InspectedAccount['statement']>): string {
  const rows = lines.map((line) => {
    const shown = showLine(line);
    return [
      line.account,
      line.bucket,
      line.kind,
      shown.instrument ?? '',
      line.reference,
      formatNullable(shown.quantity),
      formatNullable(shown.entryPrice),
      describePrice({ ...shown, entryPrice: null }),
      formatAmount(line.value),
      line.asset,
      describePriceSource(shown),
    ];
  });
  const columns: Column[] = [
    { title: 'account' },
    { title: 'bucket' },
    { title: 'line' },
    { title: 'instrument' },
    { title: 'reference' },
    ...['quantity', 'entry', 'price', 'value'].map(toNumberColumn),
    { title: 'asset' },
    { title: 'priced by' },
  ];
  const used = columns.map((_, at) => rows.some((row) => row[at] !== ''));
  const keep = <Cell>(cells: readonly Cell[]) => cells.filter((_, at) => used[at]);
  return rows.length === 0 ? 'Its statement has no lines.\n' : renderTable(keep(columns), rows.map(keep));
}

function formatNullable(decimal: string | null): string {
  return decimal === null ? '' : formatAmount(decimal);
}
