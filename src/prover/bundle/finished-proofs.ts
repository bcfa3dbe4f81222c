import { rm } from 'node:fs/promises';

import {
  listPublicSignals,
  SolventError,
  type AggregateProof,
  type BatchProof,
  type FieldElement,
  type Proof,
  type VerificationKey,
} from '../../protocol/index.js';
import type { AggregateLayers, OpenedNode } from '../aggregate/layers.js';
import type { ProverCode } from '../errors.js';
import { loadValidProof } from '../proof-file.js';
import type { RunPaths } from '../run/paths.js';
import type { PlannedBatch } from '../shard/plan.js';

/** How proofs are read that are to be published: each is verified once more, whatever was done to its file since. */
export type ProofReading = {
  readonly paths: RunPaths;
  readonly keyOf: (circuit: string) => VerificationKey;
  /** Told after each. */
  readonly onProof: () => void;
};

/**
 * The proofs of all batches as they are published, in the order of the plan.
 * @throws SolventError `run-file-malformed` where one is not on disk, or does not verify.
 */
export async function* readBatchProofs(
  reading: ProofReading,
  batches: readonly PlannedBatch[],
  { nodes, pricesHash }: { readonly nodes: readonly OpenedNode[]; readonly pricesHash: FieldElement },
): AsyncGenerator<BatchProof> {
  for (const [place, { circuit, index }] of batches.entries()) {
    const { digest } = nodes[place]!;
    const path = reading.paths.batchProof(circuit.name, index);
    const publicSignals = listPublicSignals(circuit.parameters.kind, { digest, pricesHash });
    const proof = await readProof(reading, path, { circuit: circuit.name, publicSignals });
    yield { circuit: circuit.name, digest: digest.toString(), proof };
  }
}

/**
 * The proofs of all aggregates as they are published, from the layer above the batches to the top.
 * @throws SolventError `run-file-malformed` where one is not on disk, or does not verify.
 */
export async function* readAggregateProofs(
  reading: ProofReading,
  layers: AggregateLayers,
  { circuit, context }: { readonly circuit: string; readonly context: FieldElement },
): AsyncGenerator<AggregateProof> {
  for (const [depth, layer] of layers.entries()) {
    for (const [index, { digest, childDigests, totalsHash }] of layer.entries()) {
      const path = reading.paths.aggregateProof(depth + 1, index);
      const publicSignals = listPublicSignals('aggregate', { digest, context });
      const proof = await readProof(reading, path, { circuit, publicSignals });
      const children = childDigests.map(String);
      yield { digest: digest.toString(), children, totals: totalsHash.toString(), proof };
    }
  }
}

async function readProof(
  { keyOf, onProof }: ProofReading,
  path: string,
  { circuit, publicSignals }: { circuit: string; publicSignals: readonly FieldElement[] },
): Promise<Proof> {
  const proof = await loadValidProof(path, publicSignals, keyOf(circuit));
  if (proof !== undefined) {
    onProof();
    return proof;
  }
  // The next run makes it again.
  await rm(path, { force: true });
  throw new SolventError<ProverCode>(
    'artefact',
    'run-file-malformed',
    `expected the proof of ${circuit} that was kept, got another file, which is removed: run the command again, which makes it again`,
    { details: { path } },
  );
}
