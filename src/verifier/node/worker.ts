import { parentPort, workerData } from 'node:worker_threads';

import { createPairing } from '../pairing/mcl.js';
import type { ClaimsMessage, FaultsMessage, WorkerKeys } from './messages.js';

// Verifies proofs in a thread of its own: claims in, faults out. An error ends the thread, and the run with it.
const { keys } = workerData as WorkerKeys;
const pairing = createPairing();

parentPort?.on('message', ({ claims }: ClaimsMessage) => {
  void answer(claims);
});

async function answer(claims: ClaimsMessage['claims']): Promise<void> {
  const faults = await (await pairing).verifyProofs(keys, claims);
  parentPort?.postMessage({ checked: claims.length, faults } satisfies FaultsMessage);
}
