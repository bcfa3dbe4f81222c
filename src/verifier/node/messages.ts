import type { Holding, VerificationKey } from '../../protocol/index.js';
import type { SignatureClaim } from '../reserves/evm/signature.js';
import type { ReportCode } from '../codes.js';
import type { FileContext } from '../verify.js';
import type { ProofClaim, ProofFault } from '../pairing/backend.js';

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

/** What a checked bundle holds files to, once before any of them; then files of one directory by their paths. */
export type FilesMessage =
  { readonly context: FileContext } | { readonly directory: string; readonly names: readonly string[] };

/** What became of one file; `rows` is empty unless it is valid. */
export type FileAnswer = {
  readonly file: string;
  readonly code: ReportCode | 'file-unreadable';
  /** What was expected and what was found; empty where the file is valid. */
  readonly evidence: string;
  readonly rows: readonly string[];
  /** What its user holds and owes; empty unless it is valid. */
  readonly holdings: readonly Holding[];
};

/** Claims for a thread, in their order, and the keys that they name. */
export type ClaimsMessage = {
  readonly keys: readonly VerificationKey[];
  readonly claims: readonly ProofClaim[];
};

/** A thread's answer: the faults of the claims that it was sent, all of them checked. */
export type FaultsMessage = { readonly checked: number; readonly faults: readonly ProofFault[] };
