import { readFile } from 'node:fs/promises';

import { beforeAll, describe, expect, it } from 'vitest';

import { cacheDirectory } from '../../src/system/index.js';
import { parseWitness, readPublicSignals } from '../../src/iden3/index.js';
import { nameOfLayout, type Row, type RowLayout } from '../../src/protocol/index.js';
import { buildCircuitInput, type ProvenBatch } from '../../src/prover/commit/commit-batch.js';
import { WitnessGenerator, type CircuitInput, compileWasm } from '../../src/prover/witness/generator.js';

import { compileCircuit } from '../../src/keys/index.js';
import { batchOf, CHALLENGES, debt, equity, spotRow } from '../circuits/batches.js';
import { expectedSignals } from '../circuits/checks.js';
import { snarkjs } from '../keys/development-key/snarkjs.js';
import { TINY } from './tiny-keys.js';

const [SPOT_1, SPOT_3, MARGIN_3] = TINY.layouts as [RowLayout, RowLayout, RowLayout];

/** A batch whose rows hold one amount each, other ones for another `first`. */
function fillBatch(layout: RowLayout, first: bigint): ProvenBatch {
  const fill = (amountUnits: bigint): Row =>
    layout.kind === 'spot'
      ? spotRow([1, amountUnits])
      : { slots: [equity(0, amountUnits), debt(2, 1n)], netValue: amountUnits };
  return batchOf(
    layout,
    Array.from({ length: layout.rows }, (_, row) => fill(first + BigInt(row))),
  );
}

const inputOf = (layout: RowLayout, first = 1n) => buildCircuitInput(fillBatch(layout, first), CHALLENGES);

const changed = (input: CircuitInput, name: string, change: (values: bigint[]) => void): CircuitInput => {
  const values = [...input.get(name)!];
  change(values);
  return new Map([...input, [name, values]]);
};

const refusal = (code: string) => expect.objectContaining({ code }) as Error;

const paths = new Map<RowLayout, string>();
const openGenerator = async (layout: RowLayout) =>
  new WitnessGenerator(await compileWasm(await readFile(paths.get(layout)!)));

beforeAll(async () => {
  for (const layout of [SPOT_1, SPOT_3, MARGIN_3]) {
    const { wasmPath } = await compileCircuit(layout, { cacheDirectory: cacheDirectory() });
    paths.set(layout, wasmPath);
  }
}, 600_000);

describe.each([SPOT_3, MARGIN_3].map((layout) => ({ name: nameOfLayout(layout), layout })))(
  'the witness generator of $name',
  ({ layout }) => {
    it('computes the same bytes as snarkjs, with the signals of the protocol', async () => {
      const input = inputOf(layout);
      const target = { type: 'mem' as const, data: new Uint8Array() };
      const signals = Object.fromEntries(input) as unknown as Record<string, bigint>;
      await snarkjs.wtns.calculate(signals, paths.get(layout)!, target);
      const witness = (await openGenerator(layout)).generate(input);
      expect(Buffer.from(witness).equals(target.data)).toBe(true);
      const expected = expectedSignals(fillBatch(layout, 1n));
      expect(readPublicSignals(parseWitness(witness), expected.length)).toEqual(expected);
    });
  },
);

/**
 * Constants of a generator that have the form of a field element and had that of a small number. One is a word, a word whose top
 * byte tells the forms, and 32 bytes.
 */
function countWidened(before: Uint8Array, after: Uint8Array): number {
  const [formByte, small, wide] = [7, 0x40, 0x80];
  let count = 0;
  for (let at = 0; at + 40 <= before.length; at += 8) {
    const isConstant =
      before[at + formByte] === small && before.subarray(at + 4, at + formByte).every((byte) => byte === 0);
    if (isConstant && (after[at + formByte]! & wide) !== 0) count++;
  }
  return count;
}

type Instance = { readonly exports: { readonly memory: { readonly buffer: ArrayBuffer } } };
type WasmRoom = { Instance: new (module: object, imports: object) => Instance };

/** What `open` makes, and the memory of the first module that it takes into use. */
async function watchMemory<T>(open: () => Promise<T>): Promise<{ opened: T; memory: () => Uint8Array }> {
  const { WebAssembly: room } = globalThis as unknown as { readonly WebAssembly: WasmRoom };
  const { Instance: Original } = room;
  const made: Instance[] = [];
  room.Instance = class extends Original {
    constructor(module: object, imports: object) {
      super(module, imports);
      made.push(this);
    }
  };
  try {
    const opened = await open();
    return { opened, memory: () => new Uint8Array(made[0]!.exports.memory.buffer) };
  } finally {
    room.Instance = Original;
  }
}

describe('a witness generator', () => {
  // One that is widened slows down every loop that counts by it, in all templates.
  it.each([SPOT_1, SPOT_3, MARGIN_3].map((layout) => ({ name: nameOfLayout(layout), layout })))(
    'leaves the constants of $name as small as they are',
    async ({ layout }) => {
      const { opened, memory } = await watchMemory(() => openGenerator(layout));
      const before = memory().slice();
      opened.generate(inputOf(layout));
      expect(countWidened(before, memory())).toBe(0);
    },
  );

  it('gives the same witness however many it made before', async () => {
    const generator = await openGenerator(SPOT_3);
    const before = generator.generate(inputOf(SPOT_3)).slice();
    expect(generator.generate(inputOf(SPOT_3, 9n))).not.toEqual(before);
    expect(generator.generate(inputOf(SPOT_3))).toEqual(before);
  });

  it('refuses inputs that fail an assertion of the circuit', async () => {
    const generator = await openGenerator(SPOT_3);
    const input = inputOf(SPOT_3);
    for (const value of [1n << 64n, -1n]) {
      const wrong = changed(input, 'amount', (values) => (values[0] = value));
      expect(() => generator.generate(wrong)).toThrow(refusal('witness-refused'));
    }
    expect(readPublicSignals(parseWitness(generator.generate(input)), 1)).toHaveLength(1);
  });

  it('refuses input signals of another circuit, and missing values', async () => {
    const generator = await openGenerator(SPOT_3);
    const malformed = refusal('witness-generator-malformed');
    expect(() => generator.generate(inputOf(MARGIN_3))).toThrow(malformed);
    expect(() => generator.generate(inputOf(SPOT_1))).toThrow(malformed);
    const shifted = changed(
      changed(inputOf(SPOT_3), 'blind', (values) => values.push(0n)),
      'amount',
      (values) => values.pop(),
    );
    expect(() => generator.generate(shifted)).toThrow(malformed);
  });

  it('refuses a module that circom did not make', async () => {
    const empty = await compileWasm(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    expect(() => new WitnessGenerator(empty)).toThrow(refusal('witness-generator-malformed'));
  });
});
