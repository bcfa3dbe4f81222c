import { authenticateLabelled, bytesToHex, utf8ToBytes } from './bytes.js';

/** 32 random bytes, fresh for each run; everything hidden in it derives from them, each under its own label. */
export type RunSecret = Uint8Array;

/** The name of a user's inclusion file, without its extension: 32 hex digits that only the secret's owner can make. */
export function deriveInclusionName(secret: RunSecret, userId: string): string {
  const mac = authenticateLabelled(secret, 'solvent/inclusion-name/v1', utf8ToBytes(userId));
  return bytesToHex(mac.subarray(0, 16));
}
