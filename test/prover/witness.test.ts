import { readFile } from 'node:fs/promises';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cacheDirectory } from '../../src/system/index.js';
import { parseWitness, readPublicSignals } from '../../src/iden3/index.js';
import {
  hashPrices,
  listPublicSignals,
  poseidon,
  type Account,
  type FieldElement,
} from '../../src/protocol/index.js';
import { buildAggregateInput } from '../../src/prover/aggregate/circuit-input.js';
import { planAggregates } from '../../src/prover/aggregate/layers.js';
import type { BatchRow } from '../../src/prover/batch/batch-file.js';
import { buildBatchInput } from '../../src/prover/batch/circuit-input.js';
import { commitBatch, type BatchCommitment } from '../../src/prover/batch/commitment.js';
import type { BatchCircuit } from '../../src/prover/circuits.js';
import { WitnessGenerator, type CircuitInput } from '../../src/prover/witness/generator.js';
import { compileWasm } from '../../src/prover/witness/webassembly.js';
import { compileCircuit, compileProfile } from '../../src/keys/index.js';
import { snarkjs } from '../keys/development-key/snarkjs.js';
import { accountsArbitrary, pricesOf, sampleAccounts, sealSnapshot, SECRET, tagBatches } from './exchange.js';
import { TINY } from './tiny-keys.js';

const OPTIONS = { cacheDirectory: cacheDirectory() };
await compileProfile(TINY, OPTIONS);

const [SPOT, MARGIN] = tagBatches(TINY) as [BatchCircuit, BatchCircuit];
const AGGREGATE = {
  name: 'aggregate',
  parameters: TINY.aggregate,
  tag: (await compileCircuit(TINY.aggregate, OPTIONS)).tag,
};
const PRICES = pricesOf(sealSnapshot([]));
const CONTEXT = 12_345n as FieldElement;

async function pathOf({ parameters }: Pick<BatchCircuit | typeof AGGREGATE, 'parameters'>): Promise<string> {
  return (await compileCircuit(parameters, OPTIONS)).wasmPath;
}

async function openGenerator(circuit: Parameters<typeof pathOf>[0]): Promise<WitnessGenerator> {
  return new WitnessGenerator(await compileWasm(await readFile(await pathOf(circuit))));
}

/** The first accounts that the circuit takes, and dummies. */
function rowsOf({ parameters }: BatchCircuit, accounts: readonly Account[]): BatchRow[] {
  const fitting = accounts.filter(
    ({ holdings }) => parameters.kind === 'margin' || holdings.every(({ debtUnits }) => debtUnits === 0n),
  );
  return Array.from({ length: parameters.users }, (_, row) => {
    const account = fitting[row];
    return account === undefined ? { dummy: row } : { account };
  });
}

function commit(circuit: BatchCircuit, accounts: readonly Account[], index = 0): BatchCommitment {
  const context = { circuit, index, secret: SECRET, platform: 'Example', prices: PRICES };
  return commitBatch(poseidon, rowsOf(circuit, accounts), context);
}

const inputOf = (circuit: BatchCircuit, batch: BatchCommitment) =>
  buildBatchInput(poseidon, circuit, { batch, prices: PRICES });

const changed = (input: CircuitInput, name: string, change: (values: bigint[]) => void): CircuitInput => {
  const values = [...input.get(name)!];
  change(values);
  return new Map([...input, [name, values]]);
};

