import { schnorr } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';

import { concatBytes, utf8ToBytes } from '../../../protocol/index.js';
import { joinBytes } from '../../../protocol/reserves/index.js';
import { encodeOutput, encodeSized, encodeStripped, hashTwice, littleEndian } from './transaction.js';
import type { BitcoinInput, BitcoinOutput, BitcoinTransaction } from './transaction.js';

/** A signature's mark that it is over all inputs and outputs. */
export const SIGHASH_ALL = 1;
/** The same, where a signature of taproot has no mark. */
export const SIGHASH_DEFAULT = 0;

/** What is signed of a transaction, hashed for each of its inputs; the parts that inputs share are hashed once. */
export class SigningHashes {
  readonly #transaction: BitcoinTransaction;
  #segwit:
    | { readonly outpoints: Uint8Array; readonly sequences: Uint8Array; readonly outputs: Uint8Array }
    | undefined;
  #taproot: Uint8Array | undefined;

  constructor(transaction: BitcoinTransaction) {
    this.#transaction = transaction;
  }

  /** As before segwit: the transaction with this input's script in it and no other. */
  legacy(index: number, script: Uint8Array): Uint8Array {
    const inputs = this.#transaction.inputs.map((input, at) => ({
      ...input,
      script: at === index ? script : new Uint8Array(),
    }));
    return hashTwice(
      concatBytes(encodeStripped({ ...this.#transaction, inputs }), littleEndian(SIGHASH_ALL, 4)),
    );
  }

  /** By BIP-143, for version 0 of segwit. @param spent what this input spends. */
  segwit(index: number, script: Uint8Array, spent: BitcoinOutput): Uint8Array {
    const { version, inputs, outputs, lockTime } = this.#transaction;
    this.#segwit ??= {
      outpoints: hashTwice(joinBytes(inputs.map(encodeOutpoint))),
      sequences: hashTwice(joinBytes(inputs.map(({ sequence }) => littleEndian(sequence, 4)))),
      outputs: hashTwice(joinBytes(outputs.map(encodeOutput))),
    };
    const input = inputs[index]!;
    return hashTwice(
      joinBytes([
        littleEndian(version, 4),
        this.#segwit.outpoints,
        this.#segwit.sequences,
        encodeOutpoint(input),
        encodeSized(script),
        littleEndian(spent.amountSatoshi, 8),
        littleEndian(input.sequence, 4),
        this.#segwit.outputs,
        littleEndian(lockTime, 4),
        littleEndian(SIGHASH_ALL, 4),
      ]),
    );
  }

  /** By BIP-341, for a key path without an annex. @param spent what each input spends, in their order. */
  taproot(
    index: number,
    mark: typeof SIGHASH_ALL | typeof SIGHASH_DEFAULT,
    spent: readonly BitcoinOutput[],
  ): Uint8Array {
    const { version, inputs, outputs, lockTime } = this.#transaction;
    this.#taproot ??= joinBytes([
      littleEndian(version, 4),
      littleEndian(lockTime, 4),
      sha256(joinBytes(inputs.map(encodeOutpoint))),
      sha256(joinBytes(spent.map(({ amountSatoshi }) => littleEndian(amountSatoshi, 8)))),
      sha256(joinBytes(spent.map(({ script }) => encodeSized(script)))),
      sha256(joinBytes(inputs.map(({ sequence }) => littleEndian(sequence, 4)))),
      sha256(joinBytes(outputs.map(encodeOutput))),
    ]);
    // Epoch 0, the mark, what is shared, a key path without annex, and which input it is.
    const message = joinBytes([
      Uint8Array.of(0, mark),
      this.#taproot,
      Uint8Array.of(0),
      littleEndian(index, 4),
    ]);
    return hashTagged('TapSighash', message);
  }
}

/** SHA-256 under a tag (BIP-340). */
export function hashTagged(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = sha256(utf8ToBytes(tag));
  return sha256(concatBytes(hash, hash, ...parts));
}

/** Whether an x-only key signed a digest (BIP-340). */
export function isSchnorrSigned(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return schnorr.verify(signature, digest, publicKey);
  } catch {
    return false;
  }
}

function encodeOutpoint({ transaction, index }: BitcoinInput): Uint8Array {
  return concatBytes(transaction, littleEndian(index, 4));
}
