// Takes a snapshot of books in a process of its own, to be killed: snapshot-child.mjs CONFIG OUT STAGE. Prints each stage
// that it comes to, and stops for good at that one.
import { createSnapshotFromBooks } from '../../../../dist/src/snapshot/index.js';

const [configPath, outDirectory, stallAt] = process.argv.slice(2);

await createSnapshotFromBooks({
  ...{ configPath, outDirectory, takenAt: '2026-01-31T00:00:00Z' },
  onProgress: ({ stage }) => {
    process.stdout.write(`${stage}\n`);
    if (stage === stallAt) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
process.stdout.write('finished\n');
