import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';

import type { RecoverSigners } from '../reserves/evm/signature.js';
import { recoverWithLibauth } from './libauth.js';
import { packClaims, type SignersMessage } from './signer-messages.js';
import { askThread, failed, lendThreads } from './threads.js';

/** As many signatures as are recovered in the time that a thread takes to start. */
const MIN_CLAIMS_PER_THREAD = 1000;
/** Signatures that a thread is given at a time. */
const CLAIMS_PER_SHARE = 1000;

/**
 * Recovers signers by as many threads as there are cores; few in this thread.
 * @param threads 1 or more.
 * @param entry the compiled worker; only code that does not run from its compiled form names another.
 */
export function createSignerRecovery({
  threads = availableParallelism(),
  entry = new URL('./signer-worker.js', import.meta.url),
}: { readonly threads?: number; readonly entry?: URL } = {}): RecoverSigners {
  return async (claims) => {
    const wanted = Math.min(threads, Math.floor(claims.length / MIN_CLAIMS_PER_THREAD));
    if (wanted <= 1) return recoverWithLibauth(claims);
    const found = new Array<string | undefined>(claims.length);
    let next = 0;
    const work = async (thread: Worker) => {
      while (next < claims.length) {
        const start = next;
        next += CLAIMS_PER_SHARE;
        const share = claims.slice(start, next);
        const answer = await askThread<SignersMessage>(thread, packClaims(share));
        // An answer to fewer is an error, and never "no signer".
        if (answer.length !== share.length) throw failed(`${share.length} answers, got ${answer.length},`);
        answer.forEach((signer, index) => {
          found[start + index] = signer ?? undefined;
        });
      }
    };
    await lendThreads({ entry, threads: wanted }, (lent) => Promise.all(lent.map(work)));
    return found;
  };
}
