// Makes the inclusion files of all users of a run whose rows are real and whose proofs are placeholders, as a directory
// and as an archive, and reads every hundredth again.
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  deriveCircuitTag,
  derivePriceTable,
  encodeCanonicalJson,
  FIELD_MODULUS,
  fingerprintKey,
  nameOfLayout,
  parseInclusion,
  PROFILES,
  STATEMENT_FORMAT,
  ZERO,
  type Account,
  type Proof,
  type VerificationKey,
} from '../src/protocol/index.js';
import { formatNumber } from '../src/presentation/index.js';
import { writeBundle } from '../src/prover/bundle/bundle.js';
import {
  makeAllInclusions,
  makeInclusionArchive,
  type ProvingCircuit,
  type SnapshotClaim,
} from '../src/prover/index.js';
import { describeInputs } from '../src/prover/run/pin.js';
import { openRun } from '../src/prover/run/run.js';
import { sealRun } from '../src/prover/seal.js';
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
  const value = String(user + 1);
  const lines = held.map((asset) => ({
    account: `main-${user}`,
    asset: `A${asset}`,
    bucket: 'cross',
    kind: 'cash',
    reference: '',
    valuation: { of: 'amount', quantity: value, rounding: 'up' },
    value,
  }));
  return {
    userId: `user-${user}@example.com`,
    holdings: held.map((assetIndex) => ({
      assetIndex,
      equityUnits: BigInt(user + 1) * 10n ** 8n,
      debtUnits: 0n,
    })),
    statement: encodeCanonicalJson({ format: STATEMENT_FORMAT, lines }),
  };
}

function* listAccounts(): Generator<Account> {
  for (let user = 0; user < ACCOUNTS; user++) yield makeAccount(user);
}

function claimAccounts(): SnapshotClaim {
  const assets = Array.from({ length: ASSETS }, (_, index) => ({
    symbol: `A${index}`,
    decimals: 8,
    price: '1',
    collateralRatio: '0.9',
    priceSource: 'made up',
    pricedAt: null,
    maxPriceAgeMs: null,
  }));
  const equities = assets.map(() => 0n);
  for (const { holdings } of listAccounts()) {
    for (const { assetIndex, equityUnits } of holdings) equities[assetIndex]! += equityUnits;
  }
  return {
    platform: 'Benchmark',
    takenAt: '2026-01-01T00:00:00Z',
    leastDistanceMs: 60_000,
    quote: 'USD',
    scope: { included: 'made-up accounts', excluded: [] },
    snapshotHash: '0'.repeat(64),
    previousManifestHash: null,
    scale: derivePriceTable(assets).scale,
    assets,
    maxMarkAgeMs: null,
    totals: assets.map(({ symbol }, index) => ({
      asset: symbol,
      equity: String(equities[index]),
      debt: '0',
    })),
    rounding: [],
    writeOffs: { accountsBelow: 1, debts: [] },
    reconciliation: null,
  };
}

/** Keys that nothing can be proven with. */
function makeKeys(): ProvingCircuit[] {
  const key: VerificationKey = {
    alpha: point1,
    beta: point2,
    gamma: point2,
    delta: point2,
    ic: [point1, point1],
  };
  return PROFILE.layouts.map((parameters) => {
    const tag = deriveCircuitTag(parameters);
    return {
      name: nameOfLayout(parameters),
      parameters,
      tag: tag.toString(),
      fingerprint: fingerprintKey(tag, key),
      provenance: { kind: 'insecure-development' as const },
      verificationKey: key,
      wasmPath: '',
      zkeyPath: '',
    };
  });
}

/** A finished run of placeholders. */
async function makeRun(directory: string): Promise<void> {
  const snapshot = claimAccounts();
  const keys = { profile: PROFILE.name, circuits: makeKeys() };
  const run = await openRun(directory, describeInputs(snapshot, keys));
  try {
    const { prices } = derivePriceTable(snapshot.assets);
    const accounts = { accountCount: ACCOUNTS, accounts: listAccounts, workers: 2 };
    const sealed = await sealRun(run, prices, { snapshot, ...keys, ...accounts });
    const { manifest, commitments, weights, committed } = sealed;
    const values = { total: ZERO, cover: null, openings: [ZERO] };
    const proofs = committed.map(() => ({ values, proof: PLACEHOLDER }));
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const { x } = publicKey.export({ format: 'jwk' });
    const signingKey = {
      publicKey: Buffer.from(x!, 'base64url').toString('hex'),
      sign: (message: Uint8Array) => sign(null, message, privateKey),
    };
    const parts = { manifest, commitments, proofs, ...(weights && { weights }) };
    await writeBundle(run.paths.bundle, parts, { signingKey, beforeSigning: () => Promise.resolve() });
  } finally {
    await run.close();
  }
}

const directory = await mkdtemp(join(tmpdir(), 'solvent-inclusion-'));
try {
  const run = join(directory, 'run');
  await timed('rows, points and lists', () => makeRun(run));
  const out = join(directory, 'inclusions');
  const { namesPath } = await timed('files in a directory', () => makeAllInclusions(run, out));
  const archive = join(directory, 'inclusions.zip');
  await timed('files in an archive', () => makeInclusionArchive(run, archive));
  await timed('every hundredth read again', () => readSome(out, namesPath));
  console.log(`archive: ${formatNumber((await stat(archive)).size / 1e6)} MB`);
  console.log(`peak: ${formatNumber(process.resourceUsage().maxRSS / 1024)} MB`);
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function readSome(out: string, namesPath: string): Promise<void> {
  const lines = (await readFile(namesPath, 'utf8')).trimEnd().split('\n');
  for (let line = 0; line < lines.length; line += 100) {
    const { file, userId } = JSON.parse(lines[line]!) as { file: string; userId: string };
    if (parseInclusion(await readFile(join(out, file))).userId !== userId)
      throw new Error('expected its user');
  }
}

async function timed<T>(title: string, step: () => Promise<T>): Promise<T> {
  const startedAtMs = performance.now();
  const result = await step();
  const seconds = (performance.now() - startedAtMs) / 1000;
  console.log(`${title}: ${seconds.toFixed(1)} s for ${formatNumber(ACCOUNTS)} users`);
  return result;
}
