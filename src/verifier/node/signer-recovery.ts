import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';

import { instantiateSecp256k1 } from '@bitauth/libauth/build/lib/crypto/secp256k1.js';

import type { VerifyEcdsa } from '../reserves/bitcoin/spend.js';
import { deriveAddress, type RecoverSigners, type SignatureClaim } from '../reserves/evm/signature.js';
import { packClaims, type SignersMessage } from './messages.js';
import { askThread, failed, lendThreads } from './threads.js';

type Secp256k1 = Awaited<ReturnType<typeof instantiateSecp256k1>>;

let loading: Promise<Secp256k1> | undefined;

/**
 * Recovers signers with libsecp256k1 in WebAssembly, some ten times as fast as noble, with the same answers. Claims must have
 * their canonical form: this library reads more forms than one.
 */
export const recoverWithLibauth: RecoverSigners = async (claims) => {
  if (claims.length === 0) return [];
  loading ??= instantiateSecp256k1();
  const secp256k1 = await loading;
  return claims.map((claim) => recoverOne(secp256k1, claim));
};

/**
 * A verifier of Bitcoin's signatures with libsecp256k1 in WebAssembly, some ten times as fast as noble, with the same answers.
 * Claims must have their canonical form.
 */
export async function createEcdsaVerifier(): Promise<VerifyEcdsa> {
  loading ??= instantiateSecp256k1();
  const secp256k1 = await loading;
  return ({ digest, compact, publicKey }) => secp256k1.verifySignatureCompactLowS(compact, publicKey, digest);
}

function recoverOne(secp256k1: Secp256k1, { digest, compact, recovery }: SignatureClaim): string | undefined {
  // It answers with a text where there is no such key.
  const publicKey = secp256k1.recoverPublicKeyUncompressed(compact, recovery, digest);
  return typeof publicKey === 'string' ? undefined : deriveAddress(publicKey);
}

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
