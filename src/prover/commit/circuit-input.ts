import { codeOf, type BatchMasks, type Challenges, type Row, type RowLayout } from '../../protocol/index.js';
import type { CircuitInput } from '../witness/generator.js';

/** Everything that the digest of a batch binds. */
export type ProvenBatch = {
  readonly layout: RowLayout;
  /** All N rows in order, dummies included. */
  readonly rows: readonly Row[];
  readonly masks: BatchMasks;
};

/**
 * The input signals of SpotRows or MarginRows for a batch. It looks at nothing: the circuit refuses what is out of range,
 * and its generator another number of rows or masks than the layout has.
 */
export function buildCircuitInput(batch: ProvenBatch, { rho, x, gamma }: Challenges): CircuitInput {
  const { layout, rows, masks } = batch;
  const slots = rows.flatMap((row) => Array.from({ length: layout.slots }, (_, index) => row.slots[index]));
  const input = new Map<string, readonly bigint[]>([
    ['rho', [rho]],
    ['x', [x]],
    ['amount', slots.map((slot) => slot?.amountUnits ?? 0n)],
    ['code', slots.map((slot) => (slot === undefined ? 0n : codeOf(layout.indexBits, slot)))],
    ['blind', [masks.blind]],
    ['maskL', [masks.total]],
    ['mask', masks.groups.flat()],
  ]);
  if (layout.kind === 'spot') return input;
  return input
    .set('gamma', [gamma])
    .set(
      'net',
      rows.map(({ netValue }) => netValue),
    )
    .set('maskK', [masks.cover]);
}
