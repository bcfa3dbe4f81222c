import { bn254 } from '@noble/curves/bn254.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';

import { BASE_FIELD_MODULUS, FIELD_MODULUS, hexToBytes } from '../../protocol/index.js';
import type { ContributionPoints } from '../../protocol/ceremony/index.js';
import type { AffineG1, AffineG2 } from '../pairing/curve.js';

/*
 * What a contribution to a key's delta is held to, as snarkjs makes it (zkey_contribute.js, keypair.js, misc.js, and
 * ffjavascript's wasm_curve.js, wasm_field1.js and chacha.js). Its maker shows that they know the factor x.
 * Each contribution draws a point of G2 from everything before it, whose logarithm nobody knows, and shows x times that
 * point.
 */

/** Bytes of a coordinate, big-endian where they are hashed. */
const COORDINATE_BYTES = 32;
/** ffjavascript draws elements in Montgomery form: 254 bits, taken as x times 2^256. */
const DRAWN_BITS = 254n;
const RADIX = 1n << 256n;
/** The order of the twist is this times r. */
const COFACTOR_2 = 0x30644e72e131a029b85045b68181585e06ceecda572a2489345f2299c0f9fa8dn;
const HALF = (BASE_FIELD_MODULUS - 1n) / 2n;

const { Fp, Fp2 } = bn254.fields;

/** Hashes the contributions to one key in their order, and gives each its challenge. */
export class ContributionHashes {
  readonly #hash = blake2b.create({ dkLen: 64 });

  /** @param circuitHash BLAKE2b of the initial key, which every contribution binds. */
  constructor(circuitHash: string) {
    this.#hash.update(hexToBytes(circuitHash));
  }

  /**
   * The next contribution: its challenge, a point of G2 that takes milliseconds to draw, and the hash that names it, 64 bytes. All points must be points of
   * their groups.
   */
  add(points: ContributionPoints): {
    readonly drawChallenge: () => AffineG2;
    readonly contributionHash: Uint8Array;
  } {
    const { delta, s, sx, spx } = points;
    const transcript = this.#hash.clone().update(encode(s)).update(encode(sx)).digest();
    const [[real, imaginary], [realY, imaginaryY]] = spx;
    const spoken = [...[delta, s, sx].map(encode), encode([imaginary, real, imaginaryY, realY]), transcript];
    const named = blake2b.create({ dkLen: 64 });
    for (const bytes of spoken) {
      named.update(bytes);
      this.#hash.update(bytes);
    }
    return { drawChallenge: () => hashToG2(transcript), contributionHash: named.digest() };
  }
}

/**
 * What the contribution of a beacon must show, and its secret, which everybody can compute: it is drawn from SHA-256 of the
 * value, 2^iterationsExponent times.
 * @param value in hexadecimal.
 */
export function deriveBeaconPoints(
  value: string,
  iterationsExponent: number,
): { readonly s: AffineG1; readonly sx: AffineG1; readonly secret: bigint } {
  let seed: Uint8Array = hexToBytes(value);
  for (let done = 0; done < 2 ** iterationsExponent; done++) seed = sha256(seed);
  const random = new ChaCha(seed);
  const secret = drawElement(random, FIELD_MODULUS);
  const point = drawG1(random);
  return { s: spellG1(point), sx: spellG1(point.multiply(secret)), secret };
}

function encode(coordinates: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(coordinates.length * COORDINATE_BYTES);
  coordinates.forEach((text, index) => {
    bytes.set(
      hexToBytes(
        BigInt(text)
          .toString(16)
          .padStart(2 * COORDINATE_BYTES, '0'),
      ),
      index * COORDINATE_BYTES,
    );
  });
  return bytes;
}

/** An element below `modulus`, out of Montgomery form. */
function drawElement(random: ChaCha, modulus: bigint): bigint {
  for (;;) {
    let drawn = 0n;
    for (let word = 0n; word < 4n; word++) drawn |= random.nextUint64() << (64n * word);
    drawn &= (1n << DRAWN_BITS) - 1n;
    if (drawn < modulus) return (drawn * invert(RADIX % modulus, modulus)) % modulus;
  }
}

