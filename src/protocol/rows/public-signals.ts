import type { FieldElement } from '../field.js';
import type { Challenges } from './challenges.js';
import { publicSignalCount, type RowLayout } from './layout.js';
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

/**
 * What the public signals of a proof say, in the order of `listPublicSignals`; undefined where a layout has another number of them. The
 * challenges are left out: whoever reads it makes the signals again under their own.
 */
export function readBatchSignals(
  layout: RowLayout,
  signals: readonly FieldElement[],
): { readonly digest: FieldElement; readonly values: BatchValues } | undefined {
  if (signals.length !== publicSignalCount(layout)) return undefined;
  const isMargin = layout.kind === 'margin';
  const [digest, total, cover] = signals;
  const openings = signals.slice(isMargin ? 3 : 2, isMargin ? -3 : -2);
  return { digest: digest!, values: { total: total!, cover: isMargin ? cover! : null, openings } };
}
