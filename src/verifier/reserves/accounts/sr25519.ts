import { ed25519, ristretto255 } from '@noble/curves/ed25519.js';
import { keccakP } from '@noble/hashes/sha3.js';

import { concatBytes, utf8ToBytes } from '../../../protocol/index.js';

const { Point } = ristretto255;
const ORDER = ed25519.Point.Fn.ORDER;
/** What tells a signature of schnorrkel from one of Ed25519. */
const MARK = 0x80;
/** Bytes of a STROBE-128 state that take messages. */
const RATE = 166;
const [META, MESSAGE, SQUEEZE] = [0x12, 0x02, 0x07];

/** Whether the scalar of a signature is marked as schnorrkel's and below the order of the group, as in its one spelling. */
export function isSr25519Canonical(signature: Uint8Array): boolean {
  return (signature[63]! & MARK) !== 0 && toScalar(signature) < ORDER;
}

/**
 * Verifies a signature of schnorrkel in the context `substrate`: 64 bytes R ‖ s, over ristretto255 with a Merlin transcript. False for
 * the identity as key, for which anyone signs anything.
 */
export function isSr25519Signed(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const bytesOfR = signature.subarray(0, 32);
  try {
    const key = Point.fromBytes(publicKey);
    const r = Point.fromBytes(bytesOfR);
    if (key.equals(Point.ZERO)) return false;
    const transcript = new Transcript('SigningContext');
    transcript.append('', utf8ToBytes('substrate'));
    transcript.append('sign-bytes', message);
    transcript.append('proto-name', utf8ToBytes('Schnorr-sig'));
    transcript.append('sign:pk', publicKey);
    transcript.append('sign:R', bytesOfR);
    const challenge = toInteger(transcript.draw('sign:c', 64)) % ORDER;
    const s = toScalar(signature);
    // s · B = R + challenge · key; a factor of 0 is no scalar of the library's.
    const left = s === 0n ? Point.ZERO : Point.BASE.multiplyUnsafe(s);
    const right = challenge === 0n ? r : r.add(key.multiplyUnsafe(challenge));
    return left.equals(right);
  } catch {
    // No point has these bytes.
    return false;
  }
}

function toScalar(signature: Uint8Array): bigint {
  const bytes = signature.slice(32);
  bytes[31]! &= ~MARK;
  return toInteger(bytes);
}

function toInteger(littleEndian: Uint8Array): bigint {
  return littleEndian.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** A Merlin transcript over STROBE-128: what has been said decides what is drawn. */
class Transcript {
  readonly #state = new Uint8Array(200);
  readonly #words = new Uint32Array(this.#state.buffer);
  #at = 0;
  #begin = 0;

  constructor(label: string) {
    this.#state.set([1, RATE + 2, 1, 0, 1, 96, ...utf8ToBytes('STROBEv1.0.2')]);
    keccakP(this.#words);
    this.#operate(META, utf8ToBytes('Merlin v1.0'));
    this.append('dom-sep', utf8ToBytes(label));
  }

  append(label: string, message: Uint8Array): void {
    this.#name(label, message.length);
    this.#operate(MESSAGE, message);
  }

  draw(label: string, length: number): Uint8Array {
    this.#name(label, length);
    this.#operate(SQUEEZE, new Uint8Array());
    if (this.#at !== 0) this.#permute();
    const drawn = new Uint8Array(length);
    for (let index = 0; index < length; index++) {
      drawn[index] = this.#state[this.#at]!;
      this.#state[this.#at++] = 0;
      if (this.#at === RATE) this.#permute();
    }
    return drawn;
  }

  #name(label: string, length: number): void {
    const size = Uint8Array.of(length, length >>> 8, length >>> 16, length >>> 24);
    this.#operate(META, concatBytes(utf8ToBytes(label), size));
  }

  #operate(flags: number, bytes: Uint8Array): void {
    const before = this.#begin;
    this.#begin = this.#at + 1;
    this.#absorb(Uint8Array.of(before, flags));
    this.#absorb(bytes);
  }

  #absorb(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.#state[this.#at++]! ^= byte;
      if (this.#at === RATE) this.#permute();
    }
  }

  #permute(): void {
    this.#state[this.#at]! ^= this.#begin;
    this.#state[this.#at + 1]! ^= 0x04;
    this.#state[RATE + 1]! ^= 0x80;
    keccakP(this.#words);
    [this.#at, this.#begin] = [0, 0];
  }
}
