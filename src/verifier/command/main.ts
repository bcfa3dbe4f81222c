#!/usr/bin/env node
import { createInterface } from 'node:readline';

import { EXIT_CODES } from '../../protocol/index.js';
import { runCommand } from './program.js';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code = 'no code' }: NodeJS.ErrnoException) => {
    // Whoever read the report may have seen enough of it; how this ends is the verdict all the same.
    if (code === 'EPIPE') return;
    if (stream === process.stdout) process.stderr.write(`error: expected to write the report, got ${code}\n`);
    process.exit(EXIT_CODES.usage);
  });
}

process.exitCode = await runCommand(process.argv.slice(2), {
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  readLine: async () => {
    for await (const line of createInterface({ input: process.stdin })) return line;
    return '';
  },
});
