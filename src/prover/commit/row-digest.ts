import {
  deriveDigestIv,
  packElements,
  sponge,
  type FieldElement,
  type Poseidon,
} from '../../protocol/index.js';
import { listMasks, type RowBatch } from './row-batch.js';

/**
 * `digest = sponge(DIV; blind, maskL, [maskK,] mask_(0,1) .. mask_(Gn-1,W), e_1 .. e_ne)`: what circuits/SpotRows.circom
 * and circuits/MarginRows.circom output first.
 * @throws SolventError `row-masks-malformed`; as `packElements` for rows that the layout does not hold.
 */
export function computeRowDigest(hash: Poseidon, batch: RowBatch): FieldElement {
  const { layout, rows, blind } = batch;
  return sponge(hash, deriveDigestIv(layout), [blind, ...listMasks(batch), ...packElements(layout, rows)]);
}
