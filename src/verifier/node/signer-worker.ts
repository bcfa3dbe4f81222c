import { parentPort } from 'node:worker_threads';

import { recoverWithLibauth } from './signer-recovery.js';
import { unpackClaims, type ClaimBytes, type SignersMessage } from './messages.js';

// Recovers signers in a thread of its own: claims in, addresses out. An error ends the thread, and the run with it.
parentPort?.on('message', (bytes: ClaimBytes) => {
  void answer(bytes);
});

async function answer(bytes: ClaimBytes): Promise<void> {
  const found = await recoverWithLibauth(unpackClaims(bytes));
  parentPort?.postMessage(found.map((signer) => signer ?? null) satisfies SignersMessage);
}
