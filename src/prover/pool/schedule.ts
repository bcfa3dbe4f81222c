import { once } from 'node:events';

import type { CircuitSupply } from '../circuit-supply.js';
import type { LoadedCircuits } from './loaded-circuits.js';
import type { ProofPool } from './proof-pool.js';
import { ProofQueue } from './proof-queue.js';
import type { PendingProof } from './task.js';

/** What proofs are made with. */
export type Workshop = {
  readonly pool: ProofPool;
  /** The circuits that are there. */
  readonly supply: CircuitSupply;
  /** Those that are in memory. */
  readonly loaded: LoadedCircuits;
  /** Whether the last proofs, where they are fewer than workers, are each spread over several cores. */
  readonly latency: boolean;
  /** Told which keys proofs wait for, when all workers do. */
  readonly onWait: (awaited: readonly string[]) => void;
};

/**
 * Makes proofs, one a worker at a time: circuit by circuit in the order given, those whose keys are there before those
 * whose keys are not. After the first failure, of a proof or of a key that does not come, no further proof is begun, and
 * those that are being made are finished.
 * @param onResume told when a proof is begun after all workers waited.
 * @throws what failed first.
 */
export async function proveAll(
  proofs: readonly PendingProof[],
  workshop: Workshop,
  onResume: () => void = () => undefined,
): Promise<void> {
  const shift = new Shift(proofs, workshop, onResume);
  await Promise.all(Array.from({ length: workshop.pool.workers }, () => shift.work()));
  if (shift.failure !== undefined) throw shift.failure.error;
}

/** All workers over one list of proofs. */
class Shift {
  /** What failed first. */
  failure: { readonly error: unknown } | undefined;
  readonly #proofs: readonly PendingProof[];
  readonly #workshop: Workshop;
  readonly #onResume: () => void;
  readonly #queue: ProofQueue;
  #begun = 0;
  #inWork = 0;
  /** What `onWait` was told of last; undefined while proofs are made. */
  #waitedFor: string | undefined;
  readonly #halt = new AbortController();
  readonly #halted = once(this.#halt.signal, 'abort');

  constructor(proofs: readonly PendingProof[], workshop: Workshop, onResume: () => void) {
    this.#proofs = proofs;
    this.#workshop = workshop;
    this.#onResume = onResume;
    this.#queue = new ProofQueue(proofs);
  }

  /** One worker, to the end of the list or the first failure. */
  async work(): Promise<void> {
    try {
      for (let proof = await this.#take(); proof !== undefined; proof = await this.#take()) {
        await this.#make(proof);
      }
    } catch (error) {
      this.failure ??= { error };
      this.#halt.abort();
    }
  }

  /** The next proof whose key is there, for which it waits; none when there are no more, or something failed. */
  async #take(): Promise<PendingProof | undefined> {
    const { supply } = this.#workshop;
    while (!this.#queue.isEmpty && this.failure === undefined) {
      const { awaited } = supply;
      const proof = this.#queue.take((name) => supply.find(name) !== undefined);
      if (proof !== undefined) return proof;
      this.#reportWait(this.#queue.filterNeeded(awaited));
      await Promise.race([supply.change(), this.#halted]);
    }
    return undefined;
  }

  async #make(proof: PendingProof): Promise<void> {
    const { circuitName, buildTask, onProven } = proof;
    const { pool, supply, loaded, latency } = this.#workshop;
    const place = { proofs: this.#proofs.length, workers: pool.workers };
    const threads = latency ? shareWorkers(this.#begun, place) : 1;
    this.#begun += 1;
    this.#inWork += 1;
    if (this.#waitedFor !== undefined) this.#onResume();
    this.#waitedFor = undefined;
    try {
      const circuit = await loaded.get(supply.find(circuitName)!);
      onProven(await pool.prove({ ...buildTask(circuit), threads }));
    } finally {
      this.#inWork -= 1;
    }
    if (this.#queue.finish(proof)) loaded.release(circuitName);
  }

  #reportWait(awaited: readonly string[]): void {
    if (this.#inWork > 0 || this.#waitedFor === awaited.join()) return;
    this.#waitedFor = awaited.join();
    this.#workshop.onWait(awaited);
  }
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
