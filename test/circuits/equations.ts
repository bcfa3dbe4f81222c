import {
  codeOf,
  FIELD_MODULUS,
  type FieldElement,
  type Row,
  type RowLayout,
} from '../../src/protocol/index.js';
import { divide, field } from './batches.js';

/** q and p of each asset: the price of debt, and the lower one of collateral. */
export type Prices = readonly { readonly full: bigint; readonly collateral: bigint }[];

/** An integer modulo the field, also of a negative one. */
export function modulo(value: bigint): FieldElement {
  return field(((value % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS);
}

/** The sum of sigma * amount over a row, which may be negative. */
export function netValueOf(prices: Prices, { slots }: Pick<Row, 'slots'>): bigint {
  return slots.reduce((sum, slot) => {
    const { full, collateral } = prices[slot.assetIndex]!;
    return sum + slot.amountUnits * ('side' in slot && slot.side === 1 ? -full : collateral);
  }, 0n);
}

/** A row of these slots with its true net value. */
export function valuedRow(prices: Prices, ...slots: Row['slots']): Row {
  return { slots, netValue: netValueOf(prices, { slots }) };
}

/** What published totals are worth at x: the sum of amount / (x - code) over rows. */
export function totalsAt({ indexBits }: RowLayout, rows: readonly Row[], x: bigint): FieldElement {
  const shares = rows
    .flatMap(({ slots }) => slots)
    .map((slot) => divide(slot.amountUnits, modulo(x - codeOf(indexBits, slot))));
  return modulo(shares.reduce((sum, share) => sum + share, 0n));
}

/** What the prover publishes between gamma and x, the weighted totals by the rows that they are made of. */
export type Cover = {
  readonly layout: RowLayout;
  readonly prices: Prices;
  readonly rows: readonly Row[];
  readonly maskTotal: bigint;
  readonly gamma: bigint;
};

/**
 * The left side of the check of cover, on values instead of points: `maskTotal * f(x) + sum (1/(x - code_i) + sigma_i) X_i`
 * with X_i the sum of gamma^(u+1) * amount over slots of code_i.
 * @param maskFactor f, 1/(x + 1) in the protocol.
 */
export function coverAt(
  { layout, prices, rows, maskTotal, gamma }: Cover,
  x: bigint,
  maskFactor = (point: bigint): bigint => divide(1n, modulo(point + 1n)),
): FieldElement {
  let sum = maskTotal * maskFactor(x);
  let weight = 1n;
  for (const row of rows) {
    weight = modulo(weight * gamma);
    sum += weight * (totalsAt(layout, [row], x) + netValueOf(prices, row));
  }
  return modulo(sum);
}
