// Chooses a kernel in a process of its own, and prints what it came to: what is chosen, what naming the faster one
// comes to, and what a thread can run that started before.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

import { chooseKernel, findKernel } from '../../../dist/src/prover/engine/wasm/choose-kernel.js';
import { Kernel } from '../../../dist/src/prover/engine/wasm/kernel.js';

const once = (target, event) => new Promise((resolve) => target.once(event, resolve));

if (isMainThread) {
  const thread = new Worker(new URL(import.meta.url));
  await once(thread, 'message');
  const chosen = await chooseKernel();
  const named = await findKernel('relaxed').catch(({ code }) => code);
  thread.postMessage('try');
  process.stdout.write(JSON.stringify({ chosen, named, early: await once(thread, 'message') }));
  process.exit(0);
}

parentPort.on('message', async () => {
  const relaxed = await Kernel.open('relaxed').catch(() => undefined);
  parentPort.postMessage(relaxed?.exports.fp_lanes_work() === 1 ? 'relaxed' : 'plain');
});
parentPort.postMessage('started');
