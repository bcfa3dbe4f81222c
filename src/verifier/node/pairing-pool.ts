import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';

import type { VerificationKey } from '../../protocol/index.js';
import { MAX_COMBINED_PROOFS, MAX_NAMED_FAULTS } from '../limits.js';
import type { PairingBackend, ProofClaim, ProofFault } from '../pairing/backend.js';
import { createPairing } from '../pairing/mcl.js';
import type { ClaimsMessage, FaultsMessage } from './messages.js';
import { askThread, failed, lendThreads } from './threads.js';

/** As many claims as are verified in the time that a thread takes to start. */
const MIN_CLAIMS_PER_THREAD = 100;

/** Claims that are checked in one go, and where they stand among all. */
type Share = { readonly start: number; readonly claims: readonly ProofClaim[] };

/**
 * Pairings by as many threads as there are cores; few claims are verified in this thread.
 * @param threads 1 or more. @param claimsPerThread what a thread is worth: less for who verifies often, since threads rest and are
 * lent again.
 * @param entry the compiled worker; only code that does not run from its compiled form names another.
 */
export async function createPairingPool({
  threads = availableParallelism(),
  claimsPerThread = MIN_CLAIMS_PER_THREAD,
  entry = new URL('./worker.js', import.meta.url),
}: {
  threads?: number | undefined;
  claimsPerThread?: number;
  entry?: URL;
} = {}): Promise<PairingBackend> {
  const local = await createPairing();
  return {
    inspectKey: local.inspectKey,
    haveSameRatio: local.haveSameRatio,
    isSumZero: local.isSumZero,
    verifyProofs: async (keys, claims, onProgress) => {
      const wanted = Math.min(threads, Math.floor(claims.length / claimsPerThread));
      if (wanted <= 1) return local.verifyProofs(keys, claims, onProgress);
      return verifyInThreads({ keys, claims, threads: wanted, entry, onProgress });
    },
  };
}

async function verifyInThreads({
  keys,
  claims,
  threads,
  entry,
  onProgress = () => undefined,
}: {
  keys: readonly VerificationKey[];
  claims: readonly ProofClaim[];
  threads: number;
  entry: URL;
  onProgress?: ((done: number) => void) | undefined;
}): Promise<readonly ProofFault[]> {
  const open = cutShares(claims, threads);
  const faults: ProofFault[] = [];
  let done = 0;
  const work = async (thread: Worker) => {
    for (let share = open.pop(); share !== undefined; share = open.pop()) {
      const { start } = share;
      const found = await verifyShare(thread, { keys, claims: share.claims });
      faults.push(...found.map((fault) => ({ ...fault, claimIndex: start + fault.claimIndex })));
      onProgress((done += share.claims.length));
      if (faults.length >= MAX_NAMED_FAULTS) return;
    }
  };
  await lendThreads({ entry, threads }, (lent) => Promise.all(lent.map(work)));
  return faults;
}

/** Shares of equal size, at most what one pairing check combines. */
function cutShares(claims: readonly ProofClaim[], threads: number): Share[] {
  const size = Math.min(MAX_COMBINED_PROOFS, Math.ceil(claims.length / threads));
  const shares: Share[] = [];
  for (let start = 0; start < claims.length; start += size) {
    shares.push({ start, claims: claims.slice(start, start + size) });
  }
  return shares;
}

/** The faults of a share; an answer to fewer claims is an error and never "no faults". */
async function verifyShare(thread: Worker, message: ClaimsMessage): Promise<readonly ProofFault[]> {
  const { checked, faults } = await askThread<FaultsMessage>(thread, message);
  const wanted = message.claims.length;
  if (checked !== wanted) throw failed(`answers to ${wanted} claims, got ${checked},`);
  return faults;
}
