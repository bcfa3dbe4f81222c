import { Command } from 'commander';

import { addHistoryCommand, formatVersion, type Output } from '../verifier/command/index.js';
import { addAttributeCommand } from './commands/attribute.js';
import { addBenchCommand } from './commands/bench.js';
import { addCeremonyCommand } from './commands/ceremony.js';
import { addCompletionCommand } from './commands/completion.js';
import { addExportCommand } from './commands/export.js';
import { addIdentityCommand } from './commands/identity.js';
import { addInclusionCommand } from './commands/inclusion.js';
import { addInitCommand } from './commands/init.js';
import { addKeysCommand } from './commands/keys.js';
import { addOperateCommands } from './commands/operate.js';
import { addProveCommand } from './commands/prove.js';
import { addPublishCommand } from './commands/publish.js';
import { addRegistryCommands } from './commands/registry.js';
import { addReservesCommands } from './commands/reserves.js';
import { addRiskCommand } from './commands/risk.js';
import { addSetupCommand } from './commands/setup.js';
import { addSnapshotCommand } from './commands/snapshot.js';
import { addStatementsCommand } from './commands/statements.js';
import { addTrustCommands } from './commands/trust.js';
import { addWorkerCommand } from './commands/worker.js';

/** The command line of `solvent`, in the order in which a platform needs it. */
export function buildProgram(output: Output): Command {
  const program = new Command('solvent')
    .description('Prove what a platform owes its users, without showing what it owes each of them.')
    .version(formatVersion('solvent'), '-V, --version', 'show version, commit and check page')
    .showHelpAfterError('(run with --help for what it takes)')
    .exitOverride();
  addInitCommand(program);
  addSetupCommand(program);
  addSnapshotCommand(program);
  addExportCommand(program);
  addAttributeCommand(program);
  addRiskCommand(program);
  addStatementsCommand(program);
  addProveCommand(program);
  addWorkerCommand(program);
  addInclusionCommand(program);
  addPublishCommand(program);
  addReservesCommands(program, output);
  addOperateCommands(program);
  addRegistryCommands(program, output);
  addIdentityCommand(program);
  addCeremonyCommand(program);
  addKeysCommand(program);
  addTrustCommands(program, output);
  addHistoryCommand(program, output);
  addBenchCommand(program);
  addCompletionCommand(program);
  return program;
}
