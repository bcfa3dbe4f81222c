import type { Snapshot } from '../snapshot/index.js';
import { formatCount, formatUnits, renderTable } from './table.js';

/** What was sealed: instant, counts, totals per asset, and what rounding and write-offs changed. */
export function renderSnapshot(snapshot: Snapshot, directory: string): string {
  const { assets, totals, writeOffs } = snapshot;
  const rows = totals.map(({ asset, equity, debt }, index) => {
    const { decimals, price } = assets[index]!;
    return [asset, formatUnits(BigInt(equity), decimals), formatUnits(BigInt(debt), decimals), price];
  });
  const rounded = snapshot.rounding.filter(({ equity, debt }) => equity !== '0' || debt !== '0');
  return [
    `Snapshot of ${snapshot.platform} at ${snapshot.takenAt}: ${formatCount(snapshot.accountCount, 'account')}, ${formatCount(snapshot.holdingCount, 'holding')}.\n\n`,
    renderTable(
      [
        { title: 'asset' },
        { title: 'equity', align: 'right' },
        { title: 'debt', align: 'right' },
        { title: `price in ${snapshot.quote}`, align: 'right' },
      ],
      rows,
    ),
    '\n',
    rounded.length === 0
      ? ''
      : `Rounded in the accounts' favour, in proof units: ${rounded
          .map(({ asset, equity, debt }) => `${asset} equity +${equity}, debt -${debt}`)
          .join('; ')}.\n`,
    writeOffs.accounts === 0
      ? ''
      : `Wrote off the debts of ${formatCount(writeOffs.accounts, 'account')} whose collateral does not cover them.\n`,
    `Sealed in ${directory}, hash ${snapshot.hash}.\n`,
  ].join('');
}
