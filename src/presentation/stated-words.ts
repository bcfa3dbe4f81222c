import type { Manifest } from '../protocol/index.js';
import { say } from './language.js';
import { formatCountBelow, formatAge, formatAmount } from './durations.js';

const NS_PER_MS = 1_000_000n;

/**
 * What of the books was compared, and the breaks that were accepted, in words. Counts are stated by their power of two.
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
    return { compared: say('not stated: balances were taken as they are'), breaks: say('not stated') };
  }
  const { compared, acceptedBreaks } = reconciliation;
  const parts = [
    phraseCompared(compared.balances, say('balances with the ledger')),
    phraseCompared(compared.control, say('assets with control accounts')),
    phraseCompared(compared.positions, say('instruments, longs with shorts')),
  ];
  const breaks = acceptedBreaks.map(({ kind, asset, countBelow, difference, magnitude }) =>
    say('{count} of {kind}, {difference} {unit} in all and {magnitude} without signs', {
      ...{ count: formatCountBelow(countBelow), kind, difference: write(difference) },
      ...{ unit: asset ?? say('contracts'), magnitude: write(magnitude) },
    }),
  );
  return { compared: parts.join('; '), breaks: breaks.join('; ') || say('none') };
}

/** The debts that were written off, in proof units, and of how many accounts; `none` where there was none. */
export function describeWriteOffs({ writeOffs }: Pick<Manifest, 'writeOffs'>): string {
  const { accountsBelow, debts } = writeOffs;
  const amounts = debts.map(({ asset, debt }) => `${asset} ${formatAmount(debt)}`);
  if (accountsBelow === 1 && debts.length === 0) return say('none');
  const debt = amounts.join('; ') || say('none');
  const count = formatCountBelow(accountsBelow);
  return accountsBelow === 2
    ? say('{debt}, of {count} account', { debt, count })
    : say('{debt}, of {count} accounts', { debt, count });
}

/**
 * What rounding did to an asset, in whole proof units, rounded up; nothing where it did nothing.
 * @param write how an amount is written where it is shown.
 */
export function describeRounding(
  { rounding }: Pick<Manifest, 'rounding'>,
  asset: string,
  write: (decimal: string) => string = formatAmount,
): string {
  const found = rounding.find(({ asset: symbol }) => symbol === asset);
  if (found === undefined) return '';
  const parts = [
    found.equity === '0' ? '' : `+${write(found.equity)}`,
    found.debt === '0' ? '' : write(`-${found.debt}`),
  ];
  return parts.filter((part) => part !== '').join(' / ');
}

/**
 * Where the price of an asset is from, of when, and how old it may be, as far as that is stated.
 * @param write how an instant is written where it is shown.
 */
export function describeAssetPrice(
  { priceSource, pricedAt, maxPriceAgeMs }: Manifest['assets'][number],
  write: (instant: string) => string = String,
): string {
  const parts = [
    priceSource,
    pricedAt === null ? '' : write(pricedAt),
    maxPriceAgeMs === null ? '' : phraseAge(maxPriceAgeMs),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** How old the marks of positions may be. */
export function describeMarkAge({ maxMarkAgeMs }: Pick<Manifest, 'maxMarkAgeMs'>): string {
  return maxMarkAgeMs === null ? say('not stated') : phraseAge(maxMarkAgeMs);
}

/** The least time between two snapshots of the platform. */
export function describeLeastDistance({ leastDistanceMs }: Pick<Manifest, 'leastDistanceMs'>): string {
  return formatAge(BigInt(leastDistanceMs) * NS_PER_MS);
}

function phraseCompared(count: number | 'all' | null, nouns: string): string {
  if (count === null) return say('no {nouns}', { nouns });
  return count === 'all' ? say('all {nouns}', { nouns }) : `${formatCountBelow(count)} ${nouns}`;
}

function phraseAge(ms: number): string {
  return say('at most {age} old', { age: formatAge(BigInt(ms) * NS_PER_MS) });
}
