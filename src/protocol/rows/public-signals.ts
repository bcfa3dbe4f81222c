import type { FieldElement } from '../field.js';
import type { Challenges } from './challenges.js';
import type { RowLayout } from './layout.js';
import type { BatchValues } from './sums.js';

/** The names of a circuit's public inputs; its other public signals are outputs. */
export function publicInputNames(kind: RowLayout['kind']): readonly (keyof Challenges)[] {
  return kind === 'margin' ? ['rho', 'x', 'gamma'] : ['rho', 'x'];
}

/** The public signals of a proof, in the circuit's order: digest, L, [K,] z by group and word, rho, x, [gamma]. */
export function listPublicSignals(
  digest: FieldElement,
  { total, cover, openings }: BatchValues,
  { rho, x, gamma }: Challenges,
): readonly FieldElement[] {
  return cover === null
    ? [digest, total, ...openings, rho, x]
    : [digest, total, cover, ...openings, rho, x, gamma];
}
