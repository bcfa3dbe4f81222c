import { createHash, type Hash } from 'node:crypto';

import { ELEMENT_BYTES, POINT_BYTES, withFileSync, type Group } from '../../iden3/index.js';
import { Bn254, type Address } from '../development-key/bn254.js';
import { readAll } from './point-reader.js';

/** Points that are converted together: a step of snarkjs is as large, which shows; see `hashPowers`. */
const CHUNK_POINTS = 2 ** 14;
const JACOBIAN_BYTES = 3 * ELEMENT_BYTES;

/** What the hash of a circuit is made of, in its order; points as files hold them. */
export type CircuitHashSource = {
  readonly ptauPath: string;
  /** Of the powers of tau in the first group. */
  readonly powersPosition: number;
  readonly domainSize: number;
  readonly alpha1: Uint8Array;
  readonly beta1: Uint8Array;
  readonly beta2: Uint8Array;
  readonly generator1: Uint8Array;
  readonly generator2: Uint8Array;
  readonly ic: Uint8Array;
  /** Of the wires that are not public, before anyone contributed. */
  readonly wires: Uint8Array;
  readonly a: Uint8Array;
  readonly b1: Uint8Array;
  readonly b2: Uint8Array;
};

/**
 * The hash of a circuit that every contribution binds: BLAKE2b of the initial key's points (snarkjs, zkey_new.js).
 * @returns 64 bytes.
 */
export function hashCircuit(source: CircuitHashSource): Uint8Array {
  const { alpha1, beta1, beta2, generator1, generator2 } = source;
  const hasher = new PointHasher(source.domainSize);
  hasher.addPoints('G1', alpha1);
  hasher.addPoints('G1', beta1);
  hasher.addPoints('G2', beta2);
  // Gamma, and delta in both groups.
  hasher.addPoints('G2', generator2);
  hasher.addPoints('G1', generator1);
  hasher.addPoints('G2', generator2);
  hasher.addList('G1', source.ic);
  hasher.addPowers(source);
  hasher.addList('G1', source.wires);
  hasher.addList('G1', source.a);
  hasher.addList('G1', source.b1);
  hasher.addList('G2', source.b2);
  return hasher.digest();
}

class PointHasher {
  readonly #hash: Hash = createHash('blake2b512');
  readonly #bn254 = new Bn254();
  readonly #chunkPoints: number;
  readonly #from: Address;
  readonly #to: Address;
  /** Jacobian points of G1, with room for the inversion of all of them. */
  readonly #sums: Address;

  constructor(domainSize: number) {
    this.#chunkPoints = Math.min(CHUNK_POINTS, domainSize);
    this.#from = this.#bn254.allocate(this.#chunkPoints * POINT_BYTES.G2);
    this.#to = this.#bn254.allocate(this.#chunkPoints * POINT_BYTES.G2);
    this.#sums = this.#bn254.allocate(
      this.#chunkPoints * JACOBIAN_BYTES,
      (this.#chunkPoints + 1) * POINT_BYTES.G1,
    );
  }

  digest(): Uint8Array {
    return this.#hash.digest();
  }

  /** A count, big-endian, and that many points. */
  addList(group: Group, points: Uint8Array): void {
    this.#addCount(points.length / POINT_BYTES[group]);
    this.addPoints(group, points);
  }

  /** Points as plain coordinates, big-endian. */
  addPoints(group: Group, points: Uint8Array): void {
    const { bytes, exports } = this.#bn254;
    const convert = group === 'G1' ? exports.g1m_batchLEMtoU : exports.g2m_batchLEMtoU;
    const chunkBytes = this.#chunkPoints * POINT_BYTES[group];
    for (let done = 0; done < points.length; done += chunkBytes) {
      const chunk = points.subarray(done, done + chunkBytes);
      bytes.set(chunk, this.#from);
      convert(this.#from, chunk.length / POINT_BYTES[group], this.#to);
      this.#hash.update(bytes.subarray(this.#to, this.#to + chunk.length));
    }
  }

  /**
   * The points tau^(i+n) - tau^i for the n - 1 least i. From 2^15 rows on snarkjs 0.7.6 hashes one more: its last step is as
   * long as the others. In a file for just n rows what it subtracts from is then no point but the beginning of the next
   * section; the same operations on the same bytes give the same hash.
   */
  addPowers({ ptauPath, powersPosition, domainSize }: CircuitHashSource): void {
    this.#addCount(domainSize - 1);
    const { bytes, exports } = this.#bn254;
    const step = Math.min(domainSize - 1, CHUNK_POINTS);
    const high = new Uint8Array(step * POINT_BYTES.G1);
    const low = new Uint8Array(step * POINT_BYTES.G1);
    withFileSync(ptauPath, (descriptor) => {
      for (let first = 0; first < domainSize - 1; first += step) {
        readAll(descriptor, high, powersPosition + (first + domainSize) * POINT_BYTES.G1);
        readAll(descriptor, low, powersPosition + first * POINT_BYTES.G1);
        bytes.set(high, this.#from);
        bytes.set(low, this.#to);
        for (let index = 0; index < step; index++) {
          const at = index * POINT_BYTES.G1;
          exports.g1m_subAffine(this.#from + at, this.#to + at, this.#sums + index * JACOBIAN_BYTES);
        }
        exports.g1m_batchToAffine(this.#sums, step, this.#sums);
        exports.g1m_batchLEMtoU(this.#sums, step, this.#to);
        this.#hash.update(bytes.subarray(this.#to, this.#to + high.length));
      }
    });
  }

  #addCount(count: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(count);
    this.#hash.update(bytes);
  }
}
