// The entry of a thread that makes parts of proofs: takes a key, answers each part, and lets go of the key to rest.
import { parentPort } from 'node:worker_threads';

import type { SharedProvingKey } from '../../engine.js';
import { Kernel } from '../kernel.js';
import { kernelOf, WasmKey } from '../key.js';
import { PartMaker } from './part-maker.js';
import type { ProofPart, ThreadOrder } from './task.js';

let maker: Promise<PartMaker> | undefined;

parentPort!.on('message', (message: ThreadOrder | ProofPart) => {
  if (message.kind === 'key') maker = openMaker(message.key);
  else if (message.kind === 'rest') maker = undefined;
  else void answer(message);
});

async function openMaker(key: SharedProvingKey): Promise<PartMaker> {
  return new PartMaker(await Kernel.open(kernelOf(key)), new WasmKey(key));
}

/** Whatever goes wrong ends the thread, as an unhandled rejection does, and so is seen by its pool. */
async function answer(part: ProofPart): Promise<void> {
  parentPort!.postMessage((await maker!).make(part));
}
