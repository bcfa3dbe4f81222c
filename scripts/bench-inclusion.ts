// Makes the inclusion files of all users of a run whose trees are real and whose proofs are placeholders, as a directory
// and as an archive, and reads every hundredth again.
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  circuitName,
  circuitsOf,
  derivePriceTable,
  deriveTag,
  encodeCanonicalJson,
  FIELD_MODULUS,
  fingerprintKey,
  padPrices,
  parseInclusion,
  PROFILES,
  STATEMENT_FORMAT,
  type Account,
  type AggregateProof,
  type BatchProof,
  type Proof,
  type VerificationKey,
} from '../src/protocol/index.js';
import { formatNumber } from '../src/presentation/index.js';
import { planAggregates, topOf, type OpenedNode } from '../src/prover/aggregate/layers.js';
import { loadBatchRows } from '../src/prover/batch/batch-file.js';
import { commitBatch } from '../src/prover/batch/commitment.js';
import { saveBatchTree } from '../src/prover/batch/tree-file.js';
import { writeBundle } from '../src/prover/bundle/bundle.js';
import { buildManifest, describeSnapshot } from '../src/prover/bundle/manifest.js';
import { describeCircuits, matchKeys } from '../src/prover/circuits.js';
import { loadFastPoseidon } from '../src/prover/fast-poseidon.js';
import {
  makeAllInclusions,
  makeInclusionArchive,
  type ProvingCircuit,
  type SealedSnapshot,
} from '../src/prover/index.js';
import { describeInputs } from '../src/prover/run/pin.js';
import { openRun } from '../src/prover/run/run.js';
import { listBatches } from '../src/prover/shard/plan.js';
import { shardAccounts } from '../src/prover/shard/shard.js';
import { describeScript, parseFrom } from './command-line.js';

const command = describeScript('npm run bench:inclusion --', {
  does: 'Measure making the inclusion files of all users, as a directory and as an archive; the proofs are placeholders.',
  examples: ['', '10000'],
}).argument('[accounts]', 'how many users', parseFrom(1, 1e8), 100_000);
command.parse();
const [ACCOUNTS] = command.processedArgs as [number];
const ASSETS = 16;
const HELD = 3;
const PROFILE = PROFILES.get('standard')!;

const long = (FIELD_MODULUS - 1n).toString();
const point1: [string, string] = [long, long];
const point2: [[string, string], [string, string]] = [point1, point1];
const PLACEHOLDER: Proof = { a: point1, b: point2, c: point1 };

/** A user with three holdings and the statement that they are the sum of. */
function makeAccount(user: number): Account {
  const held = Array.from({ length: HELD }, (_, slot) => ((user % 5) + slot * 5) % ASSETS).sort(
    (a, b) => a - b,
  );
  const lines = held.map((asset) => ({
    account: `main-${user}`,
    asset: `A${asset}`,
    bucket: 'cross',
    kind: 'cash',
    reference: '',
    valuation: { of: 'amount', quantity: String(user + 1), rounding: 'up' },
    value: String(user + 1),
  }));
  return {
    userId: `someone.${user}@example.net`,
    holdings: held.map((assetIndex) => ({
      assetIndex,
      equityUnits: BigInt(user + 1) * 10n ** 8n,
      debtUnits: 0n,
    })),
    statement: encodeCanonicalJson({ format: STATEMENT_FORMAT, lines }),
  };
}

async function* listAccounts(): AsyncGenerator<Account> {
  for (let user = 0; user < ACCOUNTS; user++) yield await Promise.resolve(makeAccount(user));
}

function sealSnapshot(): SealedSnapshot {
  const equity = new Array<bigint>(ASSETS).fill(0n);
  for (let user = 0; user < ACCOUNTS; user++) {
    for (const { assetIndex, equityUnits } of makeAccount(user).holdings) equity[assetIndex]! += equityUnits;
  }
  const assets = equity.map((_, index) => ({
    symbol: `A${index}`,
    decimals: 8,
    price: String(index + 1),
    collateralRatio: '1',
  }));
  return {
    platform: 'Example Exchange',
    takenAt: '2026-01-31T00:00:00Z',
    quote: 'USD',
    scope: { included: 'all accounts', excluded: [] },
    snapshotHash: '00'.repeat(32),
    previousManifestHash: null,
    scale: derivePriceTable(assets).scale,
    assets,
    accountCount: ACCOUNTS,
    totals: equity.map((sum, index) => ({ asset: `A${index}`, equity: String(sum), debt: '0' })),
    rounding: [],
    writeOffs: { accounts: 0, debts: [] },
  };
}

