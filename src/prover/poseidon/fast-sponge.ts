import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { littleEndianToBigint } from '../../iden3/index.js';
import type { FieldElement } from '../../protocol/index.js';
import { chooseKernel } from '../engine/wasm/choose-kernel.js';
import { KERNEL_BYTES, Kernel, type KernelName } from '../engine/wasm/kernel.js';
import { SPONGE_RATE, type Sponge } from './poseidon.js';

const WIDTH = 17;
const PAIRS = (WIDTH + 1) / 2;
const FULL_ROUNDS = 8;
const PARTIAL_ROUNDS = 68;
/** In circomlibjs' lists, of 1 to 16 inputs. */
const OF_16_INPUTS = 15;

/** Constants of the form with sparse matrices, as circomlibjs has them: M[j][i] is the factor of element j for output i. */
type SparseConstants = {
  readonly C: readonly string[];
  readonly S: readonly string[];
  readonly M: readonly (readonly string[])[];
  readonly P: readonly (readonly string[])[];
};

/**
 * The sponge in the kernel: the same values as the portable one.
 * @param kernelName which kernel; the one that this machine proves with unless given.
 */
export async function loadFastSponge(kernelName?: KernelName): Promise<Sponge> {
  const kernel = await Kernel.open(kernelName ?? (await chooseKernel()));
  const pairs = listPairs(await readConstants());
  const table = kernel.allocate((pairs.length / 2) * KERNEL_BYTES.pair);
  kernel.scoped(() => {
    kernel.exports.poseidon_import(table, kernel.put(toWords(pairs)), pairs.length / 2);
  });
  return (iv, values) =>
    kernel.scoped(() => {
      const blocks = Math.ceil(values.length / SPONGE_RATE);
      const words = new Uint8Array(blocks * SPONGE_RATE * KERNEL_BYTES.words);
      words.set(toWords(values));
      const hash = kernel.put(toWords([iv]));
      kernel.exports.poseidon_sponge(hash, kernel.put(words), blocks, table);
      return littleEndianToBigint(kernel.read(hash, KERNEL_BYTES.words)) as FieldElement;
    });
}

/** Integers below 2^256 as little-endian bytes, one behind the other. */
function toWords(values: readonly bigint[]): Uint8Array {
  const words = new BigUint64Array(4 * values.length);
  values.forEach((value, index) => {
    for (let word = 0; word < 4; word++) words[4 * index + word] = value >> BigInt(64 * word);
  });
  return new Uint8Array(words.buffer);
}

/** The package exports no constants: they are read beside its code, which tests hold to the portable twin. */
async function readConstants(): Promise<SparseConstants> {
  const entry = createRequire(import.meta.url).resolve('circomlibjs');
  const path = join(dirname(entry), '..', 'src', 'poseidon_constants_opt.json');
  const all = JSON.parse(await readFile(path, 'utf8')) as Record<keyof SparseConstants, readonly unknown[]>;
  const { C, S, M, P } = all;
  return {
    C: C[OF_16_INPUTS],
    S: S[OF_16_INPUTS],
    M: M[OF_16_INPUTS],
    P: P[OF_16_INPUTS],
  } as SparseConstants;
}

/** The kernel's table, in the order of kernel/poseidon.h. */
function listPairs({ C, S, M, P }: SparseConstants): bigint[] {
  const constants = C.map(BigInt);
  const list = constants.slice(0, 5 * WIDTH);
  const partial = constants.slice(5 * WIDTH, 5 * WIDTH + PARTIAL_ROUNDS);
  list.push(...constants.slice(5 * WIDTH + PARTIAL_ROUNDS));
  const rounds = Array.from({ length: FULL_ROUNDS }, (_, round) =>
    pad(list.slice(round * WIDTH, (round + 1) * WIDTH)),
  );
  const sparse = S.map(BigInt);
  const factors = Array.from({ length: PARTIAL_ROUNDS }, (_, round) => {
    const first = round * (2 * WIDTH - 1);
    return [
      ...pad(sparse.slice(first, first + WIDTH)),
      ...pad([0n, ...sparse.slice(first + WIDTH, first + 2 * WIDTH - 1)]),
    ];
  });
  return [
    ...rounds.flat(),
    ...listMatrix(M),
    ...listMatrix(P),
    ...partial.flatMap((constant) => [constant, 0n]),
    ...factors.flat(),
  ];
}

function listMatrix(matrix: readonly (readonly string[])[]): bigint[] {
  const factor = (from: number, to: number) => BigInt(matrix[from]![to] ?? 0);
  return Array.from({ length: PAIRS }, (_, pair) =>
    Array.from({ length: WIDTH }, (__, from) => [factor(from, 2 * pair), factor(from, 2 * pair + 1)]).flat(),
  ).flat();
}

function pad(values: readonly bigint[]): bigint[] {
  return [...values, ...Array.from({ length: 2 * PAIRS - values.length }, () => 0n)];
}