function drawG1(random: ChaCha) {
  const { Point } = bn254.G1;
  for (;;) {
    const x = drawElement(random, BASE_FIELD_MODULUS);
    const wantsGreater = random.nextBit();
    const square = Fp.add(Fp.mul(Fp.sqr(x), x), 3n);
    if (!isSquare(square)) continue;
    const root = Fp.sqrt(square);
    return Point.fromAffine({ x, y: root > HALF === wantsGreater ? root : Fp.neg(root) });
  }
}

function hashToG2(transcript: Uint8Array): AffineG2 {
  const random = new ChaCha(transcript);
  const { Point } = bn254.G2;
  for (;;) {
    const c0 = drawElement(random, BASE_FIELD_MODULUS);
    const c1 = drawElement(random, BASE_FIELD_MODULUS);
    const x = Fp2.create({ c0, c1 });
    const wantsGreater = random.nextBit();
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), Point.CURVE().b);
    // A square of F_p² is one whose norm is a square of F_p.
    if (!isSquare(Fp.add(Fp.sqr(square.c0), Fp.sqr(square.c1)))) continue;
    const root = Fp2.sqrt(square);
    const isGreater = (root.c1 === 0n ? root.c0 : root.c1) > HALF;
    const y = isGreater === wantsGreater ? root : Fp2.neg(root);
    return spellG2(multiplyByCofactor(Point.fromAffine({ x, y })));
  }
}

/** The library multiplies by scalars below r alone, and the cofactor is above. */
function multiplyByCofactor(point: InstanceType<typeof bn254.G2.Point>) {
  let result = bn254.G2.Point.ZERO;
  for (const bit of COFACTOR_2.toString(2)) {
    result = result.double();
    if (bit === '1') result = result.add(point);
  }
  return result;
}

function isSquare(value: bigint): boolean {
  return value === 0n || Fp.pow(value, HALF) === 1n;
}

function invert(value: bigint, modulus: bigint): bigint {
  let [result, base] = [1n, value];
  for (let exponent = modulus - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % modulus;
    base = (base * base) % modulus;
  }
  return result;
}

function spellG1(point: InstanceType<typeof bn254.G1.Point>): AffineG1 {
  const { x, y } = point.toAffine();
  return [x.toString(), y.toString()];
}

function spellG2(point: InstanceType<typeof bn254.G2.Point>): AffineG2 {
  const { x, y } = point.toAffine();
  return [
    [x.c0.toString(), x.c1.toString()],
    [y.c0.toString(), y.c1.toString()],
  ];
}

/** The first 32 bytes of a seed as the key of ChaCha20, words big-endian, with nonce and counter 0 (ffjavascript). */
class ChaCha {
  readonly #state: Uint32Array;
  readonly #block = new Uint32Array(16);
  #next = 16;

  constructor(seed: Uint8Array) {
    const view = new DataView(seed.buffer, seed.byteOffset, seed.byteLength);
    const key = Array.from({ length: 8 }, (_, index) => view.getUint32(4 * index));
    this.#state = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, ...key, 0, 0, 0, 0);
  }

  nextUint64(): bigint {
    const high = BigInt(this.#nextWord());
    return (high << 32n) | BigInt(this.#nextWord());
  }

  nextBit(): boolean {
    return (this.#nextWord() & 1) === 1;
  }

  #nextWord(): number {
    if (this.#next === this.#block.length) this.#refill();
    return this.#block[this.#next++]!;
  }

  #refill(): void {
    this.#block.set(this.#state);
    for (let round = 0; round < 10; round++) {
      for (let column = 0; column < 4; column++) this.#mix(column, column + 4, column + 8, column + 12);
      this.#mix(0, 5, 10, 15);
      this.#mix(1, 6, 11, 12);
      this.#mix(2, 7, 8, 13);
      this.#mix(3, 4, 9, 14);
    }
    this.#block.forEach((word, index) => {
      this.#block[index] = word + this.#state[index]!;
    });
    this.#state[12] = this.#state[12]! + 1;
    this.#next = 0;
  }

  #mix(...[a, b, c, d]: readonly [number, number, number, number]): void {
    const block = this.#block;
    const turn = (target: number, source: number, [to, bits]: readonly [number, number]) => {
      block[target] = block[target]! + block[source]!;
      const mixed = block[to]! ^ block[target];
      block[to] = (mixed << bits) | (mixed >>> (32 - bits));
    };
    turn(a, b, [d, 16]);
    turn(c, d, [b, 12]);
    turn(a, b, [d, 8]);
    turn(c, d, [b, 7]);
  }
}
