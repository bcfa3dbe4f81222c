import { authenticateLabelled, bytesToHex, int248, utf8ToBytes } from './bytes.js';
import type { FieldElement } from './field.js';

/** 32 random bytes, fresh for each run; everything hidden in it derives from them, each under its own label. */
export type RunSecret = Uint8Array;

/** The number that hides a user's leaf; given only to that user. Below 2^248. */
export function deriveNonce(secret: RunSecret, userId: string): FieldElement {
  return int248(authenticateLabelled(secret, 'solvent/nonce/v1', utf8ToBytes(userId)));
}

/**
 * The 32 bytes that an account is sorted by before batches are cut. Not the nonce: a user's own nonce and position
 * would tell how many accounts there are.
 */
export function deriveShuffleKey(secret: RunSecret, userId: string): Uint8Array {
  return authenticateLabelled(secret, 'solvent/shuffle/v1', utf8ToBytes(userId));
}

/** The 32 bytes that the `index`-th dummy account of a circuit is sorted by. */
export function deriveDummyShuffleKey(secret: RunSecret, tag: FieldElement, index: number): Uint8Array {
  return authenticateLabelled(secret, 'solvent/dummy-shuffle/v1', ...numbered(tag, index));
}

/** The account commitment of the `index`-th dummy account of a circuit. Below 2^248. */
export function deriveDummyAccount(secret: RunSecret, tag: FieldElement, index: number): FieldElement {
  return int248(authenticateLabelled(secret, 'solvent/dummy-account/v1', ...numbered(tag, index)));
}

/** The blind of the totals of the `index`-th batch of a circuit. Below 2^248. */
export function deriveBatchBlind(secret: RunSecret, tag: FieldElement, index: number): FieldElement {
  return int248(authenticateLabelled(secret, 'solvent/batch-blind/v1', ...numbered(tag, index)));
}

/** The blind of the totals of the `index`-th aggregate of a layer, counted from 1. Below 2^248. */
export function deriveAggregateBlind(secret: RunSecret, layer: number, index: number): FieldElement {
  return int248(
    authenticateLabelled(secret, 'solvent/aggregate-blind/v1', ...numbered(BigInt(layer), index)),
  );
}

/** The name of a user's inclusion file, without its extension: 32 hex digits that only the secret's owner can make. */
export function deriveInclusionName(secret: RunSecret, userId: string): string {
  const mac = authenticateLabelled(secret, 'solvent/inclusion-name/v1', utf8ToBytes(userId));
  return bytesToHex(mac.subarray(0, 16));
}

function numbered(first: bigint, index: number): Uint8Array[] {
  return [utf8ToBytes(first.toString()), utf8ToBytes(String(index))];
}
