import type { SignatureClaim } from '../reserves/evm/signature.js';

/** Claims for a thread, one behind the other: digest (32 bytes), r and s (64), recovery (1). */
export type ClaimBytes = Uint8Array;

/** A thread's answer: for each claim the address that signed, or null. */
export type SignersMessage = readonly (string | null)[];

const [DIGEST, COMPACT, CLAIM] = [32, 96, 97];

/** Packs claims into one array: views of a large buffer would be sent with all of it. */
export function packClaims(claims: readonly SignatureClaim[]): ClaimBytes {
  const bytes = new Uint8Array(claims.length * CLAIM);
  claims.forEach(({ digest, compact, recovery }, index) => {
    bytes.set(digest, index * CLAIM);
    bytes.set(compact, index * CLAIM + DIGEST);
    bytes[index * CLAIM + COMPACT] = recovery;
  });
  return bytes;
}

/** The claims of such an array. */
export function unpackClaims(bytes: ClaimBytes): SignatureClaim[] {
  return Array.from({ length: bytes.length / CLAIM }, (_, index) => {
    const claim = bytes.subarray(index * CLAIM, (index + 1) * CLAIM);
    return {
      digest: claim.subarray(0, DIGEST),
      compact: claim.subarray(DIGEST, COMPACT),
      recovery: claim[COMPACT] === 0 ? 0 : 1,
    };
  });
}
