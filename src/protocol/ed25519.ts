import { ed25519 } from '@noble/curves/ed25519.js';

import { hexToBytes } from './bytes.js';

/**
 * Whether a signature is one of this key over this message (RFC 8032, strictly: keys of small order, which sign
 * anything, are refused). Key and signature in hexadecimal.
 */
export function isSignedBy(publicKey: string, message: Uint8Array, signature: string): boolean {
  try {
    return ed25519.verify(hexToBytes(signature), message, hexToBytes(publicKey), { zip215: false });
  } catch {
    return false;
  }
}
