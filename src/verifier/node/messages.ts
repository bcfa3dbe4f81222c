import type { VerificationKey } from '../../protocol/index.js';
import type { ProofClaim, ProofFault } from '../pairing/backend.js';

/** Claims for a thread, in their order, and the keys that they name. */
export type ClaimsMessage = {
  readonly keys: readonly VerificationKey[];
  readonly claims: readonly ProofClaim[];
};

/** A thread's answer: the faults of the claims that it was sent, all of them checked. */
export type FaultsMessage = { readonly checked: number; readonly faults: readonly ProofFault[] };
