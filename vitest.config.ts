import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // snarkjs cannot be imported in a worker thread on Node 20; forks are processes.
    pool: 'forks',
    // Two forks: compiling a circuit takes most of a gigabyte, and each proof a core.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 600_000,
    globalSetup: [],
  },
});
