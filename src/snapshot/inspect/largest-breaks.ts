import { formatDecimal, multiplyDecimals, parseDecimal, type Decimal } from '../../protocol/index.js';
import type { ReconciledBooks } from '../sealed/snapshot-file.js';
import type { Snapshot } from '../sealed/load-snapshot.js';

/** Accepted breaks of one kind and asset, with their magnitude in the quote currency; null for contracts. */
export type ValuedBreaks = ReconciledBooks['acceptedBreaks'][number] & {
  readonly value: string | null;
};

/** Orders accepted breaks by what they are worth, the largest first; those in contracts come last. */
export function rankBreaks(
  { acceptedBreaks }: ReconciledBooks,
  { assets }: Pick<Snapshot, 'assets'>,
): ValuedBreaks[] {
  const prices = new Map(assets.map(({ symbol, price }) => [symbol, parseDecimal(price)]));
  const valued = acceptedBreaks.map((breaks) => {
    const price = breaks.asset === null ? undefined : prices.get(breaks.asset);
    return {
      breaks,
      value: price === undefined ? undefined : multiplyDecimals(parseDecimal(breaks.magnitude), price),
    };
  });
  return valued
    .sort((a, b) => compareValues(b.value, a.value))
    .map(({ breaks, value }) => ({ ...breaks, value: value === undefined ? null : formatDecimal(value) }));
}

/** The order of two values; none is less than any. */
function compareValues(a: Decimal | undefined, b: Decimal | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const left = a.coefficient * 10n ** BigInt(b.fractionDigits);
  const right = b.coefficient * 10n ** BigInt(a.fractionDigits);
  return left < right ? -1 : Number(left > right);
}
