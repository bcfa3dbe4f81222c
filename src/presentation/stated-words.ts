import type { Manifest } from '../protocol/index.js';
import { formatCount, formatNumber } from './counts.js';
import { formatAmount } from './money.js';

/**
 * What of the books was compared, and the breaks that were accepted, in words.
 * @param write how an amount is written where it is shown.
 */
export function describeReconciliation(
  { reconciliation }: Pick<Manifest, 'reconciliation'>,
  write: (decimal: string) => string = formatAmount,
): {
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
      `${formatNumber(count)} of ${kind}, ${write(difference)} ${asset ?? 'contracts'} in all and ${write(magnitude)} without signs`,
  );
  return { compared: parts.join('; '), breaks: breaks.join('; ') || 'none' };
}

/** The debts that were written off, in proof units, and of how many accounts; `none` where there was none. */
export function describeWriteOffs({ writeOffs }: Pick<Manifest, 'writeOffs'>): string {
  const debts = writeOffs.debts.map(({ asset, debt }) => `${asset} ${formatAmount(debt)}`);
  if (writeOffs.accounts === 0 && debts.length === 0) return 'none';
  return `${debts.join('; ') || 'none'}, of ${formatCount(writeOffs.accounts, 'account')}`;
}

/**
 * What rounding did to an asset, in proof units rounded up; nothing where it did nothing.
 * @param write how an amount is written where it is shown.
 */
export function describeRounding(
  { rounding }: Pick<Manifest, 'rounding'>,
  asset: string,
  write: (decimal: string) => string = formatAmount,
): string {
  const found = rounding.find(({ asset: symbol }) => symbol === asset);
  if (found === undefined || (found.equity === '0' && found.debt === '0')) return '';
  const parts = [
    found.equity === '0' ? '' : `+${write(roundUp(found.equity).toString())}`,
    found.debt === '0' ? '' : write(`-${roundUp(found.debt)}`),
  ];
  return parts.filter((part) => part !== '').join(' / ');
}

function phraseCompared(count: number | null, noun: string): string {
  return count === null ? `no ${noun}` : `${formatNumber(count)} ${noun}`;
}

function roundUp(decimal: string): bigint {
  const [whole = '0', fraction] = decimal.split('.');
  return BigInt(whole) + (fraction === undefined ? 0n : 1n);
}
