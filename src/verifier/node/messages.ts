import type { VerificationKey } from '../../protocol/index.js';
import type { ProofClaim, ProofFault } from '../pairing/backend.js';

/** What a worker is started with. */
export type WorkerKeys = { readonly keys: readonly VerificationKey[] };

/** Claims for a worker, in their order. */
export type ClaimsMessage = { readonly claims: readonly ProofClaim[] };

/** A worker's answer: the faults of the claims that it was sent, all of them checked. */
export type FaultsMessage = { readonly checked: number; readonly faults: readonly ProofFault[] };
