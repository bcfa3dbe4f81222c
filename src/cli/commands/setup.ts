import { availableParallelism } from 'node:os';

import type { Command } from 'commander';

import { cacheDirectory } from '../../platform/index.js';
import { circuitsOf, PROFILES, SolventError } from '../../protocol/index.js';
import { loadKeys, makeDevelopmentKeys, type SetupProgress } from '../../setup/index.js';
import { parseWorkers } from '../arguments.js';
import { createProgress, type ProgressSink } from '../progress.js';
import { renderKeys } from '../render-keys.js';

type SetupFlags = {
  readonly profile: string;
  readonly keys: string;
  readonly development?: true;
  readonly workers?: number;
};

/** `solvent setup`: circuits, keys, the trust file for verifiers, and the platform's signing key. */
export function addSetupCommand(program: Command): void {
  program
    .command('setup')
    .description('compile the circuits of a profile and make their keys')
    .requiredOption('--profile <name>', `the sizes of the circuits: ${[...PROFILES.keys()].join(', ')}`)
    .requiredOption('--keys <dir>', 'where the keys go; a setup that was stopped goes on')
    .option('--development', 'make INSECURE keys in seconds: whoever makes them can prove anything')
    .option('--workers <count>', 'worker threads (default: one for each core)', parseWorkers)
    .action(async (flags: SetupFlags) => {
      const profile = PROFILES.get(flags.profile);
      if (profile === undefined) {
        throw new SolventError(
          'usage',
          'profile-unknown',
          `expected --profile ${[...PROFILES.keys()].join(' or ')}, got another`,
        );
      }
      if (flags.development !== true) {
        throw new SolventError(
          'usage',
          'setup-kind-missing',
          'expected --development, got nothing that says where the keys come from: keys from a ceremony cannot be imported yet',
        );
      }
      const progress = createProgress();
      try {
        await makeDevelopmentKeys({
          profile,
          keysDirectory: flags.keys,
          cacheDirectory: cacheDirectory(),
          workers: flags.workers ?? availableParallelism(),
          onProgress: createSetupListener(circuitsOf(profile).length, progress.report),
        });
      } finally {
        progress.finish();
      }
      process.stdout.write(renderKeys(await loadKeys(flags.keys), flags.keys));
    });
}

/** Counts compiled circuits, then points of each key. */
function createSetupListener(circuitCount: number, report: ProgressSink): (progress: SetupProgress) => void {
  let compiled = 0;
  return (progress) => {
    if (progress.step === 'compile') {
      if (progress.stage !== 'compiling') compiled += 1;
      report({ stage: 'Compiling circuits', done: compiled, total: circuitCount });
    } else if (progress.step === 'key') {
      report({
        stage: `Making the key of ${progress.name}`,
        done: progress.donePoints,
        total: progress.totalPoints,
        unit: 'points',
      });
    }
  };
}
