import { createRequire } from 'node:module';

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import {
  FIELD_MODULUS,
  leafWordCount,
  poseidon,
  PROFILES,
  TREE_ARITY,
  type FieldElement,
} from '../../src/protocol/index.js';
import { arbitraryField, field } from './statements.js';
import { TestedCircuit } from './tested-circuit.js';

type Reference = {
  (inputs: readonly bigint[]): Uint8Array;
  readonly F: { toObject(element: Uint8Array): bigint };
};
const circomlibjs = createRequire(import.meta.url)('circomlibjs') as { buildPoseidon(): Promise<Reference> };

const ALL_WIDTHS = Array.from({ length: TREE_ARITY }, (_, index) => index + 1);

/** Inputs of every hash in a circuit of a profile: challenges, digests, nodes and sponges, leaves. */
const CIRCUIT_WIDTHS = [
  ...new Set([
    ...[1, 2, 3, TREE_ARITY],
    ...[...PROFILES.values()].flatMap(({ batches }) => batches.map((batch) => 1 + leafWordCount(batch))),
  ]),
].filter((width) => width <= TREE_ARITY);

const MAIN = `pragma circom 2.2.0;
include "circomlib/circuits/poseidon.circom";
template Widths() {
    signal input in[${TREE_ARITY}];
    signal output out[${CIRCUIT_WIDTHS.length}];
    ${CIRCUIT_WIDTHS.map(
      (width, place) => `component hash${width} = Poseidon(${width});
    for (var i = 0; i < ${width}; i++) {
        hash${width}.inputs[i] <== in[i];
    }
    out[${place}] <== hash${width}.out;`,
    ).join('\n    ')}
}
component main = Widths();
`;

let circuit: TestedCircuit;
let reference: Reference;
beforeAll(async () => {
  circuit = await TestedCircuit.ofMain('tested-poseidon', MAIN);
  reference = await circomlibjs.buildPoseidon();
});

async function expectAgreement(inputs: readonly FieldElement[]): Promise<void> {
  const ours = ALL_WIDTHS.map((width) => poseidon(inputs.slice(0, width)));
  const theirs = ALL_WIDTHS.map((width) => reference.F.toObject(reference(inputs.slice(0, width))));
  expect(theirs).toEqual(ours);
  const witness = await circuit.expectAccepted({ in: inputs });
  expect(witness.slice(1, 1 + CIRCUIT_WIDTHS.length)).toEqual(
    CIRCUIT_WIDTHS.map((width) => ours[width - 1]!),
  );
}

describe('Poseidon', () => {
  it('is the same in poseidon-lite, in circomlibjs and, for every width in use, in the circuit', async () => {
    const inputs = fc.array(arbitraryField, { minLength: TREE_ARITY, maxLength: TREE_ARITY });
    await fc.assert(fc.asyncProperty(inputs, expectAgreement), { seed: 1, numRuns: 5 });
  });

  it('is the same at the ends of the field', async () => {
    await expectAgreement(new Array<FieldElement>(TREE_ARITY).fill(field(0)));
    await expectAgreement(new Array<FieldElement>(TREE_ARITY).fill(field(FIELD_MODULUS - 1n)));
  });

  it('gives the hash of 1 and 2 that circomlib tests for', () => {
    // circomlib 2.0.5, test/poseidoncircuit.js.
    expect(poseidon([field(1), field(2)])).toBe(
      7853200120776062878684798364095072458815029376092732009249414926327459813530n,
    );
  });
});
