import { createRequire } from 'node:module';

import type { KernelGroup } from '../../src/prover/engine/wasm/kernel.js';

/** The primitives that snarkjs proves with, in one thread. Elements are in their Montgomery form, times 2^256. */
export type Ffjavascript = {
  /** Squares an element again and again, each time by a call into WebAssembly. */
  multiply(field: 'fp' | 'fr', element: Uint8Array, times: number): void;
  transform(elements: Uint8Array): Promise<Uint8Array>;
  /** Points of a group, with coordinates as a .zkey has them: a few thousand different ones, again and again. */
  listPoints(group: KernelGroup, count: number): Promise<Uint8Array>;
  /** The sum, its coordinates plain and little-endian. */
  multiplyScalars(group: KernelGroup, points: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
};

type Exports = Readonly<
  Record<`${'f1m' | 'frm'}_mul`, (a: number, b: number, result: number) => void> &
    Record<'f1m_fromMontgomery', (a: number, result: number) => void>
>;

type Field = {
  readonly pOp1: number;
  readonly pOp2: number;
  readonly pOp3: number;
  readonly tm: { readonly instance: { readonly exports: Exports }; readonly u8: Uint8Array };
};

type CurveGroup = {
  readonly g: Uint8Array;
  toAffine(point: Uint8Array): Uint8Array;
  batchApplyKey(points: Uint8Array, first: Uint8Array, step: Uint8Array): Promise<Uint8Array>;
  multiExpAffine(points: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
};

type Curve = {
  readonly F1: Field;
  readonly Fr: Field & {
    e(value: bigint): Uint8Array;
    fft(elements: Uint8Array): Promise<Uint8Array>;
  };
  readonly G1: CurveGroup;
  readonly G2: CurveGroup;
  terminate(): Promise<void>;
};

const WORD_BYTES = 32;
const DISTINCT_POINTS = 4096;
const POINT_BYTES = { g1: 64, g2: 128 } as const;

/** Loads the ffjavascript that snarkjs brings. */
export async function openFfjavascript(): Promise<Ffjavascript> {
  const ofSnarkjs = createRequire(createRequire(import.meta.url).resolve('snarkjs'));
  const { buildBn128 } = ofSnarkjs('ffjavascript') as {
    readonly buildBn128: (singleThread: boolean) => Promise<Curve>;
  };
  const curve = await buildBn128(true);
  return {
    multiply: (field, element, times) => {
      const { pOp1, pOp3, tm } = field === 'fp' ? curve.F1 : curve.Fr;
      const multiply = tm.instance.exports[field === 'fp' ? 'f1m_mul' : 'frm_mul'];
      tm.u8.set(element, pOp1);
      multiply(pOp1, pOp1, pOp3);
      for (let made = 1; made < times; made++) multiply(pOp3, pOp3, pOp3);
    },
    transform: (elements) => curve.Fr.fft(elements),
    listPoints: (group, count) => listPoints(curve, group, count),
    multiplyScalars: async (group, points, scalars) => {
      const [G, sizeBytes] = [group === 'g1' ? curve.G1 : curve.G2, POINT_BYTES[group]];
      const sum = G.toAffine(await G.multiExpAffine(points, scalars));
      return toPlain(curve.F1, sum.subarray(0, sizeBytes));
    },
    close: () => curve.terminate(),
  };
}

async function listPoints({ G1, G2, Fr }: Curve, group: KernelGroup, count: number): Promise<Uint8Array> {
  const G = group === 'g1' ? G1 : G2;
  const sizeBytes = POINT_BYTES[group];
  const distinct = Math.min(count, DISTINCT_POINTS);
  const generators = new Uint8Array(distinct * sizeBytes);
  for (let at = 0; at < distinct; at++) generators.set(G.toAffine(G.g), at * sizeBytes);
  const multiples = await G.batchApplyKey(generators, Fr.e(3n), Fr.e(5n));
  const points = new Uint8Array(count * sizeBytes);
  for (let at = 0; at < points.length; at += multiples.length) {
    points.set(multiples.subarray(0, points.length - at), at);
  }
  return points;
}

/** Coordinates out of Montgomery form, part by part. */
function toPlain({ tm, pOp1, pOp3 }: Field, coordinates: Uint8Array): Uint8Array {
  const plain = new Uint8Array(coordinates.length);
  for (let at = 0; at < coordinates.length; at += WORD_BYTES) {
    tm.u8.set(coordinates.subarray(at, at + WORD_BYTES), pOp1);
    tm.instance.exports.f1m_fromMontgomery(pOp1, pOp3);
    plain.set(tm.u8.subarray(pOp3, pOp3 + WORD_BYTES), at);
  }
  return plain;
}
