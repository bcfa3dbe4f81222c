import type { FieldElement } from '../field.js';
import { elementCount, groupCount, wordCount, type RowLayout } from './layout.js';

/** The random field elements that one batch's digest binds. */
export type BatchMasks = {
  /** Hides the digest. */
  readonly blind: FieldElement;
  /** maskL: hides the value of the batch's sums. */
  readonly total: FieldElement;
  /** maskK: hides the value of the batch's cover; 0 in spot batches, whose digest has no such value. */
  readonly cover: FieldElement;
  /** mask_(g,i): Gn lists of W, which hide the values z. */
  readonly groups: readonly (readonly FieldElement[])[];
};

/**
 * The values that the digest absorbs, in order.
 * @param elements the n_e elements of the batch.
 */
export function listDigestValues(
  layout: RowLayout,
  masks: BatchMasks,
  elements: readonly FieldElement[],
): FieldElement[] {
  const flat = masks.groups.flat();
  if (flat.length !== groupCount(layout) * wordCount(layout) || elements.length !== elementCount(layout)) {
    throw new RangeError('expected the masks and elements of the layout, got other counts');
  }
  return [masks.blind, masks.total, ...(layout.kind === 'margin' ? [masks.cover] : []), ...flat, ...elements];
}
