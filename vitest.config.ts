import { defineConfig } from 'vitest/config';

/** Rooms of functions: their files leave nothing behind in a process, so that one process runs many of them. */
const SHARING = [
  'test/{analysis,iden3,plan,presentation,protocol,registry,snapshot,verifier}/**/*.test.ts',
  'test/{prover/commit,scripts/generate}/*.test.ts',
  'test/reserves/{accounts,bitcoin,command,import}.test.ts',
];

/** Those among them that change what belongs to the whole process: its environment, its functions, its threads. */
const CHANGING = [
  'test/snapshot/inspect/inspect-snapshot.test.ts',
  'test/snapshot/database/one-type.test.ts',
  'test/snapshot/books/whole/{killed,postgres-venue}.test.ts',
  'test/verifier/{adversary-runner,certificate,package,pairing-pool,threads}.test.ts',
];

export default defineConfig({
  test: {
    // snarkjs cannot be imported in a worker thread on Node 20; forks are processes.
    pool: 'forks',
    // Two forks: compiling a circuit takes most of a gigabyte, and each proof a core.
    maxWorkers: 2,
    // No test fails for want of speed: these end what hangs, on a machine many times slower than any that is used.
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    projects: [
      {
        extends: true,
        test: { name: 'sharing', include: SHARING, exclude: CHANGING, isolate: false },
      },
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: SHARING } },
      { extends: true, test: { name: 'changing', include: CHANGING } },
    ],
  },
});
