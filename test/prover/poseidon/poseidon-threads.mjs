// Loads the fast Poseidon in this thread and in others that end, one after the other. Prints the native addons that any
// of them holds, as JSON.
import { createRequire } from 'node:module';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

import { loadFastPoseidon } from '../../../dist/src/prover/poseidon/fast-poseidon.js';

const THREADS = 3;

await loadFastPoseidon();
const { cache } = createRequire(import.meta.url);
const addons = Object.keys(cache).filter((path) => path.endsWith('.node'));

if (isMainThread) {
  for (let thread = 0; thread < THREADS; thread++) {
    const worker = new Worker(new URL(import.meta.url));
    addons.push(...(await new Promise((resolve) => worker.once('message', resolve))));
    await worker.terminate();
  }
  process.stdout.write(JSON.stringify(addons));
} else {
  parentPort.postMessage(addons);
}
