import {
  deriveDigestIv,
  listDigestValues,
  packElements,
  type BatchMasks,
  type FieldElement,
  type Row,
  type RowLayout,
} from '../../protocol/index.js';
import type { Sponge } from '../poseidon/poseidon.js';

/**
 * digest = sponge(DIV; blind, maskL, [maskK,] mask_(0,1), .., mask_(Gn-1,W), e_1, .., e_ne): everything that a proof
 * speaks about, and its one name.
 * @param rows all N rows of the batch.
 * @throws SolventError as `packElements`.
 */
export function computeBatchDigest(
  sponge: Sponge,
  layout: RowLayout,
  { masks, rows }: { readonly masks: BatchMasks; readonly rows: readonly Row[] },
): FieldElement {
  return sponge(deriveDigestIv(layout), listDigestValues(layout, masks, packElements(layout, rows)));
}
