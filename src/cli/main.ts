#!/usr/bin/env node
import { CommanderError } from 'commander';

import { nameSystemError, removeUnfinished, surviveClosedOutput } from '../system/index.js';
import { EXIT_CODES, exitCodeOf } from '../protocol/index.js';
import { encodeOutput } from '../verifier/command/index.js';
import { STANDARD } from './output.js';
import { buildProgram } from './program.js';

const isForPrograms = process.argv.includes('--json');

surviveClosedOutput(EXIT_CODES.usage);
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    // What is half written may hold balances. What is whole stays, and the same command goes on from it.
    removeUnfinished();
    process.exit(exitCode);
  });
}

try {
  const program = await buildProgram(STANDARD, process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  process.exitCode = await exitWith(error);
}

async function exitWith(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    // Commander has written its message; asking for help is not a mistake.
    if (error.exitCode === 0) return EXIT_CODES.done;
    if (isForPrograms) {
      const { describeError } = await import('./render-error.js');
      process.stdout.write(encodeOutput(describeError(error)));
    }
    return EXIT_CODES.usage;
  }
  // It knows what is wrong with sources, whose room is a large one: what ends well does without.
  const { describeError, renderError } = await import('./render-error.js');
  const named = nameSystemError(error);
  if (isForPrograms) process.stdout.write(encodeOutput(describeError(named)));
  else process.stderr.write(`${renderError(named)}\n`);
  return exitCodeOf(named);
}
