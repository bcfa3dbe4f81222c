import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { TestedCircuit } from './tested-circuit.js';

const WORD_BITS = 252;
/** One bit, a full word, one bit over, and one bit over two words. */
const SIZES = [1, 252, 253, 505];
const LONGEST = Math.max(...SIZES);
const MAIN = `pragma circom 2.2.0;
include "PackBits.circom";
template Strings() {
    signal input bit[${LONGEST}];
${SIZES.map(
  (bitCount) => `    signal output words${bitCount}[${Math.ceil(bitCount / WORD_BITS)}];
    component pack${bitCount} = PackBits(${bitCount});
    for (var i = 0; i < ${bitCount}; i++) {
        pack${bitCount}.bit[i] <== bit[i];
    }
    words${bitCount} <== pack${bitCount}.word;`,
).join('\n')}
}
component main = Strings();
`;

describe('PackBits', () => {
  it('cuts strings of bits every 252, the lowest first', async () => {
    const circuit = await TestedCircuit.ofMain('tested-pack-bits', MAIN);
    const highest = (1n << BigInt(LONGEST)) - 1n;
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 0n, max: highest }), async (value) => {
        const bit = Array.from({ length: LONGEST }, (_, index) => (value >> BigInt(index)) & 1n);
        const witness = await circuit.expectAccepted({ bit });
        const expected = SIZES.flatMap((bitCount) =>
          Array.from({ length: Math.ceil(bitCount / WORD_BITS) }, (_, index) => {
            const whole = BigInt.asUintN(bitCount, value);
            return BigInt.asUintN(WORD_BITS, whole >> BigInt(WORD_BITS * index));
          }),
        );
        expect(witness.slice(1, 1 + expected.length)).toEqual(expected);
      }),
      { seed: 6, numRuns: 5, examples: [[0n], [highest]] },
    );
  });
});
