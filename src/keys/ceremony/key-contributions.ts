import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

import { bn254 } from '@noble/curves/bn254.js';

import { BASE_FIELD_MODULUS, bytesToHex, describeSystemReason, SolventError } from '../../protocol/index.js';
import { bytesToInteger, integerToBytes, powerModulo } from '../development-key/integers.js';
import type { CeremonyCode } from './errors.js';

/** One contribution as a key lists it; snarkjs has checked its pairings where this says nothing. */
export type KeyContribution = {
  readonly name: string;
  /** BLAKE2b of its points and transcript, in hexadecimal: what its contributor publishes. */
  readonly contributionHash: string;
  /** Where it follows from a public value: the value, in hexadecimal, and how often it is hashed. */
  readonly beacon?: { readonly value: string; readonly iterationsExponent: number };
};

/** Section 10 of a key. */
export type KeyContributions = {
  /** BLAKE2b of the initial key, in hexadecimal. */
  readonly circuitHash: string;
  readonly contributions: readonly KeyContribution[];
};

const FILE_HEADER_BYTES = 12;
const SECTION_HEADER_BYTES = 12;
const CONTRIBUTIONS_SECTION = 10;
const MAX_SECTIONS = 16;
/** A thousand contributions with the longest name and value. */
const MAX_SECTION_BYTES = 1 << 20;
const MAX_CONTRIBUTIONS = 1001;
const COORDINATE_BYTES = 32;
const HASH_BYTES = 64;
/** 1/R modulo q, which takes a coordinate out of Montgomery form. */
const INVERSE_R = powerModulo(2n, 256n * (BASE_FIELD_MODULUS - 2n), BASE_FIELD_MODULUS);

const CONTRIBUTION = 0;
const BEACON = 1;
const NAME_PARAMETER = 1;
const ITERATIONS_PARAMETER = 2;
const VALUE_PARAMETER = 3;

/**
 * Reads the contributions that a key lists. Every point is held to its curve and subgroup and none may be the point at
 * infinity, which snarkjs does not check; whether they follow from each other is for `followsFromInitialKey` to say.
 * Format: snarkjs, zkey_utils.js.
 * @throws SolventError `ceremony-key-malformed`, `contribution-empty`.
 */
export async function readKeyContributions(zkeyPath: string): Promise<KeyContributions> {
  const reader = new SectionReader(await readContributionSection(zkeyPath), zkeyPath);
  const circuitHash = bytesToHex(reader.take(HASH_BYTES));
  const count = reader.takeUint32();
  if (count > MAX_CONTRIBUTIONS) throw malformed(zkeyPath, `${count} contributions`);
  const contributions: KeyContribution[] = [];
  // Before anyone contributed, delta is the generator (1, 2), and so is gamma. A point and its opposite have one x:
  // a delta of minus gamma is as good to a forger as gamma itself.
  const deltas = new Set([1n]);
  for (let index = 0; index < count; index++) {
    const { deltaX, ...contribution } = readContribution(reader);
    if (deltas.has(deltaX)) throw empty(zkeyPath, index + 1);
    deltas.add(deltaX);
    contributions.push(contribution);
  }
  reader.assertEnd();
  return { circuitHash, contributions };
}

function readContribution(reader: SectionReader): KeyContribution & { readonly deltaX: bigint } {
  const hash = createHash('blake2b512');
  const deltaAfter = reader.takeG1();
  for (const point of [deltaAfter, reader.takeG1(), reader.takeG1()]) hash.update(encodeBigEndian(point));
  const [x, y] = reader.takeG2();
  hash.update(encodeBigEndian([x[1], x[0], y[1], y[0]]));
  hash.update(reader.take(HASH_BYTES));
  const kind = reader.takeUint32();
  if (kind !== CONTRIBUTION && kind !== BEACON) throw reader.refuse('a contribution of unknown kind');
  const { name, iterationsExponent, value } = readParameters(reader);
  const isBeacon = kind === BEACON;
  if (isBeacon !== (value !== undefined) || isBeacon !== (iterationsExponent !== undefined)) {
    throw reader.refuse('a contribution whose parameters are not of its kind');
  }
  return {
    name,
    contributionHash: hash.digest('hex'),
    deltaX: deltaAfter[0],
    ...(value === undefined || iterationsExponent === undefined
      ? {}
      : { beacon: { value, iterationsExponent } }),
  };
}

function readParameters(reader: SectionReader) {
  const parameters = reader.nested(reader.takeUint32());
  let name = '';
  let iterationsExponent: number | undefined;
  let value: string | undefined;
  let last = 0;
  while (!parameters.isAtEnd()) {
    const type = parameters.takeByte();
    if (type <= last) throw reader.refuse('parameters out of order');
    last = type;
    if (type === NAME_PARAMETER) name = decodeName(parameters.take(parameters.takeByte()), reader);
    else if (type === ITERATIONS_PARAMETER) iterationsExponent = parameters.takeByte();
    else if (type === VALUE_PARAMETER) value = bytesToHex(parameters.take(parameters.takeByte()));
    else throw reader.refuse('an unknown parameter');
  }
  return { name, iterationsExponent, value };
}

