import { describe, expect, it } from 'vitest';

import { ProofQueue } from '../../src/prover/pool/proof-queue.js';
import type { PendingProof } from '../../src/prover/pool/task.js';

/** Proofs that are never made, of these circuits. */
const proofsOf = (...names: string[]) => names.map((circuitName) => ({ circuitName }) as PendingProof);

describe('a queue of proofs', () => {
  it('gives them in their order where all keys are there', () => {
    const proofs = proofsOf('a', 'a', 'b', 'c');
    const queue = new ProofQueue(proofs);
    expect(proofs.map(() => queue.take(() => true))).toEqual(proofs);
    expect(queue.take(() => true)).toBeUndefined();
    expect(queue.isEmpty).toBe(true);
  });

  it('gives those whose keys are there first, and finishes a circuit before it begins another', () => {
    const queue = new ProofQueue(proofsOf('a', 'b', 'b', 'c'));
    const present = new Set<string>();
    const take = () => queue.take((name) => present.has(name))?.circuitName;
    expect(take()).toBeUndefined();
    expect(queue.isEmpty).toBe(false);
    expect(queue.filterNeeded(['x', 'b', 'c'])).toEqual(['b', 'c']);
    present.add('b');
    expect(take()).toBe('b');
    present.add('a');
    expect([take(), take(), take()]).toEqual(['b', 'a', undefined]);
    expect(queue.filterNeeded(['c'])).toEqual(['c']);
    present.add('c');
    expect([take(), queue.isEmpty]).toEqual(['c', true]);
  });

  it('tells the last proof of a circuit from those before', () => {
    const [first, last, other] = proofsOf('a', 'a', 'b') as [PendingProof, PendingProof, PendingProof];
    const queue = new ProofQueue([first, last, other]);
    expect([first, other, last].map((proof) => queue.finish(proof))).toEqual([false, true, true]);
  });
});
