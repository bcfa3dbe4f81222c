import { type FieldElement, groupCount } from '../../protocol/index.js';
import { commitRows, sealBatch, type BatchSeal } from './commit-batch.js';
import type { Sponge } from '../poseidon/poseidon.js';
import type { CutBatch, CutRun } from './cut-rows.js';
import { PointMaker } from './fixed-base.js';
import { saveBatch } from './batch-file.js';
import { spreadSeed, type RunSeeds } from './run-seeds.js';
import type { RunPaths } from '../run/paths.js';

/** What the manifest pins of a batch, its circuit's index, and maskK. */
export type SealedBatch = BatchSeal & Pick<CutBatch, 'circuit'> & { readonly coverMask: FieldElement };

/**
 * Makes points, lists and digests of all batches, one batch at a time, and keeps each in a private file.
 * @param onCommitted told when a batch is kept.
 * @throws SolventError `point-at-infinity`.
 */
export async function commitBatches(
  { batches, batchCounts }: CutRun,
  seeds: RunSeeds,
  {
    paths,
    sponge,
    onCommitted,
  }: { readonly paths: RunPaths; readonly sponge: Sponge; readonly onCommitted: (batch: number) => void },
): Promise<SealedBatch[]> {
  const points = await PointMaker.open();
  const committed: SealedBatch[] = [];
  for (const [index, batch] of batches.entries()) {
    const { circuit, layout, rows } = batch;
    const seed = seeds.batches[index]!;
    const secrets = spreadSeed({ layout }, seed);
    const combinations = batchCounts[circuit]! * (layout.rows + groupCount(layout));
    const batchPoints = commitRows(layout, { rows, secrets }, points.committerOf(layout, combinations));
    await saveBatch(paths.batch(index), layout, { rows, seed, points: batchPoints });
    const seal = sealBatch(sponge, layout, { rows, secrets, points: batchPoints });
    committed.push({ circuit, coverMask: secrets.masks.cover, ...seal });
    onCommitted(index);
  }
  return committed;
}
