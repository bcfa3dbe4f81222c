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

/** What proofs are made with. */
export type Workshop = {
  readonly pool: ProofPool;
  readonly circuits: LoadedCircuits;
  /** Whether the last proofs, where they are fewer than workers, are each spread over several cores. */
  readonly latency: boolean;
};

/**
 * Makes proofs, one a worker at a time, in the order given; proofs of one circuit should stand together, since its key
 * is let go after the last of them. After the first failure no further proof is begun.
 * @throws what the first failing proof threw.
 */
export async function proveAll(
  proofs: readonly PendingProof[],
  { pool, circuits, latency }: Workshop,
): Promise<void> {
  const left = new Map<string, number>();
  for (const { circuitName } of proofs) left.set(circuitName, (left.get(circuitName) ?? 0) + 1);
  const queue = proofs.entries();
  let hasFailed = false;

  const work = async () => {
    for (const [index, { circuitName, buildTask, onProven }] of queue) {
      if (hasFailed) return;
      const threads = latency ? shareWorkers(index, { proofs: proofs.length, workers: pool.workers }) : 1;
      try {
        onProven(await pool.prove({ ...buildTask(await circuits.get(circuitName)), threads }));
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

/**
 * The threads that a proof is spread over, of `proofs` that are made by `workers` in rounds: 1, but the proofs of a last
 * round that is not full share all workers among them. One proof a core makes more proofs a second, where there are
 * enough of them.
 * @param index 0 <= index < proofs.
 * @returns at least 1; all of a last round together, as many as there are workers.
 */
export function shareWorkers(
  index: number,
  { proofs, workers }: { readonly proofs: number; readonly workers: number },
): number {
  const last = proofs % workers;
  const place = index - (proofs - last);
  if (place < 0) return 1;
  return Math.floor(((place + 1) * workers) / last) - Math.floor((place * workers) / last);
}
