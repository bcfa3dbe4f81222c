import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { hashLeaf, poseidon, WORD_BITS, type FieldElement } from '../../src/protocol/index.js';
import { arbitraryField, field } from './statements.js';
import { TestedCircuit } from './tested-circuit.js';

/** Two words, the second of one bit; the longest leaf of one hash; the shortest of a sponge. */
const BIT_COUNTS = [WORD_BITS + 1, 15 * WORD_BITS, 15 * WORD_BITS + 1];
const LONGEST = BIT_COUNTS[2]!;
const MAIN = `pragma circom 2.2.0;
include "Leaf.circom";
template Leaves() {
    signal input account;
    signal input bit[${LONGEST}];
    signal output out[3];
    signal short[${BIT_COUNTS[0]!}];
    signal full[${BIT_COUNTS[1]!}];
    for (var i = 0; i < ${BIT_COUNTS[0]!}; i++) {
        short[i] <== bit[i];
    }
    for (var i = 0; i < ${BIT_COUNTS[1]!}; i++) {
        full[i] <== bit[i];
    }
    out[0] <== Leaf(${BIT_COUNTS[0]!})(account, short);
    out[1] <== Leaf(${BIT_COUNTS[1]!})(account, full);
    out[2] <== Leaf(${LONGEST})(account, bit);
}
component main = Leaves();
`;

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await TestedCircuit.ofMain('tested-leaf', MAIN);
});

function cutBits(bits: readonly bigint[]): FieldElement[] {
  const words: FieldElement[] = [];
  for (let start = 0; start < bits.length; start += WORD_BITS) {
    const word = bits.slice(start, start + WORD_BITS);
    words.push(field(word.reduceRight((sum, bit) => 2n * sum + bit, 0n)));
  }
  return words;
}

describe('Leaf', () => {
  it('takes one hash of its words, or a sponge where they are more than 15', () => {
    const [h3, h16] = [261, 609];
    const sponge = 2 * h16 - 3 * 14;
    expect(circuit.system.constraints).toHaveLength(h3 + h16 + sponge);
  });

  it('equals its twin on random bits', async () => {
    const bits = fc.array(fc.bigInt({ min: 0n, max: 1n }), { minLength: LONGEST, maxLength: LONGEST });
    await fc.assert(
      fc.asyncProperty(arbitraryField, bits, async (account, bit) => {
        const witness = await circuit.expectAccepted({ account, bit });
        const expected = BIT_COUNTS.map((count) => hashLeaf(poseidon, account, cutBits(bit.slice(0, count))));
        expect(witness.slice(1, 4)).toEqual(expected);
      }),
      { seed: 5, numRuns: 4 },
    );
  });

  it('ties its output to the account, and to each end of each word', async () => {
    const bit = new Array<bigint>(LONGEST).fill(0n);
    const witness = await circuit.expectAccepted({ account: 7n, bit });
    for (const place of [0, WORD_BITS - 1, WORD_BITS, LONGEST - 1]) {
      const other = await circuit.expectAccepted({ account: 7n, bit: bit.with(place, 1n) });
      expect(circuit.system.brokenBy(circuit.splice(other, /^main\.out/, witness))).not.toEqual([]);
    }
    const other = await circuit.expectAccepted({ account: 8n, bit });
    expect(circuit.system.brokenBy(circuit.splice(other, /^main\.out/, witness))).not.toEqual([]);
  });
});
