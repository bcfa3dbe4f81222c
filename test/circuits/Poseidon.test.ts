import { createRequire } from 'node:module';

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { FIELD_MODULUS, type FieldElement } from '../../src/protocol/index.js';
import { poseidon } from '../../src/prover/poseidon/poseidon.js';
import { arbitraryField, field } from './batches.js';
import { TestedCircuit } from './tested-circuit.js';

type Reference = {
  (inputs: readonly bigint[]): Uint8Array;
  readonly F: { toObject(element: Uint8Array): bigint };
};
const circomlibjs = createRequire(import.meta.url)('circomlibjs') as { buildPoseidon(): Promise<Reference> };

/** Inputs of the widest hash, and of each in a sponge. */
const MAX_WIDTH = 16;
const ALL_WIDTHS = Array.from({ length: MAX_WIDTH }, (_, index) => index + 1);

/** The width of every hash in our circuits, and two more, of which circomlib's circuit is held to ours as well. */
const CIRCOMLIB_WIDTHS = [1, 2, MAX_WIDTH];

/** A circuit whose output out[k - 1] is the hash of the first k inputs, for each of the widths k. */
const hashWidths = (include: string, widths: readonly number[]) => `pragma circom 2.2.0;
include "${include}";
template Widths() {
    signal input in[${MAX_WIDTH}];
    signal output out[${widths.length}];
    ${widths
      .map(
        (width, position) => `component hash${width} = Poseidon(${width});
    for (var i = 0; i < ${width}; i++) {
        hash${width}.inputs[i] <== in[i];
    }
    out[${position}] <== hash${width}.out;`,
      )
      .join('\n    ')}
}
component main = Widths();
`;

let ours: TestedCircuit;
let circomlibs: TestedCircuit;
let reference: Reference;
beforeAll(async () => {
  ours = await TestedCircuit.ofMain('tested-poseidon', hashWidths('Poseidon.circom', ALL_WIDTHS));
  circomlibs = await TestedCircuit.ofMain(
    'circomlib-poseidon',
    hashWidths('circomlib/circuits/poseidon.circom', CIRCOMLIB_WIDTHS),
  );
  reference = await circomlibjs.buildPoseidon();
});

const outputs = (witness: readonly bigint[], widths: readonly number[]) =>
  witness.slice(1, 1 + widths.length);

async function expectAgreement(inputs: readonly FieldElement[]): Promise<void> {
  const hashes = ALL_WIDTHS.map((width) => poseidon(inputs.slice(0, width)));
  const theirs = ALL_WIDTHS.map((width) => reference.F.toObject(reference(inputs.slice(0, width))));
  expect(theirs).toEqual(hashes);
  expect(outputs(await ours.expectAccepted({ in: inputs }), ALL_WIDTHS)).toEqual(hashes);
  expect(outputs(await circomlibs.expectAccepted({ in: inputs }), CIRCOMLIB_WIDTHS)).toEqual(
    CIRCOMLIB_WIDTHS.map((width) => hashes[width - 1]),
  );
}

describe('Poseidon', () => {
  it('is the same in poseidon-lite, in circomlibjs, in circomlib’s circuit and in ours, at every width', async () => {
    const inputs = fc.array(arbitraryField, { minLength: MAX_WIDTH, maxLength: MAX_WIDTH });
    await fc.assert(fc.asyncProperty(inputs, expectAgreement), { seed: 1, numRuns: 5 });
  });

  it('is the same at the ends of the field', async () => {
    await expectAgreement(new Array<FieldElement>(MAX_WIDTH).fill(field(0)));
    await expectAgreement(new Array<FieldElement>(MAX_WIDTH).fill(field(FIELD_MODULUS - 1n)));
  });

  it('takes three constraints an S-box, and none for that of the capacity, which is constant', () => {
    const partialRounds = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
    const sboxes = ALL_WIDTHS.map((width) => 8 * (width + 1) + partialRounds[width - 1]! - 1);
    expect(ours.system.constraints).toHaveLength(3 * sboxes.reduce((sum, count) => sum + count));
  });

  it('leaves no choice of any wire once its inputs are chosen', () => {
    const inputs = ALL_WIDTHS.map((width) => ours.wireOf(`main.in[${width - 1}]`));
    expect(ours.system.undeterminedBy(inputs)).toEqual([]);
    expect(ours.system.undeterminedBy(inputs.slice(1))).not.toEqual([]);
  });

  it('has squares in right factors alone and cubes in left ones: each is a point less for a prover', () => {
    const wiresOf = (side: 'a' | 'b') =>
      new Set(ours.system.constraints.flatMap((constraint) => constraint[side].map(([wire]) => wire)));
    const names = (side: 'a' | 'b') => ours.namesOf([...wiresOf(side)]).join();
    expect(names('b')).toMatch(/square/i);
    expect(names('b')).not.toMatch(/cube/i);
    expect(names('a')).toMatch(/cube/i);
    expect(names('a')).not.toMatch(/square/i);
  });

  it('gives the hash of 1 and 2 that circomlib tests for', () => {
    // circomlib 2.0.5, test/poseidoncircuit.js.
    expect(poseidon([field(1), field(2)])).toBe(
      7853200120776062878684798364095072458815029376092732009249414926327459813530n,
    );
  });
});
