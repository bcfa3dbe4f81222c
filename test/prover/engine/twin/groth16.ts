import { open } from 'node:fs/promises';

import type { Proof } from '../../../../src/protocol/index.js';
import {
  COEFFICIENT_BYTES,
  littleEndianToBigint,
  POINT_BYTES,
  readInto,
  readZkeyLayout,
  ZKEY_SECTION,
} from '../../../../src/iden3/index.js';
import { G1, G2, type Point } from './curve.js';
import {
  BASE_FIELD,
  findRootOfUnity,
  SCALAR_FIELD,
  type Quadratic,
  evaluateOnDomain,
  interpolateOnDomain,
} from './field.js';

const PART_BYTES = 32;
/** Coordinates in a .zkey are multiplied with 2^256, coefficients with 2^512. */
const RADIX = 1n << 256n;

type Point1 = Point<bigint>;
type Point2 = Point<Quadratic>;
type Term = {
  readonly matrix: number;
  readonly row: number;
  readonly wire: number;
  readonly value: bigint;
};

/** All of a small .zkey that a prover needs. */
export type TwinKey = {
  readonly publicCount: number;
  readonly domainSize: number;
  readonly terms: readonly Term[];
  readonly a: readonly Point1[];
  readonly b1: readonly Point1[];
  readonly b2: readonly Point2[];
  readonly c: readonly Point1[];
  readonly h: readonly Point1[];
  readonly constants: {
    readonly alpha1: Point1;
    readonly beta1: Point1;
    readonly delta1: Point1;
    readonly beta2: Point2;
    readonly delta2: Point2;
  };
};

/** Reads a .zkey whole. @throws SolventError `zkey-malformed`. */
export async function loadTwinKey(path: string): Promise<TwinKey> {
  const handle = await open(path);
  try {
    const layout = readZkeyLayout(handle.fd, path);
    const read = async (section: number) => {
      const { position, sizeBytes } = layout.sections.get(section)!;
      const bytes = new Uint8Array(sizeBytes);
      await readInto(handle, bytes, position);
      return bytes;
    };
    const { alpha1, beta1, delta1, beta2, delta2 } = layout.points;
    return {
      publicCount: layout.publicCount,
      domainSize: layout.domainSize,
      terms: parseTerms(await read(ZKEY_SECTION.coefficients)),
      a: cut(await read(ZKEY_SECTION.pointsA), POINT_BYTES.G1).map(parsePoint1),
      b1: cut(await read(ZKEY_SECTION.pointsB1), POINT_BYTES.G1).map(parsePoint1),
      b2: cut(await read(ZKEY_SECTION.pointsB2), POINT_BYTES.G2).map(parsePoint2),
      c: cut(await read(ZKEY_SECTION.pointsC), POINT_BYTES.G1).map(parsePoint1),
      h: cut(await read(ZKEY_SECTION.pointsH), POINT_BYTES.G1).map(parsePoint1),
      constants: {
        alpha1: parsePoint1(alpha1),
        beta1: parsePoint1(beta1),
        delta1: parsePoint1(delta1),
        beta2: parsePoint2(beta2),
        delta2: parsePoint2(delta2),
      },
    };
  } finally {
    await handle.close();
  }
}

/**
 * Groth16 as snarkjs does it, in plain integers: for tests, of circuits with a few hundred wires.
 * @param wires the witness, the constant 1 first.
 */
export function proveWithTwin(
  key: TwinKey,
  wires: readonly bigint[],
  { r, s }: { readonly r: bigint; readonly s: bigint },
): Proof {
  const { alpha1, beta1, delta1, beta2, delta2 } = key.constants;
  const sum1 = (...points: Point1[]) => points.reduce((sum, point) => G1.add(sum, point), undefined);
  const a = sum1(alpha1, G1.multiplyAll(key.a, wires), G1.multiply(delta1, r));
  const b1 = sum1(beta1, G1.multiplyAll(key.b1, wires), G1.multiply(delta1, s));
  const b2 = G2.add(G2.add(beta2, G2.multiplyAll(key.b2, wires)), G2.multiply(delta2, s));
  const c = sum1(
    G1.multiplyAll(key.c, wires.slice(key.publicCount + 1)),
    G1.multiplyAll(key.h, findQuotientScalars(key, wires)),
    G1.multiply(a, s),
    G1.multiply(b1, r),
    G1.multiply(delta1, SCALAR_FIELD.reduce(-r * s)),
  );
  return {
    a: [a!.x.toString(), a!.y.toString()],
    b: [
      [b2!.x[0].toString(), b2!.x[1].toString()],
      [b2!.y[0].toString(), b2!.y[1].toString()],
    ],
    c: [c!.x.toString(), c!.y.toString()],
  };
}

/** A·B - C on the coset of the domain, where C = A·B on the domain itself. */
export function findQuotientScalars(
  { domainSize, terms }: Pick<TwinKey, 'domainSize' | 'terms'>,
  wires: readonly bigint[],
): bigint[] {
  const rows = [0, 1].map(() => new Array<bigint>(domainSize).fill(0n));
  for (const { matrix, row, wire, value } of terms) {
    rows[matrix]![row] = SCALAR_FIELD.reduce(rows[matrix]![row]! + value * wires[wire]!);
  }
  const [a, b] = rows as [bigint[], bigint[]];
  const c = a.map((value, index) => SCALAR_FIELD.multiply(value, b[index]!));
  const shift = findRootOfUnity(2 * domainSize);
  const [onA, onB, onC] = [a, b, c].map((values) => evaluateOnDomain(interpolateOnDomain(values), shift)) as [
    bigint[],
    bigint[],
    bigint[],
  ];
  return onA.map((value, index) => SCALAR_FIELD.reduce(value * onB[index]! - onC[index]!));
}

function parseTerms(section: Uint8Array): Term[] {
  const factor = SCALAR_FIELD.invert(RADIX * RADIX);
  return cut(section.subarray(4), COEFFICIENT_BYTES).map((bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return {
      matrix: view.getUint32(0, true),
      row: view.getUint32(4, true),
      wire: view.getUint32(8, true),
      value: SCALAR_FIELD.multiply(littleEndianToBigint(bytes.subarray(12)), factor),
    };
  });
}

function parsePoint1(bytes: Uint8Array): Point1 {
  const [x, y] = parseParts(bytes) as [bigint, bigint];
  return x === 0n && y === 0n ? undefined : { x, y };
}

function parsePoint2(bytes: Uint8Array): Point2 {
  const [x0, x1, y0, y1] = parseParts(bytes) as [bigint, bigint, bigint, bigint];
  return [x0, x1, y0, y1].every((part) => part === 0n) ? undefined : { x: [x0, x1], y: [y0, y1] };
}

function parseParts(bytes: Uint8Array): bigint[] {
  const factor = BASE_FIELD.invert(RADIX);
  return cut(bytes, PART_BYTES).map((part) => BASE_FIELD.multiply(littleEndianToBigint(part), factor));
}

function cut(bytes: Uint8Array, length: number): Uint8Array[] {
  return Array.from({ length: bytes.length / length }, (_, index) =>
    bytes.subarray(index * length, (index + 1) * length),
  );
}
