import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bigintToLittleEndian } from '../../../src/iden3/index.js';
import { SCALAR_FIELD } from './twin/field.js';
import { cachePowersOfTau } from '../../keys/powers-of-tau/cached-powers.js';

/** A linear combination: wire to coefficient. */
type Combination = ReadonlyMap<number, bigint>;
type Row = readonly [a: Combination, b: Combination, c: Combination];

/** Powers of tau for up to 2^10 rows. */
const TAU_POWER = 10;
const BEACON = '0123456789abcdef';
const BEACON_EXPONENT = 10;

type Snarkjs = {
  readonly zKey: {
    newZKey(r1cs: string, ptau: string, zkey: string): Promise<unknown>;
    beacon(from: string, to: string, name: string, beacon: string, exponent: number): Promise<unknown>;
    exportVerificationKey(zkey: string): Promise<object>;
  };
};

const { zKey } = createRequire(import.meta.url)('snarkjs') as Snarkjs;

/** A circuit made for tests: its key, by snarkjs, and honest witnesses. */
export type ToyCircuit = {
  readonly zkeyPath: string;
  readonly verificationKey: object;
  readonly wireCount: number;
  /** All wires for a private input, the constant 1 first. */
  readonly solve: (input: bigint) => bigint[];
  readonly remove: () => Promise<void>;
};

/**
 * A circuit of `bits` boolean wires and a chain of `steps` products, with two public outputs: the end of the chain and
 * the sum of the bits. Of its wires some are in A only, some in C only, most are 0, 1 or of full width.
 */
export async function makeToyCircuit({
  bits,
  steps,
}: {
  readonly bits: number;
  readonly steps: number;
}): Promise<ToyCircuit> {
  const directory = await mkdtemp(join(tmpdir(), 'solvent-engine-'));
  const { rows, wireCount, solve } = layOutRows(bits, steps);
  const at = (name: string) => join(directory, name);
  await writeFile(at('toy.r1cs'), encodeR1cs(rows, wireCount));
  const { prepared } = await cachePowersOfTau(TAU_POWER);
  await zKey.newZKey(at('toy.r1cs'), prepared, at('initial.zkey'));
  // Without a contribution delta would be gamma, and a mistake between them would not show.
  await zKey.beacon(at('initial.zkey'), at('toy.zkey'), 'test', BEACON, BEACON_EXPONENT);
  if (!existsSync(at('toy.zkey'))) throw new Error('expected snarkjs to make a key, got none');
  return {
    zkeyPath: at('toy.zkey'),
    verificationKey: await zKey.exportVerificationKey(at('toy.zkey')),
    wireCount,
    solve,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** The bytes of a .wtns file. */
export function encodeWitness(wires: readonly bigint[], modulus = SCALAR_FIELD.modulus): Uint8Array {
  const header = Buffer.concat([u32(32), element(modulus), u32(wires.length)]);
  return encodeFile('wtns', 2, [header, Buffer.concat(wires.map(element))]);
}

function layOutRows(bits: number, steps: number) {
  // 0: one; 1: end of the chain; 2: sum of the bits; 3: input; then bits; then the chain; then squares that nobody uses.
  const [end, sum, input, firstBit] = [1, 2, 3, 4];
  const firstStep = firstBit + bits;
  const firstSquare = firstStep + steps;
  const wireCount = firstSquare + steps;
  const coefficient = (index: number) => SCALAR_FIELD.power(BigInt(index + 2), 12_345n);
  const before = (step: number) => (step === 0 ? input : firstStep + step - 1);
  const row = (a: [number, bigint][], b: [number, bigint][], c: [number, bigint][]): Row => [
    new Map(a),
    new Map(b),
    new Map(c),
  ];
  const rows: Row[] = [];
  for (let bit = 0; bit < bits; bit++) {
    const wire = firstBit + bit;
    rows.push(
      row(
        [[wire, 1n]],
        [
          [wire, 1n],
          [0, -1n],
        ],
        [],
      ),
    );
  }
  for (let step = 0; step < steps; step++) {
    const bit = firstBit + (step % bits);
    rows.push(
      row(
        [
          [before(step), coefficient(step)],
          [bit, -1n],
          [0, 7n],
        ],
        [
          [before(step), 1n],
          [0, 1n],
        ],
        [[firstStep + step, 1n]],
      ),
      row([[firstStep + step, 1n]], [[firstStep + step, 2n]], [[firstSquare + step, 2n]]),
    );
  }
  const allBits = Array.from({ length: bits }, (_, bit): [number, bigint] => [firstBit + bit, 1n]);
  rows.push(row(allBits, [[0, 1n]], [[sum, 1n]]));
  rows.push(row([[firstStep + steps - 1, 1n]], [[0, 1n]], [[end, 1n]]));

  const solve = (value: bigint): bigint[] => {
    const wires = new Array<bigint>(wireCount).fill(0n);
    wires[0] = 1n;
    wires[input] = value;
    for (let bit = 0; bit < bits; bit++) wires[firstBit + bit] = (value >> BigInt(bit)) & 1n;
    for (let step = 0; step < steps; step++) {
      const last = wires[before(step)]!;
      const left = last * coefficient(step) - wires[firstBit + (step % bits)]! + 7n;
      const product = SCALAR_FIELD.reduce(left * (last + 1n));
      wires[firstStep + step] = product;
      wires[firstSquare + step] = SCALAR_FIELD.multiply(product, product);
    }
    wires[sum] = wires.slice(firstBit, firstStep).reduce((total, bit) => total + bit, 0n);
    wires[end] = wires[firstStep + steps - 1]!;
    return wires;
  };
  return { rows, wireCount, solve };
}

function encodeR1cs(rows: readonly Row[], wireCount: number): Uint8Array {
  const publicOutputs = 2;
  const header = Buffer.concat([
    u32(32),
    element(SCALAR_FIELD.modulus),
    u32(wireCount),
    u32(publicOutputs),
    u32(0),
    u32(1),
    u64(wireCount),
    u32(rows.length),
  ]);
  const constraints = rows.flatMap((row) => row.map(encodeCombination));
  const labels = Array.from({ length: wireCount }, (_, wire) => u64(wire));
  return encodeFile('r1cs', 1, [header, Buffer.concat(constraints), Buffer.concat(labels)]);
}

function encodeCombination(combination: Combination): Uint8Array {
  const terms = [...combination].map(([wire, value]) =>
    Buffer.concat([u32(wire), element(SCALAR_FIELD.reduce(value))]),
  );
  return Buffer.concat([u32(terms.length), ...terms]);
}

function encodeFile(magic: string, version: number, sections: readonly Uint8Array[]): Uint8Array {
  const parts = sections.map((payload, index) =>
    Buffer.concat([u32(index + 1), u64(payload.length), payload]),
  );
  return new Uint8Array(Buffer.concat([Buffer.from(magic), u32(version), u32(sections.length), ...parts]));
}

const u32 = (value: number) => bigintToLittleEndian(BigInt(value), 4);
const u64 = (value: number) => bigintToLittleEndian(BigInt(value), 8);
const element = (value: bigint) => bigintToLittleEndian(value, 32);
