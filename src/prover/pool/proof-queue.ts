import type { PendingProof } from './task.js';

type TaskGroup = {
  readonly circuitName: string;
  /** Proofs that are not begun, in order. */
  readonly waiting: PendingProof[];
  /** Proofs that are not finished. */
  left: number;
  isBegun: boolean;
};

/**
 * Proofs that are to be made, circuit by circuit: none of another circuit is begun while there are some of one that is
 * begun, so that two circuits are in use at a time at most where one proof a worker is made.
 */
export class ProofQueue {
  readonly #groups: readonly TaskGroup[];

  /** @param proofs circuits come in the order of their first proofs. */
  constructor(proofs: readonly PendingProof[]) {
    const groups = new Map<string, TaskGroup>();
    for (const proof of proofs) {
      const { circuitName } = proof;
      const group = groups.get(circuitName) ?? { circuitName, waiting: [], left: 0, isBegun: false };
      group.waiting.push(proof);
      group.left += 1;
      groups.set(circuitName, group);
    }
    this.#groups = [...groups.values()];
  }

  /** Whether every proof has been taken. */
  get isEmpty(): boolean {
    return this.#groups.every(({ waiting }) => waiting.length === 0);
  }

  /** Which of these circuits proofs are to be made of. */
  filterNeeded(circuitNames: readonly string[]): string[] {
    const needed = this.#groups.filter(({ waiting }) => waiting.length > 0).map((group) => group.circuitName);
    return circuitNames.filter((name) => needed.includes(name));
  }

  /** Takes the next proof of the circuits that are there, or none. */
  take(isPresent: (circuitName: string) => boolean): PendingProof | undefined {
    const open = this.#groups.filter(({ waiting }) => waiting.length > 0);
    const group =
      open.find(({ isBegun }) => isBegun) ?? open.find(({ circuitName }) => isPresent(circuitName));
    if (group === undefined) return undefined;
    group.isBegun = true;
    return group.waiting.shift();
  }

  /** Counts a proof that was taken as finished. @returns whether it was the last of its circuit. */
  finish({ circuitName }: PendingProof): boolean {
    const group = this.#groups.find((candidate) => candidate.circuitName === circuitName)!;
    group.left -= 1;
    return group.left === 0;
  }
}
