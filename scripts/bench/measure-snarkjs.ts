/** One process: proves one batch again and again as a user of stock snarkjs would. Arguments: see `main.ts`. */
import { readFile } from 'node:fs/promises';

import { groth16 } from 'snarkjs';

import { measure } from './measurement.js';

const [wasmPath, zkeyPath, inputPath, timed, threads] = process.argv.slice(2);
const input = JSON.parse(await readFile(inputPath!, 'utf8')) as Record<string, string[]>;

await measure(
  async (count) => {
    for (let made = 0; made < count; made++) {
      await groth16.fullProve(input, wasmPath!, zkeyPath!, undefined, undefined, {
        singleThread: threads === '1',
      });
    }
  },
  { warmUp: 1, timed: Number(timed) },
);
// snarkjs keeps its threads waiting for the next proof.
process.exit(0);
