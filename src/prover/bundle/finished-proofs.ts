import {
  listPublicSignals,
  SolventError,
  type AggregateProof,
  type BatchProof,
  type FieldElement,
} from '../../protocol/index.js';
import type { AggregateLayers, OpenedNode } from '../aggregate/layers.js';
import type { ProverCode } from '../errors.js';
import { loadProof } from '../proof-file.js';
import type { RunPaths } from '../run/paths.js';
import type { PlannedBatch } from '../shard/plan.js';

/**
 * The proofs of all batches as they are published, in the order of the plan.
 * @throws SolventError `run-file-malformed` where one is not on disk.
 */
export async function* readBatchProofs(
  paths: RunPaths,
  batches: readonly PlannedBatch[],
  { nodes, pricesHash }: { readonly nodes: readonly OpenedNode[]; readonly pricesHash: FieldElement },
): AsyncGenerator<BatchProof> {
  for (const [place, { circuit, index }] of batches.entries()) {
    const { digest } = nodes[place]!;
    const path = paths.batchProof(circuit.name, index);
    const proof = await readProof(path, listPublicSignals(circuit.parameters.kind, { digest, pricesHash }));
    yield { circuit: circuit.name, digest: digest.toString(), proof };
  }
}

/**
 * The proofs of all aggregates as they are published, from the layer above the batches to the top.
 * @throws SolventError `run-file-malformed` where one is not on disk.
 */
export async function* readAggregateProofs(
  paths: RunPaths,
  layers: AggregateLayers,
  context: FieldElement,
): AsyncGenerator<AggregateProof> {
  for (const [depth, layer] of layers.entries()) {
    for (const [index, { digest, childDigests, totalsHash }] of layer.entries()) {
      const publicSignals = listPublicSignals('aggregate', { digest, context });
      const proof = await readProof(paths.aggregateProof(depth + 1, index), publicSignals);
      const children = childDigests.map(String);
      yield { digest: digest.toString(), children, totals: totalsHash.toString(), proof };
    }
  }
}

async function readProof(path: string, publicSignals: readonly FieldElement[]) {
  const proof = await loadProof(path, publicSignals);
  if (proof !== undefined) return proof;
  throw new SolventError<ProverCode>(
    'artefact',
    'run-file-malformed',
    'expected the proof that was just stored, got another file: run the command again',
    { details: { path } },
  );
}
