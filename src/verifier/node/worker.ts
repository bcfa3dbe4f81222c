import { parentPort } from 'node:worker_threads';

import { createPairing } from '../pairing/mcl.js';
import type { ClaimsMessage, FaultsMessage } from './messages.js';

// Verifies proofs in a thread of its own: claims in, faults out. An error ends the thread, and the run with it.
const pairing = createPairing();

parentPort?.on('message', (message: ClaimsMessage) => {
  void answer(message);
});

async function answer({ keys, claims }: ClaimsMessage): Promise<void> {
  const faults = await (await pairing).verifyProofs(keys, claims);
  parentPort?.postMessage({ checked: claims.length, faults } satisfies FaultsMessage);
}
