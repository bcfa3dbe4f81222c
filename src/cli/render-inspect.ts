import type { BreakKind, ReconciliationSummary } from '../protocol/index.js';
import type { InspectedAccount, Inspection, ValuedBreaks } from '../snapshot/index.js';
import { formatCount, formatUnits, renderTable, type Column } from '../presentation/index.js';

/** Numbers of holdings that share a row: the slots of the circuits that they may need. */
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
/** What reconciliation compares; `needs` are the sources that it takes. */
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
    renderBooks(inspection),
    ...(account === undefined ? [] : [renderAccount(account, inspection)]),
    `Hash ${hash}.\n`,
  ].join('\n');
}

/** What was compared, and the breaks between, in whatever way a list of either may be read. */
type Compared = {
  readonly compared: ReconciliationSummary['compared'];
  readonly breaks: readonly Pick<ValuedBreaks, 'kind' | 'count'>[];
};

/**
 * What of a platform's books was compared with what, and how many breaks there are between.
 * @param roles the sources of the books: what was not compared is for want of one.
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
    return [title, formatCount(count, noun), breakCount.toLocaleString('en')];
  });
  return renderTable(
    [{ title: 'reconciled' }, { title: 'compared' }, { title: 'breaks', align: 'right' }],
    rows,
  );
}

function renderTotals({ assets, quote }: Inspection): string {
  const rows = assets.map((asset) => [
    asset.symbol,
    formatUnits(BigInt(asset.equity), asset.decimals),
    formatUnits(BigInt(asset.debt), asset.decimals),
    formatMoney(asset.equityValue),
    formatMoney(asset.debtValue),
    asset.holders.toLocaleString('en'),
    asset.borrowers.toLocaleString('en'),
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
    price,
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
    const least = formatMoney(accounts.byTier[at - 1]?.below ?? '0');
    const title = below === null ? `${least} and more` : `below ${formatMoney(below)}`;
    return [title, count.toLocaleString('en'), share(count)];
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
    .map(({ title, count }) => [title, count.toLocaleString('en'), share(count)]);
  return [
    renderTable([{ title: `equity in ${quote}` }, ...counted], tiers),
    '\n',
    renderTable([{ title: 'assets held or owed' }, ...counted], shown),
    '\n',
    `${formatCount(accounts.withDebt, 'account')} with debt, ${accounts.withoutDebt.toLocaleString('en')} without.\n`,
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
      count.toLocaleString('en'),
      formatAmount(difference),
      value === null ? '' : formatMoney(value),
    ]);
  const columns: Column[] = [
    { title: 'accepted breaks' },
    { title: 'asset' },
    { title: 'count', align: 'right' },
    { title: 'found less expected', align: 'right' },
    { title: `worth in ${quote}`, align: 'right' },
  ];
  const unlisted = acceptedBreaks.length - rows.length;
  return [summary, '\n', renderTable(columns, rows), unlisted > 0 ? `  … and ${unlisted} more\n` : ''].join(
    '',
  );
}

function renderAccount(
  { userId, holdings, statement }: InspectedAccount,
  { assets, quote }: Inspection,
): string {
  const decimals = new Map(assets.map((asset) => [asset.symbol, asset.decimals]));
  const rows = holdings.map(({ asset, equity, debt, equityValue, debtValue }) => [
    asset,
    formatUnits(BigInt(equity), decimals.get(asset)!),
    formatUnits(BigInt(debt), decimals.get(asset)!),
    formatMoney(equityValue),
    formatMoney(debtValue),
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
  const rows = lines.map((line) => [
    line.account,
    line.bucket,
    line.kind,
    line.instrument ?? '',
    line.reference,
    line.quantity ?? '',
    line.entryPrice ?? '',
    line.price === null ? '' : `${line.price}${line.priceAsset === null ? '' : ` ${line.priceAsset}`}`,
    formatAmount(line.value),
    line.asset,
    [line.priceSource, line.pricedAt].filter((part) => part !== null).join(', '),
  ]);
  const columns: Column[] = [
    { title: 'account' },
    { title: 'bucket' },
    { title: 'line' },
    { title: 'instrument' },
    { title: 'reference' },
    { title: 'quantity', align: 'right' },
    { title: 'entry', align: 'right' },
    { title: 'price', align: 'right' },
    { title: 'value', align: 'right' },
    { title: 'asset' },
    { title: 'priced by' },
  ];
  const used = columns.map((_, at) => rows.some((row) => row[at] !== ''));
  const keep = <Cell>(cells: readonly Cell[]) => cells.filter((_, at) => used[at]);
  return rows.length === 0 ? 'Its statement has no lines.\n' : renderTable(keep(columns), rows.map(keep));
}

function toNumberColumn(title: string): Column {
  return { title, align: 'right' };
}

/** A decimal with commas. */
function formatAmount(value: string): string {
  const [whole, fraction] = value.split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A value as money: with commas, cut after two decimals. */
function formatMoney(value: string): string {
  const [whole, fraction] = formatAmount(value).split('.');
  return fraction === undefined ? whole! : `${whole!}.${fraction.slice(0, 2).padEnd(2, '0')}`;
}

const AGE_UNITS = [
  { unit: 'd', ns: 86_400_000_000_000n },
  { unit: 'h', ns: 3_600_000_000_000n },
  { unit: 'min', ns: 60_000_000_000n },
  { unit: 's', ns: 1_000_000_000n },
  { unit: 'ms', ns: 1_000_000n },
];

/** An age in the largest two units that it has: `1 h 5 min`. */
function formatAge(ageNs: bigint): string {
  let rest = ageNs;
  const parts = AGE_UNITS.flatMap(({ unit, ns }) => {
    const count = rest / ns;
    rest %= ns;
    return count === 0n ? [] : [`${count} ${unit}`];
  });
  if (parts.length > 0) return parts.slice(0, 2).join(' ');
  return ageNs === 0n ? '0 s' : `${ageNs} ns`;
}
