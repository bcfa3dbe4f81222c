import { codeOf } from '../../protocol/index.js';
import type { CircuitInput } from '../witness/generator.js';
import { listMasks, type RowBatch, type RowChallenges } from './row-batch.js';

/**
 * The input signals of SpotRows or MarginRows for a batch. It does not look at rows: the circuit refuses what is out of
 * range.
 * @throws SolventError `row-masks-malformed`.
 */
export function rowCircuitInput(batch: RowBatch, { rho, x, gamma }: RowChallenges): CircuitInput {
  const { layout, rows, masks, blind } = batch;
  listMasks(batch);
  const slots = rows.flatMap((row) => Array.from({ length: layout.slots }, (_, place) => row.slots[place]));
  const input = new Map<string, readonly bigint[]>([
    ['rho', [rho]],
    ['x', [x]],
    ['amount', slots.map((slot) => slot?.amountUnits ?? 0n)],
    ['code', slots.map((slot) => (slot === undefined ? 0n : codeOf(layout.indexBits, slot)))],
    ['blind', [blind]],
    ['maskL', [masks.maskL]],
    ['mask', masks.groups.flat()],
  ]);
  if (masks.maskK === undefined) return input;
  return input
    .set('gamma', [gamma])
    .set(
      'net',
      rows.map(({ netValue }) => netValue),
    )
    .set('maskK', [masks.maskK]);
}
