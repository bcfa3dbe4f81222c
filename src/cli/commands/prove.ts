import { availableParallelism } from 'node:os';

import { Option, type Command } from 'commander';

import { cacheDirectory } from '../../system/index.js';
import { PROFILES, SolventError } from '../../protocol/index.js';
import { ENGINE_NAMES, prove, type EngineName, type ProveProgress } from '../../prover/index.js';
import { loadSigningKey } from '../../identity/index.js';
import { followKeys, type FollowedKeys } from '../../keys/index.js';
import { loadSnapshot, readAccounts, type Snapshot } from '../../snapshot/index.js';
import { parseHash, parseWorkers } from '../arguments.js';
import { addIdentityOptions, findIdentity, type IdentityFlags } from '../identity-flags.js';
import { addExample } from '../../verifier/command/index.js';
import { chooseEngineKernel, phraseKernel } from '../kernel.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { createProgress } from '../progress.js';
import { formatCount } from '../../presentation/index.js';

type ProveFlags = OutputFlags &
  IdentityFlags & {
    readonly keys: string;
    readonly out: string;
    readonly workers?: number;
    readonly engine: EngineName;
    readonly latency: boolean;
    readonly scope?: string;
    readonly excluded: readonly string[];
    readonly previous?: string;
  };

const STAGES = {
  sharding: 'Cutting batches',
  'proving batches': 'Proving batches',
  'proving aggregates': 'Proving aggregates',
  'writing inclusion files': 'Writing inclusion files',
} as const;

/** `solvent prove`: from a snapshot to a signed bundle; goes on where it was stopped, and beside a setup at work. */
export function addProveCommand(program: Command): void {
  const command = addIdentityOptions(
    program.command('prove'),
    'the platform’s private key, else the one that setup --development made',
  )
    .description('prove a snapshot and write the bundle; run it again to go on where it was stopped')
    .argument('<snapshot>', 'the snapshot directory')
    .requiredOption('--keys <dir>', 'the keys of a profile')
    .requiredOption('--out <run>', 'the directory of this run; its bundle/ is public, its private/ never is')
    .option('--workers <count>', 'worker threads (default: one for each core)', parseWorkers)
    .addOption(new Option('--engine <name>', 'what makes the proofs').choices(ENGINE_NAMES).default('wasm'))
    .option('--no-latency', 'never spread one proof over several cores, as the last ones of a run are')
    .option(
      '--scope <text>',
      'what the snapshot covers, for its readers (default: all accounts of its source)',
    )
    .option('--excluded <text...>', 'what it leaves out, for its readers', [])
    .option('--previous <hash>', 'the hash of the manifest published before this one', parseHash);
  addOutputOptions(command, { isLong: true });
  addExample(command, 'prove snapshot --keys keys --identity exchange.pem --out run --previous HASH').action(
    async (directory: string, flags: ProveFlags) => {
      const snapshot = await loadSnapshot(directory);
      const keys = await followKeys(flags.keys, {
        onWait: () => {
          if (flags.quiet === true) return;
          process.stderr.write(`Waiting for keys in ${flags.keys}, or a setup that makes them\n`);
        },
      });
      try {
        await proveSnapshot(snapshot, keys, flags);
      } finally {
        keys.close();
      }
    },
  );
}

async function proveSnapshot(snapshot: Snapshot, keys: FollowedKeys, flags: ProveFlags): Promise<void> {
  const profile = PROFILES.get(keys.profile);
  if (profile === undefined) {
    throw new SolventError(
      'artefact',
      'profile-unknown',
      `expected keys of a profile of this version, got ${keys.profile}: run solvent setup with a new folder`,
    );
  }
  const signingKey = (await findIdentity(flags)) ?? (await loadSigningKey(flags.keys));
  const kernel = await chooseEngineKernel(flags.engine);
  const progress = createProgress({ quiet: flags.quiet });
  let isKernelNamed = false;
  try {
    const result = await prove({
      snapshot: {
        ...snapshot,
        snapshotHash: snapshot.hash,
        scope: { included: flags.scope ?? describeScope(snapshot), excluded: flags.excluded },
        previousManifestHash: flags.previous ?? null,
      },
      accounts: () => readAccounts(snapshot),
      profile,
      circuits: keys.circuits,
      awaited: keys.awaited,
      signingKey,
      runDirectory: flags.out,
      workers: flags.workers ?? availableParallelism(),
      engine: flags.engine,
      latency: flags.latency,
      cacheDirectory: cacheDirectory(),
      onProgress: (event) => {
        if (!isKernelNamed && event.stage.startsWith('proving')) {
          isKernelNamed = true;
          progress.note(phraseKernel(kernel));
        }
        progress.report({ ...event, stage: describeStage(event) });
      },
    });
    progress.finish();
    const { bundleDirectory, manifestHash, proofCount, wasComplete } = result;
    writeResult(flags, {
      object: { bundleDirectory, manifestHash, proofCount, wasComplete, engine: flags.engine, kernel },
      text:
        `${wasComplete ? 'The bundle was complete already' : `Made ${formatCount(proofCount, 'proof')}`}.\n` +
        `Publish ${bundleDirectory}; never ${flags.out}/private.\n` +
        `Manifest hash, to be published where everyone sees the same: ${manifestHash}\n`,
      line: manifestHash,
    });
  } finally {
    progress.finish();
  }
}

function describeStage({ stage, circuits = [] }: ProveProgress): string {
  if (stage !== 'waiting for keys') return STAGES[stage];
  return `Waiting for the ${circuits.length === 1 ? 'key' : 'keys'} of ${circuits.join(', ')}:`;
}

/** What a snapshot covers where its platform says nothing else. */
function describeScope({ configurationSha256 }: Snapshot): string {
  return configurationSha256 === null
    ? 'all accounts of the balance file'
    : 'all accounts of users in the platform’s books';
}
