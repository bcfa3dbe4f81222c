import type { Snapshot } from '../snapshot/index.js';
import { renderReconciliation } from './render-inspect.js';
import { renderSources } from './render-sources.js';
import {
  formatAmount,
  formatCount,
  formatMoney,
  formatNumber,
  listUnitDecimals,
  renderTable,
  toNumberColumn,
} from '../presentation/index.js';

/** Assets whose rounding is shown in one line. */
const MAX_ROUNDINGS = 12;

/** What was sealed, or only checked, for programs: without what names files of the platform's. @param directory null where nothing was sealed. */
export function describeSnapshot(snapshot: Snapshot, directory: string | null): object {
  const { hash, platform, takenAt, quote, accountCount, holdingCount, assets, totals } = snapshot;
  const { rounding, writeOffs, reconciliation, sources } = snapshot;
  return {
    directory,
    snapshotHash: hash,
    platform,
    takenAt,
    quote,
    accountCount,
    holdingCount,
    assets: assets.map(({ symbol, decimals, price }) => ({ symbol, decimals, price })),
    totals,
    rounding,
    writeOffs,
    reconciliation,
    sources: sources.map(({ role, rows, rowsAfterInstant, completeTo }) => ({
      role,
      rows,
      rowsAfterInstant,
      completeTo,
    })),
  };
}

/** What was sealed: instant, counts, totals per asset, and what rounding and write-offs changed. @param directory null where nothing was sealed. */
export function renderSnapshot(snapshot: Snapshot, directory: string | null): string {
  const { assets, totals, writeOffs } = snapshot;
  const rows = totals.map(({ asset, equity, debt }, index) => {
    const { decimals, price } = assets[index]!;
    return [
      ...[asset, String(decimals), formatMoney(equity, decimals), formatMoney(debt, decimals)],
      formatAmount(price),
    ];
  });
  const rounded = snapshot.rounding.filter(({ equity, debt }) => equity !== '0' || debt !== '0');
  return [
    `Snapshot of ${snapshot.platform} at ${snapshot.takenAt}: ${formatCount(snapshot.accountCount, 'account')}, ${formatCount(snapshot.holdingCount, 'holding')}.\n\n`,
    renderTable(
      [
        { title: 'asset' },
        ...['decimals', 'equity', 'debt', `price in ${snapshot.quote}`].map(toNumberColumn),
      ],
      rows,
    ),
    '\n',
    renderSources(snapshot.sources, snapshot.takenAt),
    '\n',
    renderBooks(snapshot),
    renderPositions(snapshot),
    rounded.length === 0
      ? ''
      : `Rounded in the accounts' favour, in proof units: ${describeRoundings(rounded)}.\n`,
    writeOffs.accounts === 0
      ? ''
      : `Wrote off the debts of ${formatCount(writeOffs.accounts, 'account')} whose collateral does not cover them.\n`,
    directory === null
      ? 'Checked: this would make a snapshot. Nothing was sealed.\n'
      : `Sealed in ${directory}, hash ${snapshot.hash}.\n`,
  ].join('');
}

/** The first assets that something was rounded of, and how many others there are. */
function describeRoundings(rounded: Snapshot['rounding']): string {
  const shown = rounded.slice(0, MAX_ROUNDINGS).map(describeRounding).join('; ');
  const more = rounded.length - MAX_ROUNDINGS;
  return more > 0 ? `${shown}; and ${formatCount(more, 'asset')} more, in snapshot.json` : shown;
}

/** A side that nothing was added to or taken from is not named. */
function describeRounding({ asset, equity, debt }: Snapshot['rounding'][number]): string {
  const sides = [
    equity === '0' ? '' : `equity +${formatAmount(equity)}`,
    debt === '0' ? '' : `debt -${formatAmount(debt)}`,
  ];
  return `${asset} ${sides.filter((side) => side !== '').join(', ')}`;
}

/** What open positions were valued at, and losses that nobody pays; nothing where there are none. */
function renderPositions({ valuation, assets }: Snapshot): string {
  if (valuation === null || valuation.positions === 0) return '';
  const { positions, modelledPositions, oldestMarkAt, isolatedLosses } = valuation;
  const decimals = listUnitDecimals(assets);
  const lifted = isolatedLosses.lifted.map(
    ({ asset, units }) => `${formatMoney(units, decimals.get(asset)!)} ${asset}`,
  );
  const fate = isolatedLosses.policy === 'limited' ? 'are nobody’s debt' : 'stay debts of their accounts';
  return [
    `Valued ${formatCount(positions, 'open position')}, ${formatNumber(modelledPositions)} of them at a model price; the oldest mark is of ${oldestMarkAt ?? 'no instant'}.\n`,
    isolatedLosses.positions === 0
      ? ''
      : `Losses of ${formatCount(isolatedLosses.positions, 'isolated position')} beyond their margin ${fate}: ${lifted.join(', ')}.\n`,
  ].join('');
}

/** What of the books was compared; nothing for balances that were taken as stated. */
function renderBooks({ reconciliation, sources }: Snapshot): string {
  if (reconciliation === null) return '';
  const { compared, acceptedBreaks } = reconciliation;
  const roles = sources.map(({ role }) => role);
  return `${renderReconciliation({ compared, breaks: acceptedBreaks }, roles)}\n`;
}