/** The circuits of the profile with keys that are no keys. */
function makeKeys(): ProvingCircuit[] {
  const ic = [point1, point1, point1];
  const key: VerificationKey = { alpha: point1, beta: point2, gamma: point2, delta: point2, ic };
  const proving = circuitsOf(PROFILE).map((parameters) => {
    const tag = deriveTag(parameters);
    return {
      name: circuitName(parameters),
      parameters,
      tag: tag.toString(),
      fingerprint: fingerprintKey(tag, key),
      provenance: { kind: 'insecure-development' as const },
      verificationKey: key,
      wasmPath: '',
      zkeyPath: '',
    };
  });
  return matchKeys(PROFILE, proving);
}

/** A finished run of placeholders. */
async function makeRun(directory: string): Promise<void> {
  const snapshot = sealSnapshot();
  const circuits = describeCircuits(PROFILE);
  const keys = makeKeys();
  const prices = padPrices(derivePriceTable(snapshot.assets), circuits.aggregate.parameters.assets);
  const names = circuits.all.map(({ name }) => name);
  const inputs = describeInputs(describeSnapshot(snapshot), PROFILE.name, { names, present: keys });
  const run = await openRun(directory, inputs);
  const { paths, secret } = run;
  const plan = await shardAccounts(listAccounts(), {
    directory: paths.batches,
    circuits: circuits.batches,
    secret,
    snapshot,
    prices,
    onAccount: () => undefined,
  });
  const batches = listBatches(plan, circuits.batches);
  const hash = await loadFastPoseidon();
  const nodes: OpenedNode[] = [];
  for (const { circuit, index } of batches) {
    const rows = await loadBatchRows(paths.batch(circuit.name, index), circuit.parameters.users);
    const context = { circuit, index, secret, platform: snapshot.platform, prices };
    const commitment = commitBatch(hash, rows, context);
    await saveBatchTree(paths.tree(circuit.name, index), commitment);
    nodes.push({ ...commitment, tag: circuit.tag });
  }
  const layers = planAggregates(hash, nodes, { circuit: circuits.aggregate, secret });
  const manifest = buildManifest(snapshot, PROFILE.name, {
    circuits: keys,
    proofCounts: countProofs([
      ...batches.map(({ circuit }) => circuit.name),
      ...layers.flat().map(() => circuits.aggregate.name),
    ]),
    top: topOf(layers),
  });
  const batchProofs = batches.map(({ circuit }, place): BatchProof => {
    return { circuit: circuit.name, digest: nodes[place]!.digest.toString(), proof: PLACEHOLDER };
  });
  const aggregateProofs = layers.flat().map(({ digest, childDigests, totalsHash }): AggregateProof => ({
    digest: digest.toString(),
    children: childDigests.map(String),
    totals: totalsHash.toString(),
    proof: PLACEHOLDER,
  }));
  await writeBundle(
    paths.bundle,
    { manifest, batches: stream(batchProofs), aggregates: stream(aggregateProofs) },
    { signingKey: makeSigningKey(), beforeSigning: () => Promise.resolve() },
  );
  await run.close();
  console.log(`${ACCOUNTS} accounts in ${batches.length} batches under ${layers.flat().length} aggregates`);
}

function countProofs(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function makeSigningKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return { publicKey: raw.toString('hex'), sign: (message: Uint8Array) => sign(null, message, privateKey) };
}

async function* stream<T>(values: readonly T[]): AsyncGenerator<T> {
  for (const value of values) yield await Promise.resolve(value);
}

async function measure(name: string, make: () => Promise<{ fileCount: number }>): Promise<void> {
  const startedMs = performance.now();
  const { fileCount } = await make();
  const seconds = (performance.now() - startedMs) / 1000;
  const rate = formatNumber(fileCount / seconds);
  console.log(`${name}: ${fileCount} files in ${seconds.toFixed(1)} s, ${rate} a second`);
}

const directory = await mkdtemp(join(tmpdir(), 'solvent-inclusions-'));
try {
  const run = join(directory, 'run');
  const archive = join(directory, 'inclusion.zip');
  const startedMs = performance.now();
  await makeRun(run);
  console.log(`made the run in ${((performance.now() - startedMs) / 1000).toFixed(1)} s (not counted)`);
  await measure('directory', () => makeAllInclusions(run, join(directory, 'inclusion')));
  await measure('archive  ', () => makeInclusionArchive(run, archive));
  const names = (await readFile(join(run, 'private', 'inclusion-names.ndjson'), 'utf8'))
    .trimEnd()
    .split('\n');
  for (let at = 0; at < names.length; at += 100) {
    const { file } = JSON.parse(names[at]!) as { file: string };
    parseInclusion(await readFile(join(directory, 'inclusion', file)));
  }
  const megabytes = ((await stat(archive)).size / 1e6).toFixed(0);
  console.log(
    `archive: ${megabytes} MB; peak memory ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`,
  );
} finally {
  await rm(directory, { recursive: true, force: true });
}
