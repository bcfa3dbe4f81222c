import { createHash } from 'node:crypto';

import { bn254 } from '@noble/curves/bn254.js';

import {
  bigintToLittleEndian,
  decodeCoordinate,
  ELEMENT_BYTES,
  littleEndianToBigint,
  readContributionsSection,
} from '../../iden3/index.js';
import type { ContributionPoints } from '../../protocol/ceremony/index.js';
import { bytesToHex, SolventError } from '../../protocol/index.js';
import { refuseKeys, type KeysCode } from '../errors.js';

/** One contribution as a key lists it; snarkjs has checked its pairings where this says nothing. */
export type KeyContribution = {
  readonly name: string;
  /** BLAKE2b of its points and transcript, in hexadecimal: what its contributor publishes. */
  readonly contributionHash: string;
  /** Delta after it, and the proof that its maker knew the factor. */
  readonly points: ContributionPoints;
  /** Where it follows from a public value: the value, in hexadecimal, and how often it is hashed. */
  readonly beacon?: { readonly value: string; readonly iterationsExponent: number };
};

/** Section 10 of a key. */
export type KeyContributions = {
  /** BLAKE2b of the initial key, in hexadecimal. */
  readonly circuitHash: string;
  readonly contributions: readonly KeyContribution[];
};

/** A thousand contributions with the longest name and value. */
const MAX_SECTION_BYTES = 1 << 20;
const MAX_CONTRIBUTIONS = 1001;
const HASH_BYTES = 64;

const CONTRIBUTION = 0;
const BEACON = 1;
const NAME_PARAMETER = 1;
const ITERATIONS_PARAMETER = 2;
const VALUE_PARAMETER = 3;

/**
 * Reads the contributions that a key lists. Every point is held to its curve and subgroup, and none may be the point at
 * infinity. snarkjs does not check this. `followsFromInitialKey` says whether the points follow from each other.
 * Format: snarkjs, zkey_utils.js.
 * @throws SolventError `ceremony-key-malformed`, `contribution-empty`.
 */
export async function readKeyContributions(zkeyPath: string): Promise<KeyContributions> {
  const reader = new SectionReader(await readSection(zkeyPath), zkeyPath);
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
  const [s, sx] = [reader.takeG1(), reader.takeG1()];
  for (const point of [deltaAfter, s, sx]) hash.update(encodeBigEndian(point));
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
    points: { delta: spell(deltaAfter), s: spell(s), sx: spell(sx), spx: [spell(x), spell(y)] },
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

  refuse(got: string): SolventError<KeysCode> {
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
    return Number(littleEndianToBigint(this.take(4)));
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
    const coordinate = decodeCoordinate(this.take(ELEMENT_BYTES));
    if (coordinate === undefined) throw this.refuse('a coordinate above the modulus');
    return coordinate;
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

function spell([first, second]: readonly [bigint, bigint]): [string, string] {
  return [first.toString(), second.toString()];
}

function encodeBigEndian(coordinates: readonly bigint[]): Buffer {
  return Buffer.concat(coordinates.map((value) => bigintToLittleEndian(value, ELEMENT_BYTES).reverse()));
}

async function readSection(path: string): Promise<Uint8Array> {
  try {
    return await readContributionsSection(path, MAX_SECTION_BYTES);
  } catch (cause) {
    throw malformed(path, `another file: ${(cause as Error).message}`, cause);
  }
}

function empty(path: string, position: number): SolventError<KeysCode> {
  return refuseKeys('contribution-empty', {
    expected: 'each contribution to make a new delta',
    found: `one from before at contribution ${position} of ${path}`,
    details: { path, position },
  });
}

function malformed(path: string, got: string, cause?: unknown): SolventError<KeysCode> {
  return refuseKeys('ceremony-key-malformed', {
    expected: `a Groth16 key with the contributions of a ceremony in ${path}`,
    found: got,
    details: { path },
    cause,
  });
}
