import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { poseidon, sponge } from '../../src/prover/poseidon/poseidon.js';
import { arbitraryField } from './batches.js';
import { TestedCircuit } from './tested-circuit.js';

/** One short block, one that is just full, and one value over. */
const LENGTHS = [1, 15, 16];
const MAIN = `pragma circom 2.2.0;
include "Sponge.circom";
template Sponges() {
    signal input initial;
    signal input message[16];
    signal output out[3];
    signal short[1];
    signal full[15];
    short[0] <== message[0];
    for (var i = 0; i < 15; i++) {
        full[i] <== message[i];
    }
    out[0] <== Sponge(1)(initial, short);
    out[1] <== Sponge(15)(initial, full);
    out[2] <== Sponge(16)(initial, message);
}
component main = Sponges();
`;

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await TestedCircuit.ofMain('tested-sponge', MAIN);
});

describe('Sponge', () => {
  it('takes H_16 for every 15 values, less 3 for each padded zero', () => {
    const h16 = 609;
    expect(circuit.system.constraints).toHaveLength(4 * h16 - 3 * 14 - 3 * 14);
  });

  it('equals its twin on random input', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryField,
        fc.array(arbitraryField, { minLength: 16, maxLength: 16 }),
        async (initial, message) => {
          const witness = await circuit.expectAccepted({ initial, message });
          const expected = LENGTHS.map((length) => sponge(poseidon, initial, message.slice(0, length)));
          expect(witness.slice(1, 4)).toEqual(expected);
        },
      ),
      { seed: 2, numRuns: 5 },
    );
  });

  it('leaves no wire free, and ties its output to its initial state and to each value', async () => {
    const message = Array.from({ length: 16 }, (_, index) => BigInt(index + 1));
    const witness = await circuit.expectAccepted({ initial: 7n, message });
    expect(circuit.namesOf(circuit.system.freeWires(witness))).toEqual([]);
    for (const changed of [
      { initial: 8n, message },
      { initial: 7n, message: message.with(0, 0n) },
      { initial: 7n, message: message.with(15, 0n) },
    ]) {
      const other = await circuit.expectAccepted(changed);
      expect(circuit.system.brokenBy(circuit.splice(other, /^main\.out/, witness))).not.toEqual([]);
    }
  });
});
