import { areBytesEqual, concatBytes, bytesToHex } from '../../../protocol/index.js';
import { BITCOIN_HEADER_BYTES, type BitcoinHeaders } from '../../../protocol/reserves/index.js';
import { refuseReserves } from '../codes.js';
import { hashTwice, formatHash } from './transaction.js';

/**
 * Whether a transaction stands at a position of a block. A branch that has its own twin on the left is refused. The
 * last hash of an odd row is hashed with itself, and its copy is no transaction (CVE-2012-2459).
 * @param branch the hashes beside the way, the lowest first.
 */
export function isInBlock(
  id: Uint8Array,
  { position, branch }: { readonly position: number; readonly branch: readonly Uint8Array[] },
  root: Uint8Array,
): boolean {
  let hash = id;
  let at = position;
  for (const beside of branch) {
    const isRight = at % 2 === 1;
    if (isRight && areBytesEqual(beside, hash)) return false;
    hash = hashTwice(isRight ? concatBytes(beside, hash) : concatBytes(hash, beside));
    at = Math.floor(at / 2);
  }
  return at === 0 && areBytesEqual(hash, root);
}

/** Hashes the rows of a block once, and gives the hashes beside the way of any of its transactions. @param ids of all, in their order. */
export function buildBranches(ids: readonly Uint8Array[]): (position: number) => Uint8Array[] {
  const rows: (readonly Uint8Array[])[] = [];
  for (let row = ids; row.length > 1;) {
    rows.push(row);
    const above: Uint8Array[] = [];
    for (let left = 0; left < row.length; left += 2) {
      above.push(hashTwice(concatBytes(row[left]!, row[left + 1] ?? row[left]!)));
    }
    row = above;
  }
  return (position) =>
    rows.map((row, height) => {
      const at = Math.floor(position / 2 ** height);
      return row[at % 2 === 1 ? at - 1 : at + 1] ?? row[at]!;
    });
}

/** Blocks whose times the median time past is of. */
const MEDIAN_BLOCKS = 11;
const NO_PARENT = new Uint8Array(32);

/** Headers of which each names the one before it, and each has the work that it says. */
export class HeaderChain {
  readonly firstNumber: number;
  readonly #bytes: Uint8Array;
  readonly #hashes: Uint8Array[] = [];

  /**
   * @param easiestBits the easiest target that a header may have, as its `bits`.
   * @throws SolventError `header-chain-broken`, `work-too-low`.
   */
  constructor({ firstNumber, bytes }: BitcoinHeaders, easiestBits: string) {
    this.firstNumber = firstNumber;
    this.#bytes = bytes;
    const easiest = expandTarget(Number.parseInt(easiestBits, 16));
    let parent: Uint8Array | undefined;
    const count = bytes.length / BITCOIN_HEADER_BYTES;
    for (let index = 0; index < count; index++) {
      const header = this.#slice(firstNumber + index, 0, BITCOIN_HEADER_BYTES);
      if (parent !== undefined && !header.subarray(4, 36).every((byte, at) => parent![at] === byte)) {
        throw refuseReserves(
          'header-chain-broken',
          `expected header ${firstNumber + index} to name the one before it, got another parent`,
        );
      }
      const hash = hashTwice(header);
      const target = expandTarget(readUint32(header, 72));
      if (target === 0n || target > easiest || toNumber(hash) > target) {
        throw refuseReserves(
          'work-too-low',
          `expected the work of your pins or more in header ${firstNumber + index}, got less`,
        );
      }
      this.#hashes.push(hash);
      parent = hash;
    }
  }

  get tipNumber(): number {
    return this.firstNumber + this.#hashes.length - 1;
  }

  has(number: number): boolean {
    return number >= this.firstNumber && number <= this.tipNumber;
  }

  /** The hash of a block, as nodes print it. */
  hashOf(number: number): string {
    return formatHash(this.#hashes[number - this.firstNumber]!);
  }

  merkleRootOf(number: number): Uint8Array {
    return this.#slice(number, 36, 68);
  }

  /** The median of the times of a block and the ten before it, in seconds; undefined where not all of them are here. */
  medianTimePast(number: number): number | undefined {
    const first = number - MEDIAN_BLOCKS + 1;
    const isFirst = this.#slice(this.firstNumber, 4, 36).every((byte, at) => NO_PARENT[at] === byte);
    if (!this.has(number) || (!this.has(first) && !(isFirst && this.firstNumber === 0))) return undefined;
    const times: number[] = [];
    for (let at = Math.max(first, this.firstNumber); at <= number; at++)
      times.push(readUint32(this.#slice(at, 68, 72), 0));
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
  }

  #slice(number: number, from: number, to: number): Uint8Array {
    const start = (number - this.firstNumber) * BITCOIN_HEADER_BYTES;
    return this.#bytes.subarray(start + from, start + to);
  }
}

/** The largest hash that a header of these `bits` may have; 0 where they spell none. */
export function expandTarget(bits: number): bigint {
  const exponent = bits >>> 24;
  const mantissa = BigInt(bits & 0x7fffff);
  if ((bits & 0x800000) !== 0) return 0n;
  const target =
    exponent <= 3 ? mantissa >> BigInt(8 * (3 - exponent)) : mantissa << BigInt(8 * (exponent - 3));
  return target < 1n << 256n ? target : 0n;
}

function readUint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}

function toNumber(hash: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(new Uint8Array(hash).reverse())}`);
}
