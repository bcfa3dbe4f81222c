import { listPublicSignals, type FieldElement, type VerificationKey } from '../../protocol/index.js';
import type { AggregateCircuit } from '../circuits.js';
import type { PendingProof } from '../pool/task.js';
import type { ProveListener } from '../progress.js';
import { loadValidProof } from '../proof-file.js';
import type { RunPaths } from '../run/paths.js';
import type { AggregateLayers, AggregateNode } from './layers.js';

/** What aggregates are proven with, besides their openings. */
export type AggregatesContext = {
  readonly circuit: AggregateCircuit;
  readonly key: VerificationKey;
  readonly paths: RunPaths;
  /** Binds every aggregate to the manifest. */
  readonly context: FieldElement;
  /** Makes the proofs that are missing; tells `onResume` when it goes on after a wait. */
  readonly proveAll: (proofs: readonly PendingProof[], onResume: () => void) => Promise<void>;
  readonly onProgress: ProveListener;
};

/**
 * Proves every aggregate that has no finished proof yet that verifies. All are independent: an aggregate takes the openings of what
 * is below it, and no proof.
 */
export async function proveAggregates(layers: AggregateLayers, context: AggregatesContext): Promise<void> {
  const { paths } = context;
  const all = layers.flatMap((layer, depth) =>
    layer.map((node, index) => ({ node, proofPath: paths.aggregateProof(depth + 1, index) })),
  );
  const missing: typeof all = [];
  for (const aggregate of all) {
    const publicSignals = listPublicSignals('aggregate', {
      digest: aggregate.node.digest,
      context: context.context,
    });
    const kept = await loadValidProof(aggregate.proofPath, publicSignals, context.key);
    if (kept === undefined) missing.push(aggregate);
  }
  let done = all.length - missing.length;
  const report = () => {
    context.onProgress({ stage: 'proving aggregates', done, total: all.length, unit: 'proofs' });
  };
  report();
  await context.proveAll(
    missing.map(({ node, proofPath }) => ({
      ...describeProof(node, proofPath, context),
      onProven: () => {
        done += 1;
        report();
      },
    })),
    report,
  );
}

function describeProof(
  { children, blind, digest }: AggregateNode,
  proofPath: string,
  { circuit, context }: AggregatesContext,
): Omit<PendingProof, 'onProven'> {
  const opening = {
    children: children.map((child) => ({
      tag: child.tag,
      root: child.root,
      totals: child.totals,
      blind: child.blind,
    })),
    blind,
  };
  return {
    circuitName: circuit.name,
    buildTask: (loaded) => ({ kind: 'aggregate', loaded, circuit, opening, digest, context, proofPath }),
  };
}
