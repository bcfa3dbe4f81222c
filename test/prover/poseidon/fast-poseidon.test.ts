import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FIELD_MODULUS, type FieldElement } from '../../../src/protocol/index.js';
import { loadFastPoseidon } from '../../../src/prover/poseidon/fast-poseidon.js';
import { poseidon } from '../../../src/prover/poseidon/poseidon.js';

const fieldElement = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }) as fc.Arbitrary<FieldElement>;

describe('the fast Poseidon', () => {
  it('equals the portable one for 1 to 16 inputs, bounds included', async () => {
    const hash = await loadFastPoseidon();
    for (let width = 1; width <= 16; width++) {
      const inputs = fc.array(fieldElement, { minLength: width, maxLength: width });
      const bounds = [0n, FIELD_MODULUS - 1n].map((value) =>
        new Array<FieldElement>(width).fill(value as FieldElement),
      );
      fc.assert(
        fc.property(inputs, (values) => {
          expect(hash(values)).toBe(poseidon(values));
        }),
        { seed: width, numRuns: 5, examples: bounds.map((values) => [values]) },
      );
    }
  });

  it('refuses no input and 17 inputs', async () => {
    const hash = await loadFastPoseidon();
    expect(() => hash([])).toThrow(RangeError);
    expect(() => hash(new Array<FieldElement>(17).fill(1n as FieldElement))).toThrow(RangeError);
  });

  it('loads no native addon in any thread, some of which corrupt the memory of a process whose threads end', async () => {
    const script = join(import.meta.dirname, 'poseidon-threads.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    expect(JSON.parse(stdout)).toEqual([]);
  });
});
