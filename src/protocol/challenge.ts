import type { Holding } from './account.js';
import { hashLabelled, int248 } from './bytes.js';
import { addField, multiplyField, type FieldElement } from './field.js';
import type { Poseidon } from './poseidon.js';
import { sponge } from './poseidon.js';
import type { Totals } from './totals.js';

const GAMMA_LABEL = int248(hashLabelled('solvent/gamma/v1'));

/** γ = H_3(int248(SHA-256("solvent/gamma/v1")), digest, pricesHash): fixed once accounts, totals and prices are. */
export function deriveGamma(hash: Poseidon, digest: FieldElement, pricesHash: FieldElement): FieldElement {
  return hash([GAMMA_LABEL, digest, pricesHash]);
}

/** The first input of γ's hash, a constant of the margin circuit. */
export function gammaLabel(): FieldElement {
  return GAMMA_LABEL;
}

/**
 * X_j = Σ γ^u·equity and Y_j = Σ γ^u·debt over the slots of asset j, where u counts the rows of the batch from 1.
 * Field elements, returned as totals of length `assets`.
 */
export function computeWeightedTotals(
  gamma: FieldElement,
  rows: readonly (readonly Holding[])[],
  assets: number,
): Totals {
  const equity = new Array<FieldElement>(assets).fill(0n as FieldElement);
  const debt = new Array<FieldElement>(assets).fill(0n as FieldElement);
  let power = 1n as FieldElement;
  for (const holdings of rows) {
    power = multiplyField(power, gamma);
    for (const { assetIndex, equityUnits, debtUnits } of holdings) {
      equity[assetIndex] = addField(equity[assetIndex]!, multiplyField(power, equityUnits as FieldElement));
      debt[assetIndex] = addField(debt[assetIndex]!, multiplyField(power, debtUnits as FieldElement));
    }
  }
  return { equity, debt };
}

/** h = sponge(γ; X …, Y …), x = H_2(h, 1), y = H_2(h, 2): drawn only after X and Y are committed to. */
export function deriveSumChallenges(
  hash: Poseidon,
  gamma: FieldElement,
  weighted: Totals,
): { x: FieldElement; y: FieldElement } {
  const h = sponge(hash, gamma, [...weighted.equity, ...weighted.debt] as FieldElement[]);
  return { x: hash([h, 1n as FieldElement]), y: hash([h, 2n as FieldElement]) };
}
