import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FIELD_MODULUS, type FieldElement } from '../../../src/protocol/index.js';
import { chooseKernel } from '../../../src/prover/engine/wasm/choose-kernel.js';
import { KERNEL_NAMES } from '../../../src/prover/engine/wasm/kernel.js';
import { loadCheckedSponge, loadCircomlibSponge } from '../../../src/prover/poseidon/checked-sponge.js';
import { loadFastSponge } from '../../../src/prover/poseidon/fast-sponge.js';
import { poseidon, sponge, type Sponge } from '../../../src/prover/poseidon/poseidon.js';
import { projectRoot } from '../../../src/system/index.js';

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

const fast = await loadFastSponge();

describe('the sponge that a run hashes with', () => {
  const message = Array.from({ length: 33 }, (_, index) => (3n ** BigInt(index + 90)) as FieldElement);
  const expected = sponge(poseidon, 5n as FieldElement, message);

  it('is the kernel’s where it hashes as poseidon-lite does', async () => {
    const checked = await loadCheckedSponge();
    expect(checked.isFast).toBe(true);
    expect(checked.sponge(5n as FieldElement, message)).toBe(expected);
  });

  const refused: readonly (readonly [string, () => Promise<Sponge>])[] = [
    ['cannot run', () => Promise.reject(new Error('expected WebAssembly with these instructions, got none'))],
    [
      'adds one to every hash',
      () => Promise.resolve((iv, values) => (fast(iv, values) + 1n) as FieldElement),
    ],
    [
      'leaves out all blocks but the first',
      () => Promise.resolve((iv, values) => fast(iv, values.slice(0, 15))),
    ],
    ['forgets the state', () => Promise.resolve((_, values) => fast(0n as FieldElement, values))],
  ];
  it.each(refused)('is circomlibjs’ where the kernel %s, with the same hashes', async (_, loadFast) => {
    const checked = await loadCheckedSponge(loadFast);
    expect(checked.isFast).toBe(false);
    expect(checked.sponge(5n as FieldElement, message)).toBe(expected);
    expect((await loadCircomlibSponge())(5n as FieldElement, [])).toBe(5n);
  });

  it('loads no native addon, either way', () => {
    const entry = pathToFileURL(join(projectRoot(), 'dist/src/prover/poseidon/checked-sponge.js')).href;
    const program = `
      const { loadCheckedSponge } = await import(${JSON.stringify(entry)});
      const both = [await loadCheckedSponge(), await loadCheckedSponge(() => Promise.reject(new Error()))];
      const isAddon = (path) => path.endsWith('.node');
      const addons = process.report.getReport().sharedObjects.filter(isAddon);
      console.log(JSON.stringify([both.map(({ isFast }) => isFast), addons]));`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect(JSON.parse(printed)).toEqual([[true, false], []]);
  });
});
