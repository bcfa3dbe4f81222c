import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FIELD_MODULUS, type FieldElement } from '../../../src/protocol/index.js';
import { chooseKernel } from '../../../src/prover/engine/wasm/choose-kernel.js';
import { KERNEL_NAMES } from '../../../src/prover/engine/wasm/kernel.js';
import { loadFastSponge } from '../../../src/prover/poseidon/fast-sponge.js';
import { poseidon, sponge } from '../../../src/prover/poseidon/poseidon.js';

const fieldElement = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }) as fc.Arbitrary<FieldElement>;
const filled = (count: number, value: bigint) => new Array<FieldElement>(count).fill(value as FieldElement);

/** Those that this machine runs. */
const kernels = (await chooseKernel()) === 'relaxed' ? KERNEL_NAMES : (['plain'] as const);

describe.each(kernels)('the sponge of the %s kernel', (name) => {
  it('equals the portable one over any number of blocks, bounds included', async () => {
    const fast = await loadFastSponge(name);
    const message = fc.array(fieldElement, { maxLength: 33 });
    const bounds = [0, 1, 14, 15, 16, 45].flatMap((count) =>
      [0n, FIELD_MODULUS - 1n].map((value) => filled(count, value)),
    );
    fc.assert(
      fc.property(fieldElement, message, (iv, values) => {
        expect(fast(iv, values)).toBe(sponge(poseidon, iv, values));
      }),
      { seed: 3, numRuns: 20, examples: bounds.map((values) => [values[0] ?? (5n as FieldElement), values]) },
    );
  });

  it('tells its first value from its state', async () => {
    const fast = await loadFastSponge(name);
    const [one, other] = filled(2, 7n).map((value, index) => (value + BigInt(index)) as FieldElement);
    expect(fast(one!, [other!])).not.toBe(fast(other!, [one!]));
  });
});
