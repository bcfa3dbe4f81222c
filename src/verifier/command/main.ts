#!/usr/bin/env node
import { createInterface } from 'node:readline';

import { runCommand } from './program.js';

process.exitCode = await runCommand(process.argv.slice(2), {
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  readLine: async () => {
    for await (const line of createInterface({ input: process.stdin })) return line;
    return '';
  },
});
