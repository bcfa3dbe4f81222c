import type { Manifest } from '../protocol/index.js';

/** What of the books was compared, and the breaks that were accepted, in words. */
export function describeReconciliation({ reconciliation }: Pick<Manifest, 'reconciliation'>): {
  readonly compared: string;
  readonly breaks: string;
} {
  if (reconciliation === null) {
    return { compared: 'not stated: balances were taken as they are', breaks: 'not stated' };
  }
  const { compared, acceptedBreaks } = reconciliation;
  const parts = [
    phraseCompared(compared.balances, 'balances with the ledger'),
    phraseCompared(compared.control, 'assets with control accounts'),
    phraseCompared(compared.positions, 'instruments, longs with shorts'),
  ];
  const breaks = acceptedBreaks.map(
    ({ kind, asset, count, difference, magnitude }) =>
      `${count} of ${kind}, ${difference} ${asset ?? 'contracts'} in all and ${magnitude} without signs`,
  );
  return { compared: parts.join('; '), breaks: breaks.join('; ') || 'none' };
}

/** What rounding did to an asset, in proof units rounded up; nothing where it did nothing. */
export function describeRounding({ rounding }: Pick<Manifest, 'rounding'>, asset: string): string {
  const found = rounding.find(({ asset: symbol }) => symbol === asset);
  if (found === undefined || (found.equity === '0' && found.debt === '0')) return '';
  const parts = [
    found.equity === '0' ? '' : `+${roundUp(found.equity)}`,
    found.debt === '0' ? '' : `-${roundUp(found.debt)}`,
  ];
  return parts.filter((part) => part !== '').join(' / ');
}

function phraseCompared(count: number | null, noun: string): string {
  return count === null ? `no ${noun}` : `${count} ${noun}`;
}

function roundUp(decimal: string): bigint {
  const [whole = '0', fraction] = decimal.split('.');
  return BigInt(whole) + (fraction === undefined ? 0n : 1n);
}