function decodeName(bytes: Uint8Array, reader: SectionReader): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw reader.refuse('a name that is not UTF-8');
  }
}

type G1 = readonly [bigint, bigint];
type Fp2 = readonly [bigint, bigint];

class SectionReader {
  readonly #bytes: Uint8Array;
  readonly #path: string;
  #position = 0;

  constructor(bytes: Uint8Array, path: string) {
    this.#bytes = bytes;
    this.#path = path;
  }

  refuse(got: string): SolventError<CeremonyCode> {
    return malformed(this.#path, got);
  }

  isAtEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  assertEnd(): void {
    if (!this.isAtEnd()) throw this.refuse('bytes after the last contribution');
  }

  nested(length: number): SectionReader {
    return new SectionReader(this.take(length), this.#path);
  }

  take(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw this.refuse('an early end');
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }

  takeByte(): number {
    return this.take(1)[0]!;
  }

  takeUint32(): number {
    return Number(bytesToInteger(this.take(4)));
  }

  takeG1(): G1 {
    const point: G1 = [this.#takeCoordinate(), this.#takeCoordinate()];
    const [x, y] = point;
    this.#assertPoint(() => {
      const { Point } = bn254.G1;
      const made = Point.fromAffine({ x, y });
      made.assertValidity();
      return !made.is0();
    });
    return point;
  }

  takeG2(): readonly [Fp2, Fp2] {
    const x: Fp2 = [this.#takeCoordinate(), this.#takeCoordinate()];
    const y: Fp2 = [this.#takeCoordinate(), this.#takeCoordinate()];
    this.#assertPoint(() => {
      const { Point } = bn254.G2;
      const made = Point.fromAffine({ x: { c0: x[0], c1: x[1] }, y: { c0: y[0], c1: y[1] } });
      made.assertValidity();
      return !made.is0() && made.isTorsionFree();
    });
    return [x, y];
  }

  #takeCoordinate(): bigint {
    const montgomery = bytesToInteger(this.take(COORDINATE_BYTES));
    if (montgomery >= BASE_FIELD_MODULUS) throw this.refuse('a coordinate above the modulus');
    return (montgomery * INVERSE_R) % BASE_FIELD_MODULUS;
  }

  #assertPoint(isValid: () => boolean): void {
    let valid: boolean;
    try {
      valid = isValid();
    } catch {
      valid = false;
    }
    if (!valid) throw this.refuse('a point that is not in its group');
  }
}

function encodeBigEndian(coordinates: readonly bigint[]): Buffer {
  return Buffer.concat(coordinates.map((value) => integerToBytes(value, COORDINATE_BYTES).reverse()));
}

async function readContributionSection(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw malformed(path, `no readable file (${describeSystemReason(cause)})`, cause);
  });
  try {
    const read = async (position: number, length: number): Promise<Buffer> => {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
      if (bytesRead < length) throw malformed(path, 'an early end');
      return buffer;
    };
    const start = await read(0, FILE_HEADER_BYTES);
    if (start.toString('latin1', 0, 4) !== 'zkey') throw malformed(path, 'another format');
    let position = FILE_HEADER_BYTES;
    let found: Uint8Array | undefined;
    for (let left = Math.min(start.readUInt32LE(8), MAX_SECTIONS); left > 0; left--) {
      const header = await read(position, SECTION_HEADER_BYTES);
      const sizeBytes = Number(header.readBigUInt64LE(4));
      position += SECTION_HEADER_BYTES;
      if (header.readUInt32LE(0) === CONTRIBUTIONS_SECTION) {
        if (found !== undefined || sizeBytes > MAX_SECTION_BYTES) {
          throw malformed(path, 'contributions twice, or too many');
        }
        found = await read(position, sizeBytes);
      }
      position += sizeBytes;
    }
    if (found === undefined) throw malformed(path, 'no contributions section');
    return found;
  } finally {
    await file.close();
  }
}

function empty(path: string, position: number): SolventError<CeremonyCode> {
  return new SolventError(
    'artefact',
    'contribution-empty',
    `expected each contribution to make a new delta, got one from before at contribution ${position} of ${path}`,
    { details: { path, position } },
  );
}

function malformed(path: string, got: string, cause?: unknown): SolventError<CeremonyCode> {
  return new SolventError(
    'artefact',
    'ceremony-key-malformed',
    `expected a Groth16 key with the contributions of a ceremony in ${path}, got ${got}`,
    { details: { path }, cause },
  );
}
