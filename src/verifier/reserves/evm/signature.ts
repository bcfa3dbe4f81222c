import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

import { concatBytes, hexToBytes, utf8ToBytes } from '../../../protocol/index.js';
import { refuseReserves } from '../codes.js';
import { formatWord } from './header.js';
import { toBigint } from './rlp.js';

/** A signature whose canonical form has been checked, and what it is over. */
export type SignatureClaim = {
  /** 32 bytes. */
  readonly digest: Uint8Array;
  /** r and s, 64 bytes: 0 < r < n, 0 < s <= n/2. */
  readonly compact: Uint8Array;
  readonly recovery: 0 | 1;
};

/**
 * Recovers the addresses that signed, in the order of the claims; undefined where no key gives that signature. An
 * implementation never throws for a claim: an exception is no verdict.
 */
export type RecoverSigners = (
  claims: readonly SignatureClaim[],
) => Promise<readonly (string | undefined)[]> | readonly (string | undefined)[];

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const EIP_191 = '\x19Ethereum Signed Message:\n';
const POINT_PREFIX_BYTES = 1;

/** The digest that EIP-191 signs of a text (version 0x45, `personal_sign`). */
export function hashMessage(text: string): Uint8Array {
  const bytes = utf8ToBytes(text);
  return keccak_256(concatBytes(utf8ToBytes(`${EIP_191}${bytes.length}`), bytes));
}

/**
 * Reads a signature in its one canonical form: r, s and v, with s in the lower half and v 27 or 28.
 * @param text 0x and 130 hexadecimal digits.
 * @param place the line of the evidence, for what is said.
 * @throws SolventError `signature-not-canonical`.
 */
export function parseEvmSignature(text: string, position: string): Omit<SignatureClaim, 'digest'> {
  const bytes = hexToBytes(text.slice(2));
  const r = toBigint(bytes.subarray(0, 32));
  const s = toBigint(bytes.subarray(32, 64));
  const recovery = bytes[64]! - 27;
  if (r === 0n || r >= ORDER || s === 0n || s > ORDER / 2n || (recovery !== 0 && recovery !== 1)) {
    throw refuseReserves(
      'signature-not-canonical',
      `expected r and s in their ranges, s in the lower half and v 27 or 28 at ${position}, got another spelling`,
    );
  }
  return { compact: bytes.subarray(0, 64), recovery };
}

/** Recovers signers with noble, which runs in browsers too: the readable twin of faster ones. */
export const recoverWithNoble: RecoverSigners = (claims) => claims.map(recoverOne);

/** The address of an uncompressed public key, 65 bytes. */
export function deriveAddress(publicKey: Uint8Array): string {
  return formatWord(keccak_256(publicKey.subarray(POINT_PREFIX_BYTES)).subarray(12));
}

function recoverOne({ digest, compact, recovery }: SignatureClaim): string | undefined {
  try {
    const signature = secp256k1.Signature.fromBytes(compact).addRecoveryBit(recovery);
    return deriveAddress(signature.recoverPublicKey(digest).toBytes(false));
  } catch {
    // No point has this r, or the key would be the point at infinity.
    return undefined;
  }
}
