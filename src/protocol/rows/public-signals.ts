import type { FieldElement } from '../field.js';
import type { Challenges } from './challenges.js';
import { groupCount, wordCount, type RowLayout } from './layout.js';
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

/** L, K and z of a proof's public signals, by their positions; undefined where there are fewer. */
export function readBatchValues(
  layout: RowLayout,
  signals: readonly FieldElement[],
): BatchValues | undefined {
  const isMargin = layout.kind === 'margin';
  const first = isMargin ? 3 : 2;
  const openings = signals.slice(first, first + groupCount(layout) * wordCount(layout));
  const total = signals[1];
  const cover = isMargin ? signals[2] : null;
  return total === undefined || cover === undefined ? undefined : { total, cover, openings };
}
