import { hashLabelled, int248, utf8ToBytes } from './bytes.js';
import type { FieldElement } from './field.js';
import { sponge, type Poseidon } from './poseidon.js';

const ZERO = 0n as FieldElement;

/** Sums per asset of a batch or of a whole tree, in proof units; both of length A. */
export type Totals = { readonly equity: readonly bigint[]; readonly debt: readonly bigint[] };

/** A column of zeros for each of `assets` assets. */
export function zeroTotals(assets: number): Totals {
  const zeros = new Array<bigint>(assets).fill(0n);
  return { equity: zeros, debt: zeros };
}

/** The sum of totals of equal length. */
export function addTotals(parts: readonly Totals[], assets: number): Totals {
  const equity = new Array<bigint>(assets).fill(0n);
  const debt = new Array<bigint>(assets).fill(0n);
  for (const part of parts) {
    for (let asset = 0; asset < assets; asset++) {
      equity[asset]! += part.equity[asset]!;
      debt[asset]! += part.debt[asset]!;
    }
  }
  return { equity, debt };
}

/** IV_A = int248(SHA-256("solvent/totals/v1" ‖ 0 ‖ A in decimal)): a constant, so that no prover chooses it. */
export function deriveTotalsIv(assets: number): FieldElement {
  return int248(hashLabelled('solvent/totals/v1', utf8ToBytes(String(assets))));
}

/**
 * totals = sponge(IV_A; blind, E_0 … E_{A-1}, D_0 … D_{A-1}): a hiding commitment to the sums. Each sum must be a
 * field element; `blind` is random and used once.
 */
export function commitTotals(hash: Poseidon, totals: Totals, blind: FieldElement): FieldElement {
  const sums = [...totals.equity, ...totals.debt] as FieldElement[];
  return sponge(hash, deriveTotalsIv(totals.equity.length), [blind, ...sums]);
}

/** digest = H_3(TAG, root, totals): what a proof is about, and its one public name. */
export function computeDigest(
  hash: Poseidon,
  parts: { tag: FieldElement; root: FieldElement; totals: FieldElement },
): FieldElement {
  return hash([parts.tag, parts.root, parts.totals]);
}

/** NULL = H_3(0, 0, sponge(IV_A; 0 … 0)): the digest that stands for a missing child of an aggregate. */
export function computeNullDigest(hash: Poseidon, assets: number): FieldElement {
  const totals = commitTotals(hash, zeroTotals(assets), ZERO);
  return computeDigest(hash, { tag: ZERO, root: ZERO, totals });
}