describe('the witness generator', () => {
  it.each([SPOT, MARGIN])('computes the same bytes as snarkjs for $name', async (circuit) => {
    const input = inputOf(circuit, commit(circuit, sampleAccounts(12, 2)));
    const target = { type: 'mem' as const, data: new Uint8Array() };
    const signals = Object.fromEntries(input) as unknown as Record<string, bigint>;
    await snarkjs.wtns.calculate(signals, await pathOf(circuit), target);
    const witness = (await openGenerator(circuit)).generate(input);
    expect(Buffer.from(witness).equals(target.data)).toBe(true);
  });

  it('gives the same witness however many it made before', async () => {
    const [first, second] = [commit(SPOT, sampleAccounts(9, 2)), commit(SPOT, sampleAccounts(5, 1), 1)];
    const generator = await openGenerator(SPOT);
    const before = generator.generate(inputOf(SPOT, first));
    expect(generator.generate(inputOf(SPOT, second))).not.toEqual(before);
    expect(generator.generate(inputOf(SPOT, first))).toEqual(before);
  });

  it('refuses inputs that fail an assertion of the circuit', async () => {
    const generator = await openGenerator(SPOT);
    const input = inputOf(SPOT, commit(SPOT, sampleAccounts(9, 2)));
    const tooLarge = changed(input, 'equity', (values) => (values[0] = 1n << 64n));
    expect(() => generator.generate(tooLarge)).toThrow(expect.objectContaining({ code: 'witness-refused' }));
    const inflated = changed(input, 'totalEquity', (values) => (values[0]! -= 1n));
    expect(() => generator.generate(inflated)).toThrow(expect.objectContaining({ code: 'witness-refused' }));
    expect(readPublicSignals(parseWitness(generator.generate(input)), 1)).toHaveLength(1);
  });

  it('refuses input signals of another circuit, and missing values', async () => {
    const generator = await openGenerator(SPOT);
    const margin = inputOf(MARGIN, commit(MARGIN, sampleAccounts(9, 2)));
    expect(() => generator.generate(margin)).toThrow(
      expect.objectContaining({ code: 'witness-generator-malformed' }),
    );
    const input = inputOf(SPOT, commit(SPOT, sampleAccounts(9, 2)));
    const shifted = changed(
      changed(input, 'blind', (values) => values.push(0n)),
      'account',
      (values) => values.pop(),
    );
    expect(() => generator.generate(shifted)).toThrow(
      expect.objectContaining({ code: 'witness-generator-malformed' }),
    );
  });

  it('refuses a module that circom did not make', async () => {
    const empty = await compileWasm(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    expect(() => new WitnessGenerator(empty)).toThrow(
      expect.objectContaining({ code: 'witness-generator-malformed' }),
    );
  });
});

describe('a committed batch', () => {
  it.each([SPOT, MARGIN])('has the public signals that $name computes', async (circuit) => {
    const generator = await openGenerator(circuit);
    const pricesHash = hashPrices(poseidon, PRICES);
    fc.assert(
      fc.property(accountsArbitrary(2, { minLength: 0 }), fc.nat(9), (accounts, index) => {
        const batch = commit(circuit, accounts, index);
        const expected = listPublicSignals(circuit.parameters.kind, { digest: batch.digest, pricesHash });
        expect(
          readPublicSignals(parseWitness(generator.generate(inputOf(circuit, batch))), expected.length),
        ).toEqual(expected);
      }),
      { seed: 21, numRuns: 10 },
    );
  });

  it('has the same digest for the same secret, and another for another secret, index or row', () => {
    const accounts = sampleAccounts(9, 2);
    const { digest } = commit(SPOT, accounts);
    expect(commit(SPOT, accounts).digest).toBe(digest);
    expect(commit(SPOT, accounts, 1).digest).not.toBe(digest);
    expect(commit(SPOT, accounts.slice(1)).digest).not.toBe(digest);
    const context = { circuit: SPOT, index: 0, platform: 'Example', prices: PRICES };
    const other = commitBatch(poseidon, rowsOf(SPOT, accounts), { ...context, secret: new Uint8Array(32) });
    expect(other.digest).not.toBe(digest);
  });
});

describe('a planned aggregate', () => {
  it('has the digest that its circuit computes, with all its children and with one missing', async () => {
    const generator = await openGenerator(AGGREGATE);
    const accounts = sampleAccounts(40, 2);
    const batches = [
      commit(SPOT, accounts),
      commit(MARGIN, accounts),
      commit(SPOT, accounts.slice(9), 1),
    ].map((batch, place) => ({ ...batch, tag: (place === 1 ? MARGIN : SPOT).tag }));
    const layers = planAggregates(poseidon, batches, { circuit: AGGREGATE, secret: SECRET });
    expect(layers.map((layer) => layer.length)).toEqual([2, 1]);
    for (const node of layers.flat()) {
      const witness = generator.generate(buildAggregateInput(AGGREGATE, node, CONTEXT));
      expect(readPublicSignals(parseWitness(witness), 2)).toEqual([node.digest, CONTEXT]);
    }
  });
});
