// The entry of a thread of one proof: answers each part that it is sent.
import { parentPort, workerData } from 'node:worker_threads';

import type { SharedProvingKey } from '../../engine.js';
import { Kernel } from '../kernel.js';
import { WasmKey } from '../key.js';
import { PartMaker } from './part-maker.js';
import type { ProofPart } from './task.js';

const maker = new PartMaker(await Kernel.open(), new WasmKey(workerData as SharedProvingKey));

parentPort!.on('message', (part: ProofPart) => {
  parentPort!.postMessage(maker.make(part));
});
