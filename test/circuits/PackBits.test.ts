import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { TestedCircuit } from './tested-circuit.js';

const WORD_BITS = 252;

describe('PackBits', () => {
  it.each([1, 252, 253, 505])('cuts %i bits every 252, the lowest first', async (bitCount) => {
    const circuit = await TestedCircuit.ofMain(
      'tested-pack-bits',
      `pragma circom 2.2.0;
include "PackBits.circom";
component main = PackBits(${bitCount});
`,
    );
    const words = Math.ceil(bitCount / WORD_BITS);
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 0n, max: (1n << BigInt(bitCount)) - 1n }), async (value) => {
        const bit = Array.from({ length: bitCount }, (_, place) => (value >> BigInt(place)) & 1n);
        const witness = await circuit.expectAccepted({ bit });
        const expected = Array.from({ length: words }, (_, place) =>
          BigInt.asUintN(WORD_BITS, value >> BigInt(WORD_BITS * place)),
        );
        expect(witness.slice(1, 1 + words)).toEqual(expected);
      }),
      { seed: 6, numRuns: 5, examples: [[0n], [(1n << BigInt(bitCount)) - 1n]] },
    );
    // The compiler folds the sums away.
    expect(circuit.system.constraints).toEqual([]);
  });
});
