import { addField, type FieldElement } from '../field.js';
import type { UnitPrice } from '../prices.js';
import { invertFields, negateField, ONE, reduceField, subtractField } from '../arithmetic.js';
import { sideOf, type Slot } from './packing.js';

/** What the codes of a listing are worth: i = 0 .. A-1 are equities, i = A .. 2A-1 debts. */
export type ListedCode = {
  /** code_j = j, code_(A+j) = 2^B + j. */
  readonly code: FieldElement;
  /** sigma_j = p_j, sigma_(A+j) = -q_j modulo r: what one proof unit adds to a row's net value. */
  readonly sigma: FieldElement;
};

/**
 * The 2A listed codes of a run, in order.
 * @param indexBits B, one for all circuits of a manifest; A <= 2^B.
 * @param prices p and q of each of the A listed assets.
 */
export function listCodes(indexBits: number, prices: readonly UnitPrice[]): ListedCode[] {
  const debtBit = 1n << BigInt(indexBits);
  if (BigInt(prices.length) > debtBit) {
    throw new RangeError(`expected at most 2^${indexBits} assets, got ${prices.length}`);
  }
  return [
    ...prices.map(({ collateral }, index) => ({
      code: reduceField(BigInt(index)),
      sigma: reduceField(collateral),
    })),
    ...prices.map(({ full }, index) => ({
      code: reduceField(debtBit + BigInt(index)),
      sigma: negateField(reduceField(full)),
    })),
  ];
}

/** 1/(x - code) for each code; x is no code, since x >= 2^34. */
export function invertDistances(x: FieldElement, codes: readonly FieldElement[]): FieldElement[] {
  return invertFields(codes.map((code) => subtractField(x, code)));
}

/** 1/(x + 1): the pole of maskK and W_mask, which no code shares. */
export function invertMaskDistance(x: FieldElement): FieldElement {
  return invertFields([addField(x, ONE)])[0]!;
}

/** V = sum of p*equity - sum of q*debt over the slots of a margin row, as an integer: negative where it is not covered. */
export function valueSlots(slots: readonly Slot[], prices: readonly UnitPrice[]): bigint {
  let net = 0n;
  for (const slot of slots) {
    const { collateral, full } = prices[slot.assetIndex]!;
    net += sideOf(slot) === 0 ? collateral * slot.amountUnits : -full * slot.amountUnits;
  }
  return net;
}
