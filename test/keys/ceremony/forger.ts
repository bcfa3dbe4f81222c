/**
 * What an attacker does to a ceremony: raw snarkjs, contributions whose secret is known, proofs without a witness.
 */
import { createHash } from 'node:crypto';
import { copyFile, open } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { bn254 } from '@noble/curves/bn254.js';

import { FIELD_MODULUS, type Proof, type VerificationKey } from '../../../src/protocol/index.js';

type G1 = Uint8Array & { readonly group: 1 };
type G2 = Uint8Array & { readonly group: 2 };
type Group<Point> = {
  readonly g: Point;
  fromRng(random: object): Point;
  toAffine(point: Point): Point;
  timesScalar(point: Point, scalar: bigint): Point;
  toRprLEM(bytes: Uint8Array, offset: number, point: Point): void;
  toRprUncompressed(bytes: Uint8Array, offset: number, point: Point): void;
};
type Curve = {
  readonly G1: Group<G1>;
  readonly G2: Group<G2>;
  readonly Fr: { fromRng(random: object): Uint8Array; toObject(element: Uint8Array): bigint };
  terminate(): Promise<void>;
};

type Snarkjs = {
  readonly curves: { getCurveFromName(name: 'bn128'): Promise<Curve> };
  readonly zKey: {
    beacon(before: string, after: string, name: string, value: string, exponent: number): Promise<unknown>;
    contribute(before: string, after: string, name: string, entropy: string): Promise<unknown>;
    verifyFromInit(initial: string, ptau: string, key: string): Promise<boolean>;
  };
};

const require = createRequire(import.meta.url);
const snarkjs = require('snarkjs') as Snarkjs;
const { ChaCha } = createRequire(require.resolve('snarkjs'))('ffjavascript') as {
  ChaCha: new (seed: readonly number[]) => object;
};

/** Raw snarkjs, with its threads ended after each call. */
export const rawSnarkjs = {
  beacon: (before: string, after: string, value: string) =>
    withCurve(() => snarkjs.zKey.beacon(before, after, 'beacon', value, 10)),
  contribute: (before: string, after: string, name: string) =>
    withCurve(() => snarkjs.zKey.contribute(before, after, name, 'of a test')),
  /** `snarkjs zkey verify`. */
  verify: (initial: string, ptau: string, key: string) =>
    withCurve(() => snarkjs.zKey.verifyFromInit(initial, ptau, key)),
};

/** The secret that follows from a beacon's value, as everyone can compute it. */
export async function deriveBeaconSecret(value: string): Promise<bigint> {
  let hash: Buffer = Buffer.from(value, 'hex');
  for (let iteration = 0; iteration < 2 ** 10; iteration++) hash = createHash('sha256').update(hash).digest();
  return withCurve(({ Fr }) => Fr.toObject(Fr.fromRng(seedRandom(hash))));
}

/**
 * A proof of whatever public signals, for a key whose delta is `secret` times its gamma, and without any witness:
 * A = alpha, B = beta, C = -(IC_0 + Σ signal·IC_i) / secret.
 */
export function forgeProof(key: VerificationKey, secret: bigint, publicSignals: readonly bigint[]): Proof {
  const { Point } = bn254.G1;
  const [first, ...rest] = key.ic.map(([x, y]) => Point.fromAffine({ x: BigInt(x), y: BigInt(y) }));
  const sum = rest.reduce((total, point, index) => total.add(point.multiply(publicSignals[index]!)), first!);
  const inverse = bn254.fields.Fr.inv(secret);
  const { x, y } = sum.multiply((FIELD_MODULUS - inverse) % FIELD_MODULUS).toAffine();
  return { a: key.alpha, b: key.beta, c: [x.toString(), y.toString()] };
}

const FILE_HEADER_BYTES = 12;
const SECTION_HEADER_BYTES = 12;
const CONTRIBUTIONS_SECTION = 10;
const HASH_BYTES = 64;

/**
 * A key with one contribution by the book whose secret is 1: it changes nothing. Only for a key that has none yet, so
 * that its delta is the generator.
 */
export async function contributeNothing(before: string, after: string, name: string): Promise<void> {
  await copyFile(before, after);
  const file = await open(after, 'r+');
  try {
    const { offset, sizeOffset } = await findContributions(file);
    const circuitHash = Buffer.alloc(HASH_BYTES);
    await file.read(circuitHash, 0, HASH_BYTES, offset);
    const contribution = await withCurve((curve) => makeEmptyContribution(curve, circuitHash, name));
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(HASH_BYTES + 4 + contribution.length));
    await file.write(size, 0, 8, sizeOffset);
    const section = Buffer.concat([circuitHash, Buffer.of(1, 0, 0, 0), contribution]);
    await file.write(section, 0, section.length, offset);
  } finally {
    await file.close();
  }
}

function makeEmptyContribution({ G1, G2 }: Curve, circuitHash: Buffer, name: string): Buffer {
  const s = G1.toAffine(G1.fromRng(seedRandom(createHash('sha256').update(name).digest())));
  const uncompressed = Buffer.alloc(64);
  G1.toRprUncompressed(uncompressed, 0, s);
  const transcript = createHash('blake2b512')
    .update(circuitHash)
    .update(uncompressed)
    .update(uncompressed)
    .digest();
  const spx = G2.toAffine(G2.fromRng(seedRandom(transcript)));
  const points = Buffer.alloc(3 * 64 + 128);
  [G1.g, s, s].forEach((point, index) => {
    G1.toRprLEM(points, index * 64, point);
  });
  G2.toRprLEM(points, 3 * 64, spx);
  const label = Buffer.from(name);
  const parameters = Buffer.concat([Buffer.of(1, label.length), label]);
  const kindAndLength = Buffer.alloc(8);
  kindAndLength.writeUInt32LE(parameters.length, 4);
  return Buffer.concat([points, transcript, kindAndLength, parameters]);
}

/** Where the list of contributions stands: snarkjs writes it last. */
async function findContributions(file: Awaited<ReturnType<typeof open>>) {
  const header = Buffer.alloc(SECTION_HEADER_BYTES);
  let position = FILE_HEADER_BYTES;
  for (;;) {
    await file.read(header, 0, SECTION_HEADER_BYTES, position);
    const offset = position + SECTION_HEADER_BYTES;
    if (header.readUInt32LE(0) === CONTRIBUTIONS_SECTION) return { offset, sizeOffset: position + 4 };
    position = offset + Number(header.readBigUInt64LE(4));
  }
}

/** The random numbers that snarkjs draws from a hash. */
function seedRandom(hash: Buffer): object {
  return new ChaCha(Array.from({ length: 8 }, (_, index) => hash.readUInt32BE(index * 4)));
}

async function withCurve<T>(use: (curve: Curve) => T | Promise<T>): Promise<T> {
  const curve = await snarkjs.curves.getCurveFromName('bn128');
  try {
    return await use(curve);
  } finally {
    await (await snarkjs.curves.getCurveFromName('bn128')).terminate();
  }
}
