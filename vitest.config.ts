import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // snarkjs cannot be imported in a worker thread on Node 20; forks are processes.
    pool: 'forks',
    // Two forks: compiling a circuit takes most of a gigabyte, and each proof a core.
    maxWorkers: 2,
    // No test fails for want of speed: these end what hangs, on a machine many times slower than any that is used.
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    globalSetup: [],
  },
});
