import { Command } from 'commander';

import { addHistoryCommand, formatVersion, type Output } from '../verifier/command/index.js';

type AddCommand = (program: Command, output: Output) => Promise<void>;

/**
 * The commands, in the order in which a platform needs them. Each brings the rooms that it enters when it is asked for: all of
 * them together take a second of processor.
 */
const COMMANDS: Readonly<Record<string, AddCommand>> = {
  init: async (program) => {
    (await import('./commands/init.js')).addInitCommand(program);
  },
  setup: async (program) => {
    (await import('./commands/setup.js')).addSetupCommand(program);
  },
  snapshot: async (program) => {
    (await import('./commands/snapshot.js')).addSnapshotCommand(program);
  },
  export: async (program) => {
    (await import('./commands/export.js')).addExportCommand(program);
  },
  attribute: async (program) => {
    (await import('./commands/attribute.js')).addAttributeCommand(program);
  },
  risk: async (program) => {
    (await import('./commands/risk.js')).addRiskCommand(program);
  },
  statements: async (program) => {
    (await import('./commands/statements.js')).addStatementsCommand(program);
  },
  prove: async (program) => {
    (await import('./commands/prove.js')).addProveCommand(program);
  },
  worker: async (program) => {
    (await import('./commands/worker.js')).addWorkerCommand(program);
  },
  inclusion: async (program) => {
    (await import('./commands/inclusion.js')).addInclusionCommand(program);
  },
  publish: async (program) => {
    (await import('./commands/publish.js')).addPublishCommand(program);
  },
  reserves: async (program, output) => {
    (await import('./commands/reserves.js')).addReservesCommands(program, output);
  },
  operate: async (program) => {
    (await import('./commands/operate.js')).addOperateCommands(program);
  },
  registry: async (program, output) => {
    (await import('./commands/registry.js')).addRegistryCommands(program, output);
  },
  identity: async (program) => {
    (await import('./commands/identity.js')).addIdentityCommand(program);
  },
  ceremony: async (program) => {
    (await import('./commands/ceremony.js')).addCeremonyCommand(program);
  },
  keys: async (program) => {
    (await import('./commands/keys.js')).addKeysCommand(program);
  },
  trust: async (program, output) => {
    (await import('./commands/trust.js')).addTrustCommands(program, output);
  },
  history: (program, output) => {
    addHistoryCommand(program, output);
    return Promise.resolve();
  },
  bench: async (program) => {
    (await import('./commands/bench.js')).addBenchCommand(program);
  },
  completion: async (program) => {
    (await import('./commands/completion.js')).addCompletionCommand(program);
  },
};

/** Words that need no command, or every one: what completes names has to know them. */
const WITHOUT_COMMAND = new Set(['-V', '--version']);
const OF_ALL_COMMANDS = new Set(['completion']);

/**
 * The command line of `solvent`.
 * @param words what it will be asked, without the program: only the command that they begin with is loaded. Without them, and
 *   where they begin with no command, all are.
 */
export async function buildProgram(output: Output, words: readonly string[] = []): Promise<Command> {
  const program = new Command('solvent')
    .description('Prove what a platform owes its users, without showing what it owes each of them.')
    .version(formatVersion('solvent'), '-V, --version', 'show version, commit and check page')
    .showHelpAfterError('(run with --help for what it takes)')
    .exitOverride();
  for (const name of chooseCommands(words[0])) await COMMANDS[name]!(program, output);
  return program;
}

function chooseCommands(first = ''): readonly string[] {
  if (WITHOUT_COMMAND.has(first)) return [];
  const isOne = Object.hasOwn(COMMANDS, first) && !OF_ALL_COMMANDS.has(first);
  return isOne ? [first] : Object.keys(COMMANDS);
}
