// Contributes in a process of its own, to be killed: contribute-child.mjs DIRECTORY CACHE NAME STALL_AT. Prints one line
// of JSON for each step, and stops for good at the step of that number; with 0 it goes on to the end.
import { contribute } from '../../../dist/src/keys/index.js';

const [directory, cacheDirectory, contributor, stallAt] = process.argv.slice(2);
let steps = 0;

await contribute({
  directory,
  cacheDirectory,
  contributor,
  onProgress: (progress) => {
    steps += 1;
    process.stdout.write(`${JSON.stringify({ steps, ...progress })}\n`);
    if (steps === Number(stallAt)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
