import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { Option, type Command } from 'commander';

import { CACHE_VARIABLE, cacheDirectory, STATE_VARIABLE, stateDirectory } from '../../system/index.js';
import { PROFILES, SolventError } from '../../protocol/index.js';
import { ENGINE_NAMES, prove, type EngineName, type ProveProgress } from '../../prover/index.js';
import { loadSigningKey, SIGNING_KEY_FILE, SigningLedger, type SigningKey } from '../../identity/index.js';
import { followKeys, type FollowedKeys } from '../../keys/index.js';
import { assertSnapshot, loadSnapshot, readAccounts, type Snapshot } from '../../snapshot/index.js';
import { parseHash, parseWorkers } from '../arguments.js';
import { addIdentityOptions, findIdentity, type IdentityFlags } from '../identity-flags.js';
import { addExample } from '../../verifier/command/index.js';
import { chooseEngineKernel, phraseKernel } from '../kernel.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { createProgress } from '../progress.js';
import { formatCount, INSECURE } from '../../presentation/index.js';

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
    readonly ledger?: string;
    readonly replace?: true;
  };

const STAGES = {
  sharding: 'Cutting batches',
  'proving batches': 'Proving batches',
  'proving aggregates': 'Proving aggregates',
  'checking proofs': 'Checking all proofs',
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
    .option('--previous <hash>', 'the hash of the manifest published before this one', parseHash)
    .option(
      '--ledger <file>',
      `what the key signed, one manifest for each instant (default: beside the identity, or in a folder that ${STATE_VARIABLE} names)`,
    )
    .option('--replace', 'sign a second manifest for an instant, in place of the first');
  addOutputOptions(command, { isLong: true });
  addExample(command, 'prove snapshot --keys keys --identity exchange.pem --out run --previous HASH').action(
    async (directory: string, flags: ProveFlags) => {
      // Before a snapshot of a million accounts is read: that there is one, keys, and what signs.
      await assertSnapshot(directory);
      const keys = await followKeys(flags.keys, {
        onWait: () => {
          if (flags.quiet === true) return;
          process.stderr.write(`No keys in ${flags.keys} yet: looking for a setup that makes them\n`);
        },
      });
      try {
        const signer = await loadSigner(flags);
        await proveSnapshot(await loadSnapshot(directory), keys, { flags, signer });
      } finally {
        keys.close();
      }
    },
  );
}

type Signer = { readonly signingKey: SigningKey; readonly ledger: SigningLedger };

/** The key that signs, and the account of what it signed. Nobody relies on a development key: it warns and goes on. */
async function loadSigner(flags: ProveFlags): Promise<Signer> {
  const replace = flags.replace ?? false;
  const identity = await findIdentity(flags);
  const signingKey = identity ?? (await loadSigningKey(flags.keys));
  const shared = { signingKey: signingKey.publicKey, replace };
  if (identity !== undefined) {
    const path = flags.ledger ?? locateLedger(flags.identity, signingKey);
    return { signingKey, ledger: new SigningLedger({ ...shared, path }) };
  }
  const path = flags.ledger ?? nameLedger(join(flags.keys, SIGNING_KEY_FILE));
  const told = new Set<string>();
  const onRefusal = (message: string) => {
    if (told.has(message)) return;
    told.add(message);
    process.stderr.write(`warning: ${message}. It is a development key: going on\n`);
  };
  return { signingKey, ledger: new SigningLedger({ ...shared, path, onRefusal }) };
}

/** Beside the identity's file; a key of the environment has none. */
function locateLedger(identity: string | undefined, { publicKey }: SigningKey): string {
  if (identity !== undefined) return nameLedger(identity);
  return nameLedger(join(stateDirectory(), publicKey));
}

function nameLedger(path: string): string {
  return `${path}.ledger.json`;
}

/** Where converted keys may be kept; told where there is no such place, since proving needs none. */
function findCache(onFault: (reason: string) => void): string | undefined {
  try {
    return cacheDirectory();
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    onFault('there is no home folder');
    return undefined;
  }
}

async function proveSnapshot(
  snapshot: Snapshot,
  keys: FollowedKeys,
  { flags, signer }: { readonly flags: ProveFlags; readonly signer: Signer },
): Promise<void> {
  const profile = PROFILES.get(keys.profile);
  if (profile === undefined) {
    throw new SolventError(
      'artefact',
      'keys-of-unknown-profile',
      `expected keys of a profile of this version, got ${keys.profile}: run solvent setup with a new folder`,
    );
  }
  const kernel = await chooseEngineKernel(flags.engine);
  const progress = createProgress({ quiet: flags.quiet });
  let isKernelNamed = false;
  const onCacheFault = (reason: string) => {
    progress.finish();
    process.stderr.write(
      `Converted keys are not kept for the next run (${reason}): ${CACHE_VARIABLE} names another folder\n`,
    );
  };
  const cache = findCache(onCacheFault);
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
      ...signer,
      runDirectory: flags.out,
      workers: flags.workers ?? availableParallelism(),
      engine: flags.engine,
      latency: flags.latency,
      ...(cache === undefined ? {} : { cacheDirectory: cache }),
      onCacheFault,
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
    const insecure = keys.circuits.some(({ provenance }) => provenance.kind === 'insecure-development');
    writeResult(flags, {
      object: {
        bundleDirectory,
        manifestHash,
        proofCount,
        wasComplete,
        insecure,
        engine: flags.engine,
        kernel,
      },
      text:
        `${wasComplete ? 'The bundle was complete already' : `Made ${formatCount(proofCount, 'proof')}`}.\n` +
        (insecure ? `${INSECURE}: for tests only, and never to be published as a proof.\n` : '') +
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
