import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { Option, type Command } from 'commander';

import { CACHE_VARIABLE, findCacheDirectory, STATE_VARIABLE, stateDirectory } from '../../system/index.js';
import {
  ENGINE_NAMES,
  prove,
  type EngineName,
  type KernelName,
  type ProveOptions,
  type ProveProgress,
  type ProveResult,
} from '../../prover/index.js';
import { loadSigningKey, SIGNING_KEY_FILE, SigningLedger, type SigningKey } from '../../identity/index.js';
import { waitForKeys, type KeySet } from '../../keys/index.js';
import {
  assertSnapshot,
  loadSnapshot,
  readAccounts,
  stateSnapshot,
  type Snapshot,
} from '../../snapshot/index.js';
import {
  parseDuration,
  parseHash,
  parseWorkers,
  addIdentityOptions,
  findIdentity,
  type IdentityFlags,
} from '../arguments.js';
import { QUEUE_KEY_VARIABLE, readConnection, readQueueKey, spreadOver } from '../../queue/index.js';

import { addExample } from '../../verifier/command/index.js';
import { chooseEngineKernel, phraseKernel } from '../kernel.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { createProgress } from '../progress.js';
import { phraseQueueNote } from './worker.js';
import { formatCount, INSECURE } from '../../presentation/index.js';

type ProveFlags = OutputFlags &
  IdentityFlags & {
    readonly keys: string;
    readonly out: string;
    readonly workers?: number;
    readonly engine: EngineName;
    readonly scope?: string;
    readonly excluded: readonly string[];
    readonly previous?: string;
    readonly leastDistance?: number;
    readonly ledger?: string;
    readonly replace?: true;
    readonly queue?: string;
    readonly queuePatience?: number;
  };

const STAGES: Readonly<Record<ProveProgress['stage'], string>> = {
  'cutting rows': 'Cutting accounts into rows',
  committing: 'Committing to all rows',
  proving: 'Proving',
  'checking proofs': 'Checking all proofs',
  'writing inclusion files': 'Writing inclusion files',
};
const KERNEL_REFUSED =
  'The kernel does not hash as poseidon-lite does: circomlibjs hashes in its place. Proofs may fail; look at this machine';
const DEFAULT_LEAST_DISTANCE_MS = 60_000;

/** `solvent prove`: from a snapshot to a signed bundle; goes on where it was stopped, and waits for a setup at work. */
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
    .option(
      '--scope <text>',
      'what the snapshot covers, for its readers (default: all accounts of its source)',
    )
    .option('--excluded <text...>', 'what it leaves out, for its readers', [])
    .option('--previous <hash>', 'the hash of the manifest published before this one', parseHash)
    .option(
      '--least-distance <duration>',
      'the least time between two snapshots, which this one states: 1m, 1h, 1d (default: 1m)',
      parseDuration,
    )
    .option(
      '--ledger <file>',
      `what the key signed, one manifest for each instant (default: beside the identity, or in a directory that ${STATE_VARIABLE} names)`,
    )
    .option(
      '--queue <url>',
      `commit and prove by solvent worker, on any machine, over this PostgreSQL database; ${QUEUE_KEY_VARIABLE} holds the key that seals its tasks`,
    )
    .option(
      '--queue-patience <duration>',
      'how long proofs may wait for a worker, and all for the database (default: 10m)',
      parseDuration,
    )
    .option('--replace', 'sign a second manifest for an instant, in place of the first');
  addOutputOptions(command, { isLong: true });
  addExample(command, 'prove snapshot --keys keys --identity exchange.pem --out run --previous HASH').action(
    async (directory: string, flags: ProveFlags) => {
      // Before a snapshot of a million accounts is read: that there is one, keys, what signs, and what the queue needs.
      await assertSnapshot(directory);
      if (flags.queue !== undefined) {
        readConnection(flags.queue);
        readQueueKey();
      }
      const keys = await waitForKeys(flags.keys, {
        onWait: () => {
          if (flags.quiet === true) return;
          process.stderr.write(
            `Not all keys are in ${flags.keys} yet: waiting for the setup that makes them\n`,
          );
        },
      });
      const signer = await loadSigner(flags);
      await proveSnapshot(await loadSnapshot(directory), keys, { flags, signer });
    },
  );
}

/** What works over `--queue`; undefined where all is done here. What it tells is said between lines of progress. */
function openQueue(
  { queue, queuePatience }: ProveFlags,
  note: (line: string) => void,
): Pick<ProveOptions, 'commitBatches' | 'proveBatches'> | undefined {
  if (queue === undefined) return undefined;
  return spreadOver({
    url: queue,
    key: readQueueKey(),
    ...(queuePatience === undefined ? {} : { patienceMs: queuePatience }),
    onNote: (event) => {
      note(phraseQueueNote(event));
    },
  });
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

async function proveSnapshot(
  snapshot: Snapshot,
  keys: KeySet,
  { flags, signer }: { readonly flags: ProveFlags; readonly signer: Signer },
): Promise<void> {
  const kernel = await chooseEngineKernel(flags.engine);
  const progress = createProgress({ quiet: flags.quiet });
  const onCacheFault = (reason: string) => {
    progress.note(
      `Converted keys are not kept for the next run (${reason}): ${CACHE_VARIABLE} names another directory`,
    );
  };
  const cache = findCacheDirectory(onCacheFault);
  const overQueue = openQueue(flags, progress.note);
  try {
    const result = await prove({
      snapshot: stateSnapshot(snapshot, {
        ...(flags.scope === undefined ? {} : { included: flags.scope }),
        excluded: flags.excluded,
        previousManifestHash: flags.previous ?? null,
        leastDistanceMs: flags.leastDistance ?? DEFAULT_LEAST_DISTANCE_MS,
      }),
      accountCount: snapshot.accountCount,
      accounts: () => readAccounts(snapshot),
      profile: keys.profile,
      circuits: keys.circuits,
      ...signer,
      runDirectory: flags.out,
      workers: flags.workers ?? availableParallelism(),
      engine: flags.engine,
      ...overQueue,
      ...(cache === undefined ? {} : { cacheDirectory: cache }),
      onCacheFault,
      onProgress: (event) => {
        progress.report({ ...event, stage: STAGES[event.stage] });
      },
      onStep: (step) => {
        if (step.step === 'kernel-refused') progress.note(KERNEL_REFUSED);
        if (step.step === 'manifest-sealed') progress.note(announce(step.manifestHash));
        if (step.step === 'totals-weighed' && overQueue === undefined) progress.note(phraseKernel(kernel));
      },
    });
    progress.finish();
    writeProven(result, { flags, keys, kernel });
  } finally {
    progress.finish();
  }
}

/** The hash can be published from here on: it fixes every total and every row. */
function announce(manifestHash: string): string {
  return `Sealed the manifest ${manifestHash}: announced, not valid until its proofs are there`;
}

function writeProven(
  { bundleDirectory, manifestHash, proofCount, wasComplete }: ProveResult,
  {
    flags,
    keys,
    kernel,
  }: { readonly flags: ProveFlags; readonly keys: KeySet; readonly kernel: KernelName | null },
): void {
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
}
