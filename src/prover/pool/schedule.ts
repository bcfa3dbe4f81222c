import type { LoadedCircuits } from './loaded-circuits.js';
import type { ProofPool } from './proof-pool.js';
import type { LoadedCircuit, ProofTask } from './task.js';
import type { OpenedNode } from '../aggregate/layers.js';

/** A proof that is still to be made. */
export type PendingProof = {
  readonly circuitName: string;
  readonly buildTask: (loaded: LoadedCircuit) => ProofTask;
  /** Told when the proof is on disk. */
  readonly onProven: (node: OpenedNode | undefined) => void;
};

/**
 * Makes proofs, one a worker at a time, in the order given; proofs of one circuit should stand together, since its key
 * is let go after the last of them. After the first failure no further proof is begun.
 * @throws what the first failing proof threw.
 */
export async function proveAll(
  proofs: readonly PendingProof[],
  { pool, circuits }: { readonly pool: ProofPool; readonly circuits: LoadedCircuits },
): Promise<void> {
  const left = new Map<string, number>();
  for (const { circuitName } of proofs) left.set(circuitName, (left.get(circuitName) ?? 0) + 1);
  const queue = proofs.values();
  let hasFailed = false;

  const work = async () => {
    for (const { circuitName, buildTask, onProven } of queue) {
      if (hasFailed) return;
      try {
        onProven(await pool.prove(buildTask(await circuits.get(circuitName))));
      } catch (error) {
        hasFailed = true;
        throw error;
      }
      const remaining = left.get(circuitName)! - 1;
      left.set(circuitName, remaining);
      if (remaining === 0) circuits.release(circuitName);
    }
  };
  await Promise.all(Array.from({ length: pool.workers }, work));
}
