import type { FieldElement } from '../field.js';
import { sponge, type Poseidon } from '../poseidon.js';
import { deriveDigestIv, elementCount, groupCount, wordCount, type RowLayout } from './layout.js';
import { packElements, type Row } from './packing.js';

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
 * digest = sponge(DIV; blind, maskL, [maskK,] mask_(0,1), .., mask_(Gn-1,W), e_1, .., e_ne): everything that a proof
 * speaks about, and its one name.
 * @param rows all N rows of the batch.
 * @throws SolventError as `packElements`.
 */
export function computeBatchDigest(
  hash: Poseidon,
  layout: RowLayout,
  { masks, rows }: { readonly masks: BatchMasks; readonly rows: readonly Row[] },
): FieldElement {
  return sponge(hash, deriveDigestIv(layout), listDigestValues(layout, masks, packElements(layout, rows)));
}

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
