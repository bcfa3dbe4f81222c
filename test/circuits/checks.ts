import fc from 'fast-check';
import { expect } from 'vitest';

import {
  FIELD_MODULUS,
  evaluateBatch,
  listPublicSignals,
  publicSignalCount,
  type RowLayout,
} from '../../src/protocol/index.js';
import { type ProvenBatch, computeBatchDigest } from '../../src/prover/commit/commit-batch.js';

import { portableSponge } from '../../src/prover/poseidon/poseidon.js';
import { countConstraints } from '../../src/keys/compile/cost.js';
import { arbitraryBatch, CHALLENGES, signalsOf, signalsWith, type BatchSignals } from './batches.js';
import { countFreeDirections } from './second-witness.js';
import type { TestedCircuit } from './tested-circuit.js';

/** Every so many constraints one is left out, to see that the search for second witnesses then finds one. */
const DROPPED_STEP = 149;

/** Expects as many constraints and public signals as the protocol says, and its order of them. */
export function expectSizes(circuit: TestedCircuit, layout: RowLayout): void {
  const { system } = circuit;
  expect(system.constraints).toHaveLength(countConstraints(layout));
  expect(system.publicCount).toBe(publicSignalCount(layout));
  const isMargin = layout.kind === 'margin';
  const first = ['digest', 'L', ...(isMargin ? ['K'] : []), 'z[0][0]'];
  const last = ['rho', 'x', ...(isMargin ? ['gamma'] : [])];
  expect(first.map((name) => circuit.wireOf(`main.${name}`))).toEqual(
    first.map((_, position) => position + 1),
  );
  expect(last.map((name) => circuit.wireOf(`main.${name}`))).toEqual(
    last.map((_, position) => system.publicCount - last.length + 1 + position),
  );
}

/** The public signals of a batch by the protocol's formulas. */
export function expectedSignals(batch: ProvenBatch, challenges = CHALLENGES): readonly bigint[] {
  const digest = computeBatchDigest(portableSponge, batch.layout, batch);
  return listPublicSignals(digest, evaluateBatch(batch.layout, batch, challenges), challenges);
}

/** The public signals of a witness. */
export function publicOf(circuit: TestedCircuit, witness: readonly bigint[]): readonly bigint[] {
  return witness.slice(1, circuit.system.publicCount + 1);
}

/** Expects that a circuit outputs on random batches what its twin computes. */
export async function expectTwin(circuit: TestedCircuit, layout: RowLayout): Promise<void> {
  await fc.assert(
    fc.asyncProperty(arbitraryBatch(layout), async ({ batch, challenges }) => {
      const witness = await circuit.expectAccepted(signalsOf(batch, challenges));
      expect(publicOf(circuit, witness)).toEqual(expectedSignals(batch, challenges));
    }),
    { seed: 11, numRuns: 6 },
  );
}

/** Expects that a signal takes 0 and 2^bits - 1 in its place, and neither 2^bits nor the largest field element. */
export async function expectRange(
  circuit: TestedCircuit,
  batch: ProvenBatch,
  { name, position, bits }: { readonly name: string; readonly position: number; readonly bits: number },
): Promise<void> {
  const at = (value: bigint) => signalsWith(batch, (signals) => (signals[name]![position] = value));
  const bound = 1n << BigInt(bits);
  for (const value of [0n, bound - 1n]) await circuit.expectAccepted(at(value));
  for (const value of [bound, FIELD_MODULUS - 1n]) await circuit.expectRefused(at(value));
}

/**
 * Expects that no private input can be another one under the digest of a batch: each is one more (or less, where it is at
 * its bound) in a witness that is honest but for the digest.
 */
export async function expectInputsBound(circuit: TestedCircuit, batch: ProvenBatch): Promise<void> {
  const signals = signalsOf(batch);
  const honest = await circuit.expectAccepted(signals);
  for (const [name, values] of Object.entries(signals)) {
    if (name in CHALLENGES) continue;
    for (const [position, value] of values.entries()) {
      const changed: BatchSignals = {
        ...signals,
        [name]: values.with(position, isAtBound(value) ? value - 1n : value + 1n),
      };
      const witness = await circuit.computeWitness(changed);
      expect(witness[1], `${name}[${position}]`).not.toBe(honest[1]);
      const spliced = circuit.splice(witness, /^main\.digest$/, honest);
      expect(circuit.system.brokenBy(spliced), `${name}[${position}]`).not.toEqual([]);
    }
  }
}

/**
 * Expects that a witness stands alone: no wire can be one more, no change of any private wires is free to first order, and
 * each constraint (of a sample) is needed for that.
 */
export function expectAlone({ system }: TestedCircuit, witness: readonly bigint[]): void {
  expect(system.freeWires(witness)).toEqual([]);
  // As many constraints as private wires: where all together leave none free, each is needed.
  expect(system.constraints).toHaveLength(system.wireCount - 1 - system.publicCount);
  expect(countFreeDirections(system, witness)).toBe(0);
  for (let number = 0; number < system.constraints.length; number += DROPPED_STEP) {
    expect(countFreeDirections(system, witness, new Set([number])), `without ${number}`).toBe(1);
  }
}

/** 2^n - 1 of every range there is. */
function isAtBound(value: bigint): boolean {
  return [2n, 3n, 10n, 11n, 64n, 126n].some((bits) => value === (1n << bits) - 1n);
}
