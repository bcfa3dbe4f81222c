import { availableParallelism } from 'node:os';

import type { Command } from 'commander';

import { cacheDirectory } from '../../system/index.js';
import { type Profile } from '../../protocol/index.js';
import { loadKeys, makeDevelopmentKeys, makeInitialKeys, type SetupProgress } from '../../keys/index.js';
import { addExample } from '../../verifier/command/index.js';
import {
  parsePlatform,
  parseWorkers,
  parseProfile,
  PROFILE_NAMES,
  wideOption,
  type CircuitFlags,
} from '../arguments.js';
import { withCeremonyProgress, createProgress, type ProgressSink } from '../progress.js';

import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';

import { describeInitialKeys, describeKeys, renderCircuits, renderKeys } from '../render-keys.js';
import { formatCount } from '../../presentation/index.js';
import { refuseCommand } from '../errors.js';

type SetupFlags = OutputFlags &
  CircuitFlags & {
    readonly keys?: string;
    readonly development?: true;
    readonly ptau?: string;
    readonly untrustedPtau?: true;
    readonly platform?: string;
    readonly workers?: number;
  };

/** `solvent setup`: circuits, keys, the trust file for verifiers, and the platform's signing key. */
export function addSetupCommand(program: Command): void {
  const command = program
    .command('setup')
    .description('compile the circuits of a profile and make their keys')
    .requiredOption('--profile <name>', `the sizes of the circuits: ${PROFILE_NAMES}`)
    .addOption(wideOption())
    .option('--ptau <file>', 'phase 1 from powers of tau: makes the keys that a ceremony begins with')
    .option('--untrusted-ptau', 'take powers of tau that are not the published ones')
    .option('--development', 'make INSECURE keys in seconds: whoever makes them can prove anything')
    .option('--keys <dir>', 'where development keys go; a setup that was stopped goes on')
    .option('--platform <name>', 'the name that users know you by, which DIR/trust.json then pins')
    .option('--workers <count>', 'worker threads (default: one for each core)', parseWorkers);
  addOutputOptions(command, { isLong: true });
  addExample(
    command,
    'setup --profile small --keys keys --development --platform "Example Exchange"',
    'setup --profile standard --ptau powersOfTau28_hez_final_18.ptau',
  ).action(async (flags: SetupFlags) => {
    const profile = parseProfile(flags);
    if (flags.ptau !== undefined) return prepareCeremony(profile, flags.ptau, flags);
    if (flags.development !== true || flags.keys === undefined) {
      throw refuseCommand('setup-kind-missing', {
        expected: '--ptau FILE for real keys, or --development --keys DIR for insecure ones',
        found: 'neither',
      });
    }
    const keysDirectory = flags.keys;
    const platform = flags.platform === undefined ? {} : { platform: parsePlatform(flags.platform) };
    const progress = createProgress({ quiet: flags.quiet });
    try {
      await makeDevelopmentKeys({
        profile,
        ...platform,
        keysDirectory,
        cacheDirectory: cacheDirectory(),
        workers: flags.workers ?? availableParallelism(),
        onProgress: createSetupListener(profile.layouts.length, progress.report),
      });
    } finally {
      progress.finish();
    }
    const keys = await loadKeys(keysDirectory);
    writeResult(flags, {
      object: describeKeys(keys, keysDirectory),
      text: renderKeys(keys, keysDirectory),
      line: keysDirectory,
    });
  });
}

/** Phase 1: the long part of beginning a ceremony, once. */
async function prepareCeremony(profile: Profile, path: string, flags: SetupFlags): Promise<void> {
  const { powersOfTau, keys } = await withCeremonyProgress(flags, (onProgress) =>
    makeInitialKeys({
      profile,
      powersOfTauPath: path,
      allowUntrustedPowersOfTau: flags.untrustedPtau ?? false,
      cacheDirectory: cacheDirectory(),
      onProgress,
    }),
  );
  const source =
    powersOfTau.source === 'untrusted'
      ? 'UNTRUSTED: not a published file; whoever made it can forge'
      : 'one of the published files';
  writeResult(flags, {
    object: { profile: profile.name, powersOfTau, circuits: describeInitialKeys(keys) },
    text:
      `${renderCircuits(describeInitialKeys(keys))}\n` +
      `Powers of tau for 2^${powersOfTau.power} rows, ${source}.\n` +
      `Made the initial keys of ${formatCount(keys.length, 'circuit')}. Nobody may prove with them: anyone can forge.\n` +
      'Next: solvent ceremony init\n',
    line: powersOfTau.source,
  });
}

/** Counts circuits that are compiled, and keys that are there: some are compiled while keys of others are made. */
function createSetupListener(circuitCount: number, report: ProgressSink): (progress: SetupProgress) => void {
  let done = 0;
  return (progress) => {
    const isStep = progress.step === 'compile' ? progress.stage !== 'compiling' : progress.step !== 'key';
    if (isStep) done += 1;
    report({
      stage: 'Compiling circuits and making keys',
      done,
      total: 2 * circuitCount,
      unit: 'circuits and keys',
    });
  };
}
