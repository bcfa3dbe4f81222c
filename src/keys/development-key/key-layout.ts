import { bigintToLittleEndian, ELEMENT_BYTES, type Group, POINT_BYTES } from '../../iden3/index.js';
import { FIELD_MODULUS, BASE_FIELD_MODULUS } from '../../protocol/index.js';
import type { R1cs } from './r1cs.js';

/** Bytes of one coefficient in section 4: matrix, constraint, wire, value. */
export const COEFFICIENT_BYTES = 3 * 4 + ELEMENT_BYTES;

/** Consecutive points of a key that are consecutive scalars times a generator. */
export type PointRun = {
  readonly group: Group;
  /** Index of the first scalar. */
  readonly firstScalar: number;
  readonly count: number;
  /** Where in the file the first point stands. */
  readonly offset: number;
};

/** Where the scalars stand that a key's points are made from; indices of 32-byte elements. */
export type ScalarLayout = {
  readonly alpha: number;
  readonly beta: number;
  readonly one: number;
  readonly delta: number;
  /** One scalar a wire, three times: A, B, and (beta·A + alpha·B + C) over gamma or delta. */
  readonly a: number;
  readonly b: number;
  readonly k: number;
  /** One scalar a row of the domain. */
  readonly h: number;
  readonly count: number;
};

/** A `.zkey` file of snarkjs for Groth16, whose every size follows from the circuit but that of section 4. */
export type KeyLayout = {
  /** Rows of the QAP: a power of two. */
  readonly domainSize: number;
  readonly scalars: ScalarLayout;
  readonly runs: readonly PointRun[];
  /** All bytes before section 4 that are not points, by their place in the file. */
  readonly fixed: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  /** Where the header of section 4 stands; that section comes last, since its length is known last. */
  readonly coefficientsOffset: number;
};

/** Groth16, in section 1. */
const PROTOCOL_ID = 1;
const SECTION_COUNT = 10;
const SECTION_HEADER_BYTES = 12;
const CONTRIBUTIONS_MARK = 'solvent: insecure development key, its trapdoor was known once.';
const CIRCUIT_HASH_BYTES = 64;

/**
 * Lays out the key of a circuit. Section 10 states no contribution, and where a ceremony has the hash of its circuit
 * it says what this key is: `snarkjs zkey verify` refuses it.
 */
export function layOutKey(r1cs: R1cs): KeyLayout {
  const { wireCount, publicCount, constraintCount } = r1cs;
  const icCount = publicCount + 1;
  const domainSize = domainSizeFor(constraintCount + icCount);
  const scalars = layOutScalars(wireCount, domainSize);
  const fixed: { offset: number; bytes: Uint8Array }[] = [];
  const runs: PointRun[] = [];
  let offset = 0;
  const put = (bytes: Uint8Array) => {
    fixed.push({ offset, bytes });
    offset += bytes.length;
  };
  const putRun = (group: Group, firstScalar: number, count: number) => {
    runs.push({ group, firstScalar, count, offset });
    offset += count * POINT_BYTES[group];
  };
  const putSection = (type: number, group: Group, firstScalar: number, count: number) => {
    put(sectionHeader(type, count * POINT_BYTES[group]));
    putRun(group, firstScalar, count);
  };

  put(Buffer.concat([Buffer.from('zkey'), uint32(1), uint32(SECTION_COUNT)]));
  put(Buffer.concat([sectionHeader(1, 4), uint32(PROTOCOL_ID)]));
  const sizes = fieldSizes(wireCount, publicCount, domainSize);
  put(Buffer.concat([sectionHeader(2, sizes.length + 3 * POINT_BYTES.G1 + 3 * POINT_BYTES.G2), sizes]));
  putRun('G1', scalars.alpha, 2);
  putRun('G2', scalars.beta, 2);
  putRun('G1', scalars.delta, 1);
  putRun('G2', scalars.delta, 1);
  putSection(3, 'G1', scalars.k, icCount);
  putSection(5, 'G1', scalars.a, wireCount);
  putSection(6, 'G1', scalars.b, wireCount);
  putSection(7, 'G2', scalars.b, wireCount);
  putSection(8, 'G1', scalars.k + icCount, wireCount - icCount);
  putSection(9, 'G1', scalars.h, domainSize);
  const mark = Buffer.alloc(CIRCUIT_HASH_BYTES);
  mark.write(CONTRIBUTIONS_MARK);
  put(Buffer.concat([sectionHeader(10, CIRCUIT_HASH_BYTES + 4), mark, uint32(0)]));
  return { domainSize, scalars, runs, fixed, coefficientsOffset: offset };
}

/** The header of a section: its type and its size. */
export function sectionHeader(type: number, sizeBytes: number): Uint8Array {
  const header = Buffer.alloc(SECTION_HEADER_BYTES);
  header.writeUInt32LE(type, 0);
  header.writeBigUInt64LE(BigInt(sizeBytes), 4);
  return header;
}

/** The least power of two that holds one row a constraint, and one for each public signal and the constant. */
function domainSizeFor(rowCount: number): number {
  return 2 ** Math.ceil(Math.log2(rowCount));
}

/** alpha next to beta and beta next to one, so that two neighbours in the header are two neighbours here. */
function layOutScalars(wireCount: number, domainSize: number): ScalarLayout {
  const a = 4;
  const b = a + wireCount;
  const k = b + wireCount;
  const h = k + wireCount;
  return { alpha: 0, beta: 1, one: 2, delta: 3, a, b, k, h, count: h + domainSize };
}

function fieldSizes(wireCount: number, publicCount: number, domainSize: number): Uint8Array {
  return Buffer.concat([
    uint32(ELEMENT_BYTES),
    bigintToLittleEndian(BASE_FIELD_MODULUS, ELEMENT_BYTES),
    uint32(ELEMENT_BYTES),
    bigintToLittleEndian(FIELD_MODULUS, ELEMENT_BYTES),
    uint32(wireCount),
    uint32(publicCount),
    uint32(domainSize),
  ]);
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
