#!/usr/bin/env node
import { Command, CommanderError } from 'commander';

import { nameSystemError, removeUnfinished, surviveClosedOutput } from '../system/index.js';
import { EXIT_CODES, exitCodeOf } from '../protocol/index.js';
import { addBenchCommand } from './commands/bench.js';
import { addCeremonyCommand } from './commands/ceremony.js';
import { addHistoryCommand, type Output } from '../verifier/command/index.js';
import { addIdentityCommand } from './commands/identity.js';
import { addInclusionCommand } from './commands/inclusion.js';
import { addKeysCommand } from './commands/keys.js';
import { addProveCommand } from './commands/prove.js';
import { addPublishCommand } from './commands/publish.js';
import { addSetupCommand } from './commands/setup.js';
import { addSnapshotCommand } from './commands/snapshot.js';
import { addTrustCommands } from './commands/trust.js';
import { renderError } from './render-error.js';

const program = new Command('solvent')
  .description('Prove what a platform owes its users, without showing what it owes each of them.')
  .showHelpAfterError('(run with --help for what it takes)')
  .exitOverride();

const output: Output = {
  write: (text) => process.stdout.write(text),
  end: (exitCode) => {
    process.exitCode = exitCode;
  },
};

addSetupCommand(program);
addSnapshotCommand(program);
addProveCommand(program);
addInclusionCommand(program);
addPublishCommand(program);
addIdentityCommand(program);
addCeremonyCommand(program);
addKeysCommand(program);
addTrustCommands(program, output);
addHistoryCommand(program, output);
addBenchCommand(program);

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
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitWith(error);
}

function exitWith(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has written its message; asking for help is not a mistake.
    return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
  }
  const named = nameSystemError(error);
  process.stderr.write(`${renderError(named)}\n`);
  return exitCodeOf(named);
}
