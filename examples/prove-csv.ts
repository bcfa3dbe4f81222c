/**
 * From two CSV files to a signed bundle:
 *
 *     solvent setup --profile tiny --keys keys --development
 *     node prove-csv.ts balances.csv assets.csv keys run
 */
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadSigningKey } from 'solvent/identity';
import { loadKeys } from 'solvent/keys';
import { prove, type ProveResult, type SigningKey } from 'solvent/prover';
import { createSnapshot, loadSnapshot, readAccounts, stateSnapshot } from 'solvent/snapshot';

/** Where the files are, and where the bundle goes: into a directory of the run, which goes on where it was stopped. */
export type CsvRun = {
  /** `user_id,asset,equity,debt`. */
  readonly balancesPath: string;
  /** `symbol,decimals,price,collateral_ratio`. */
  readonly assetsPath: string;
  readonly keysDirectory: string;
  readonly runDirectory: string;
};

/** Seals a snapshot of the balances, and proves it. */
export async function proveCsv(
  { balancesPath, assetsPath, keysDirectory, runDirectory }: CsvRun,
  signingKey: SigningKey,
): Promise<ProveResult> {
  const snapshotDirectory = join(runDirectory, 'snapshot');
  await createSnapshot({
    platform: 'Example Exchange',
    takenAt: '2026-01-31T00:00:00Z',
    quote: 'USD',
    balancesPath,
    assetsPath,
    outDirectory: snapshotDirectory,
    underwater: 'fail',
  });
  const snapshot = await loadSnapshot(snapshotDirectory);
  const { profile, circuits } = await loadKeys(keysDirectory);
  return prove({
    snapshot: stateSnapshot(snapshot, { excluded: [], previousManifestHash: null, leastDistanceMs: 60_000 }),
    accountCount: snapshot.accountCount,
    accounts: () => readAccounts(snapshot),
    profile,
    circuits,
    signingKey,
    runDirectory: join(runDirectory, 'proof'),
    workers: availableParallelism(),
    engine: 'wasm',
    onProgress: ({ stage, done, total, unit }) => {
      console.error(`${stage}: ${done} of ${total} ${unit}`);
    },
  });
}

const [, program = '', balancesPath = '', assetsPath = '', keysDirectory = '', runDirectory = ''] =
  process.argv;
if (import.meta.url === pathToFileURL(resolve(program)).href) {
  const run = { balancesPath, assetsPath, keysDirectory, runDirectory };
  // The development key that setup made. In earnest: loadIdentity({ path: 'exchange.pem', passphrase }).
  const { bundleDirectory, manifestHash } = await proveCsv(run, await loadSigningKey(keysDirectory));
  console.log(manifestHash, bundleDirectory);
}
