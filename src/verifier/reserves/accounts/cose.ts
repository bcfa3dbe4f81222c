import { blake2b } from '@noble/hashes/blake2.js';

import { areBytesEqual, concatBytes, utf8ToBytes } from '../../../protocol/index.js';

/** A signature of CIP-8: a COSE_Sign1 whose parts have been read. */
export type CoseSignature = {
  /** What the signature is over, before the message is looked at. */
  readonly signed: Uint8Array;
  readonly address: Uint8Array;
  readonly payload: Uint8Array;
  /** Whether the payload is the hash of the message. */
  readonly isHashed: boolean;
  /** 64 bytes. */
  readonly signature: Uint8Array;
};

type Cbor = number | boolean | string | Uint8Array | readonly Cbor[] | ReadonlyMap<Cbor, Cbor>;

const EDDSA = -8;
const [ALGORITHM, KEY_ID] = [1, 4];
const [UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, SIMPLE] = [0, 1, 2, 3, 4, 5, 7];
const [FALSE, TRUE] = [20, 21];
const PAYLOAD_HASH_BYTES = 28;
const [COSE_SIGN1_TAG, EMPTY_MAP] = [0xd2, 0xa0];
/** `{"hashed": false}`. */
const HASHED_FALSE = concatBytes(Uint8Array.of(0xa1, 0x66), utf8ToBytes('hashed'), Uint8Array.of(0xf4));

/** What is not COSE in the one spelling that is read here. */
class NotCose extends Error {}

/**
 * Reads a COSE_Sign1 of CIP-8 with EdDSA over its payload, without external bytes. Lengths and integers are in their shortest form; no
 * tag, no indefinite length; headers are those that CIP-8 names, each once. Undefined for anything else.
 */
export function parseCoseSign1(bytes: Uint8Array): CoseSignature | undefined {
  try {
    const [protectedBytes, unprotected, payload, signature, ...more] = asList(readAll(bytes));
    const header = asMap(readAll(asBytes(protectedBytes)));
    const open = asMap(unprotected);
    const address = asBytes(header.get('address'));
    const isKnown = [...header.keys()].every((name) =>
      [ALGORITHM, KEY_ID, 'address'].includes(name as never),
    );
    if (more.length > 0 || header.get(ALGORITHM) !== EDDSA || !isKnown) return undefined;
    // What is not signed has one spelling as well: that of wallets, which always say whether it is hashed.
    const isHashed = open.get('hashed');
    if (open.size !== 1 || typeof isHashed !== 'boolean') return undefined;
    if (asBytes(signature).length !== 64) return undefined;
    const signed = concatBytes(
      Uint8Array.of(0x84, 0x6a),
      utf8ToBytes('Signature1'),
      encodeBytes(asBytes(protectedBytes)),
      encodeBytes(new Uint8Array()),
      encodeBytes(asBytes(payload)),
    );
    return { signed, address, payload: asBytes(payload), isHashed, signature: asBytes(signature) };
  } catch (error) {
    if (error instanceof NotCose) return undefined;
    throw error;
  }
}

/**
 * A COSE_Sign1 as it is read here: without its tag, and with `hashed` where a wallet left it out and meant that it is not.
 * Anything else stays as it is.
 */
export function spellCoseSign1(bytes: Uint8Array): Uint8Array {
  const bare = bytes[0] === COSE_SIGN1_TAG ? bytes.subarray(1) : bytes;
  // The open header stands behind the protected one, which has its length in one or two bytes.
  const [, length = 0, more = 0] = bare.subarray(1);
  const at =
    bare[1] === 0x58 ? 3 + length : bare[1] === 0x59 ? 4 + length * 256 + more : 2 + ((bare[1] ?? 0) & 31);
  if (bare[0] !== 0x84 || bare[at] !== EMPTY_MAP) return bare;
  return concatBytes(bare.subarray(0, at), HASHED_FALSE, bare.subarray(at + 1));
}

/** Whether the payload is a message, or the hash of it where it is said to be hashed. */
export function isPayloadOf({ payload, isHashed }: CoseSignature, message: Uint8Array): boolean {
  return areBytesEqual(payload, isHashed ? blake2b(message, { dkLen: PAYLOAD_HASH_BYTES }) : message);
}

/** The key of a COSE_Key of CIP-8 (Ed25519), 32 bytes; undefined for anything else. */
export function parseCoseKey(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const key = asBytes(asMap(readAll(bytes)).get(-2));
    return key.length === 32 ? key : undefined;
  } catch (error) {
    if (error instanceof NotCose) return undefined;
    throw error;
  }
}

function readAll(bytes: Uint8Array): Cbor {
  const reader = new CborReader(bytes);
  const value = reader.take(0);
  reader.expectEnd();
  return value;
}

function asList(value: Cbor): readonly Cbor[] {
  if (!Array.isArray(value)) throw new NotCose();
  return value as readonly Cbor[];
}

function asMap(value: Cbor | undefined): ReadonlyMap<Cbor, Cbor> {
  if (!(value instanceof Map)) throw new NotCose();
  return value as ReadonlyMap<Cbor, Cbor>;
}

function asBytes(value: Cbor | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new NotCose();
  return value;
}

/** A byte string of at most 65,535 bytes with its length in the shortest form. */
function encodeBytes(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  const head =
    length < 24 ? [0x40 + length] : length < 256 ? [0x58, length] : [0x59, length >> 8, length & 255];
  return concatBytes(Uint8Array.from(head), bytes);
}

/** The part of CBOR (RFC 8949) that COSE signatures are made of. */
class CborReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  expectEnd(): void {
    if (this.#at !== this.#bytes.length) throw new NotCose();
  }

  take(depth: number): Cbor {
    if (depth > 4) throw new NotCose();
    const first = this.#slice(1)[0]!;
    const [major, minor] = [first >> 5, first & 31];
    if (major === SIMPLE) {
      if (minor !== FALSE && minor !== TRUE) throw new NotCose();
      return minor === TRUE;
    }
    const size = this.#takeSize(minor);
    switch (major) {
      case UNSIGNED:
        return size;
      case NEGATIVE:
        return -1 - size;
      case BYTES:
        return this.#slice(size);
      case TEXT:
        return String.fromCharCode(...this.#slice(size));
      case ARRAY:
        return this.#repeat(size, () => this.take(depth + 1));
      case MAP:
        return this.#takeMap(size, depth);
      default:
        throw new NotCose();
    }
  }

  #takeMap(size: number, depth: number): ReadonlyMap<Cbor, Cbor> {
    const map = new Map(this.#repeat(size, (): [Cbor, Cbor] => [this.take(depth + 1), this.take(depth + 1)]));
    if (map.size !== size) throw new NotCose();
    return map;
  }

  #repeat<T>(count: number, take: () => T): T[] {
    // Each takes a byte at least.
    if (count > this.#bytes.length - this.#at) throw new NotCose();
    return Array.from({ length: count }, take);
  }

  /** A number in its shortest form, below 2^16. */
  #takeSize(minor: number): number {
    if (minor < 24) return minor;
    const bytes = this.#slice(minor === 24 ? 1 : minor === 25 ? 2 : Infinity);
    const size = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    if (size < (minor === 24 ? 24 : 256)) throw new NotCose();
    return size;
  }

  #slice(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new NotCose();
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }
}
