import { generateKeyPairSync, sign } from 'node:crypto';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  deriveChallenges,
  deriveInclusionName,
  encodeCanonicalJson,
  encodeInclusion,
  encodeJsonLine,
  formatDecimal,
  formatManifestHash,
  hashManifest,
  listPublicSignals,
  parseBase64url,
  parseBatchCommitment,
  parseBatchProof,
  parseFieldElement,
  parseFieldElements,
  parseInclusion,
  parseManifest,
  parseSignature,
  parseWeightedTotals,
  STATEMENT_FORMAT,
  type Account,
  type FieldElement,
  type Manifest,
  type Proof,
  type VerificationKey,
} from '../../src/protocol/index.js';
import {
  makeAllInclusions,
  makeInclusion,
  makeInclusionArchive,
  prove,
  type ProveOptions,
  type ProveProgress,
  type ProveResult,
} from '../../src/prover/index.js';
import { signManifest } from '../../src/prover/bundle/signature.js';
import { isProofValid } from '../../src/prover/proof-file.js';
import { runPaths } from '../../src/prover/run/paths.js';
import { acquireLock } from '../../src/system/index.js';
import { createPairing, verifyInclusion } from '../../src/verifier/index.js';
import { exchangeAccounts, listAssets } from './exchange.js';
import { readBundle, runOptions, sourceOf, trustOf } from './fixture.js';
import { verifyWithSnarkjs } from './snarkjs-verify.js';
import { makeCircuitKeys } from './tiny-keys.js';
import { readArchive } from './zip-reader.js';

const LONG_MS = 600_000;
const ASSET_COUNT = 64;
const ACCOUNTS = exchangeAccounts().map((account) =>
  account.userId.startsWith('spot') && account.userId.endsWith('3') ? withStatement(account) : account,
);

/** The account with a line for each of its equities; an id that JSON has to escape goes with it. */
function withStatement(account: Account): Account {
  const assets = listAssets(ASSET_COUNT);
  const lines = account.holdings.map(({ assetIndex, equityUnits }) => {
    const { symbol, decimals } = assets[assetIndex]!;
    const value = formatDecimal({ coefficient: equityUnits, fractionDigits: decimals });
    return {
      account: 'main "1" ü',
      asset: symbol,
      bucket: 'cross',
      kind: 'cash',
      reference: '',
      valuation: { of: 'amount', quantity: value, rounding: 'up' },
      value,
    };
  });
  return { ...account, statement: encodeCanonicalJson({ format: STATEMENT_FORMAT, lines }) };
}

let directory: string;
let run: string;
let options: ProveOptions;
let result: ProveResult;
let manifest: Manifest;
let proofs: readonly ProvenLine[];
const progress: ProveProgress[] = [];

/** What one line of the bundle proves. */
type ProvenLine = {
  readonly circuit: string;
  readonly key: VerificationKey;
  readonly signals: readonly FieldElement[];
  readonly proof: Proof;
};

/** The proofs of a bundle with the public signals that a reader makes for them. */
async function readProofs(runDirectory: string): Promise<ProvenLine[]> {
  const bundle = await readBundle(runDirectory);
  const made = parseManifest(bundle.manifest);
  const points = parseWeightedTotals(bundle.weights!).points.map((point) => parseBase64url(point, 32));
  const challenges = deriveChallenges(hashManifest(made), points);
  const [commitments, lines] = [bundle.commitments, bundle.proofs].map(splitLines);
  return commitments!.map((line, index) => {
    const { circuit, digest } = parseBatchCommitment(line);
    const { parameters, verificationKey: key } = made.circuits.find(({ name }) => name === circuit)!;
    const { L, K, z, proof } = parseBatchProof(lines![index]!, parameters);
    const values = {
      total: parseFieldElement(L),
      cover: K === undefined ? null : parseFieldElement(K),
      openings: parseFieldElements(z),
    };
    const signals = listPublicSignals(parseFieldElement(digest), values, challenges);
    return { circuit, key, signals, proof };
  });
}

function splitLines(bytes: Uint8Array): Uint8Array[] {
  return Buffer.from(bytes)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line));
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-prove-'));
  run = join(directory, 'run');
  const circuits = await makeCircuitKeys();
  options = {
    ...runOptions({ directory: run, accounts: ACCOUNTS, assetCount: ASSET_COUNT, circuits }),
    onProgress: (event) => progress.push(event),
  };
  result = await prove(options);
  manifest = parseManifest(await readFile(join(run, 'bundle', 'manifest.json')));
  proofs = await readProofs(run);
}, LONG_MS);

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a bundle', () => {
  it('holds as many proofs of each circuit as its manifest states, and at least one of each', () => {
    const counts = manifest.circuits.map(({ name, proofCount }) => [name, proofCount] as const);
    // 34 users with three holdings, and one with eleven; 20 users with a debt.
    expect(counts).toEqual([
      ['spot-1', 1],
      ['spot-3', 2],
      ['margin-3', 2],
      ['margin-64', 1],
    ]);
    expect(proofs.map(({ circuit }) => circuit)).toEqual(
      counts.flatMap(([name, count]) => new Array<string>(count).fill(name)),
    );
    expect(result).toEqual({
      bundleDirectory: join(run, 'bundle'),
      manifestHash: formatManifestHash(manifest),
      proofCount: proofs.length,
      wasComplete: false,
    });
  });

  it('states the snapshot', () => {
    expect(manifest).toMatchObject(options.snapshot);
  });

  it('has proofs that stock snarkjs accepts, and with another signal does not', async () => {
    for (const { key, signals, proof } of proofs) {
      const texts = signals.map(String);
      expect(await verifyWithSnarkjs(key, texts, proof)).toBe(true);
      expect(await verifyWithSnarkjs(key, [texts[1]!, texts[0]!, ...texts.slice(2)], proof)).toBe(false);
    }
  });

  it('is open to all, and everything else to its owner only, without an id in a name', async () => {
    expect(await readdir(run)).toEqual(['bundle', 'private']);
    const names = (await readdir(run, { recursive: true })).map(String);
    for (const name of names) {
      const found = await stat(join(run, name));
      const expected = found.isDirectory() ? 0o700 : 0o600;
      if (name.startsWith('private')) expect([name, found.mode & 0o777]).toEqual([name, expected]);
      else expect([name, found.mode & 0o444]).toEqual([name, 0o444]);
    }
    expect(names.join()).not.toMatch(/spot-\d\d|debtor|\.tmp-|lock/);
  });

  it('was reported on from start to end, stage by stage', () => {
    const stages = [...new Set(progress.map(({ stage }) => stage))];
    expect(stages).toEqual(['cutting rows', 'committing', 'proving', 'checking proofs']);
    for (const stage of stages) {
      const events = progress.filter((event) => event.stage === stage);
      expect(events[0]!.done).toBe(0);
      expect(events.at(-1)).toMatchObject({ done: events[0]!.total, total: events[0]!.total });
    }
    expect(progress.find(({ unit }) => unit === 'users')!.total).toBe(ACCOUNTS.length);
  });
});

describe('proving is refused before anything is made', () => {
  const refused = async (change: Partial<ProveOptions>) => {
    const runDirectory = join(directory, 'refused');
    const error: unknown = await prove({ ...options, runDirectory, ...change }).catch(
      (caught: unknown) => caught,
    );
    await expect(readdir(runDirectory)).rejects.toMatchObject({ code: 'ENOENT' });
    return error;
  };

  it('for a statement that no manifest can hold', async () => {
    const scope = { included: 'two\nlines', excluded: [] };
    expect(await refused({ snapshot: { ...options.snapshot, scope } })).toMatchObject({
      errorClass: 'format',
      code: 'schema-violated',
      details: { paths: ['scope.included'] },
    });
  });

  it('for a scale, or totals, that are not those of the assets', async () => {
    const { scale, totals } = options.snapshot;
    expect(await refused({ snapshot: { ...options.snapshot, scale: scale - 1 } })).toMatchObject({
      code: 'snapshot-mismatch',
    });
    expect(await refused({ snapshot: { ...options.snapshot, totals: totals.slice(1) } })).toMatchObject({
      errorClass: 'format',
    });
  });

  it('for no worker', async () => {
    const refusal = { code: 'workers-out-of-range', errorClass: 'usage' };
    expect(await refused({ workers: 0 })).toMatchObject(refusal);
  });

  it('for no circuit of spot rows, or none at all', async () => {
    const refusal = { code: 'circuit-mismatch', errorClass: 'artefact' };
    expect(await refused({ circuits: options.circuits.slice(2) })).toMatchObject(refusal);
    expect(await refused({ circuits: [] })).toMatchObject(refusal);
  });
});

describe('accounts that do not add up to the snapshot', () => {
  it('are refused before anything is committed to', async () => {
    const runDirectory = join(directory, 'short');
    const accounts = () => ACCOUNTS.slice(1);
    await expect(prove({ ...options, runDirectory, accounts })).rejects.toMatchObject({
      code: 'snapshot-mismatch',
      errorClass: 'invariant',
    });
    const { batches, sealed, salt, statements } = runPaths(runDirectory);
    expect([...(await readdir(batches)), ...(await readdir(sealed))]).toEqual([]);
    for (const path of [salt, statements]) await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('proving again in the same directory', () => {
  it('says that all is done, and reads no account', async () => {
    const accounts = () => {
      throw new Error('expected no account to be read');
    };
    expect(await prove({ ...options, accounts })).toEqual({ ...result, wasComplete: true });
  });

  it('is refused while another call works there', async () => {
    const copy = await copyRun({ withoutBundle: true });
    const lock = await acquireLock(join(copy, 'private'));
    const again = prove({ ...options, runDirectory: copy });
    await expect(again).rejects.toMatchObject({ code: 'directory-in-use', errorClass: 'usage' });
    await lock.release();
  });

  it.each([
    ['snapshot', { snapshotHash: 'cd'.repeat(32) }],
    ['statement of the snapshot', { takenAt: '2026-02-28T00:00:00Z' }],
  ])('is refused for another %s', async (changed, change) => {
    const again = prove({ ...options, snapshot: { ...options.snapshot, ...change } });
    await expect(again).rejects.toMatchObject({
      code: 'run-inputs-changed',
      errorClass: 'usage',
      details: { changed: [changed] },
    });
  });

  it.each([
    ['--scope', { scope: { included: 'some accounts', excluded: [] } }],
    ['--excluded', { scope: { included: 'All customer accounts.', excluded: ['custody'] } }],
    ['--previous', { previousManifestHash: 'cd'.repeat(32) }],
    ['--least-distance', { leastDistanceMs: 1 }],
  ])('is refused for another %s, by the name of the flag', async (flag, change) => {
    const again = prove({ ...options, snapshot: { ...options.snapshot, ...change } });
    await expect(again).rejects.toMatchObject({ code: 'run-inputs-changed' });
    await expect(again).rejects.toThrow(new RegExp(`got another [a-z ]+ \\(${flag}\\): give`));
  });

  it('is refused for fewer keys, or another profile, by the name of the flag', async () => {
    for (const change of [{ circuits: options.circuits.slice(0, 3) }, { profile: 'small' }]) {
      const again = prove({ ...options, ...change });
      await expect(again).rejects.toMatchObject({ code: 'run-inputs-changed' });
      await expect(again).rejects.toThrow('(--keys)');
    }
  });

  it.each([
    ['of another key pair', (copy: string) => signBundle(copy, makeKeyPair())],
    ['of another snapshot', (copy: string) => changeManifest(copy, { snapshotHash: 'cd'.repeat(32) })],
    [
      'with another scope',
      (copy: string) => changeManifest(copy, { scope: { included: 'x', excluded: [] } }),
    ],
    [
      'of another run of the same snapshot',
      (copy: string) => changeManifest(copy, { commitmentsHash: 'cd'.repeat(32) }),
    ],
    [
      'with other commitments',
      (copy: string) => writeFile(join(copy, 'bundle', 'commitments.ndjson'), 'others\n'),
    ],
    [
      'under other keys',
      (copy: string) =>
        changeManifest(copy, {
          circuits: manifest.circuits.map((circuit) => ({ ...circuit, fingerprint: 'ab'.repeat(32) })),
        }),
    ],
    [
      'without a signature of it',
      async (copy: string) => {
        const path = join(copy, 'bundle', 'manifest.sig.json');
        const { publicKey, ...rest } = parseSignature(await readFile(path));
        await writeFile(path, encodeJsonLine({ ...rest, publicKey, signature: '00'.repeat(64) }));
      },
    ],
  ])('does not take a bundle %s for its own', async (_, plant) => {
    const copy = await copyRun();
    await plant(copy);
    const refusal = { code: 'bundle-of-another-run', errorClass: 'usage' };
    await expect(prove({ ...options, runDirectory: copy })).rejects.toMatchObject(refusal);
  });

  it.each(['proofs.ndjson', 'commitments.ndjson', 'manifest.sig.json'])(
    'does not take a bundle without %s for whole',
    async (file) => {
      const copy = await copyRun();
      await rm(join(copy, 'bundle', file));
      const refusal = { code: 'run-file-malformed', errorClass: 'artefact' };
      await expect(prove({ ...options, runDirectory: copy })).rejects.toMatchObject(refusal);
    },
  );

  it('signs only what the ledger takes, and asks it before any work', async () => {
    const copy = await copyRun({ withoutBundle: true });
    const refuse = () => Promise.reject(new Error('signed already'));
    const take = () => Promise.resolve();
    const late = prove({ ...options, runDirectory: copy, ledger: { assertFree: take, record: refuse } });
    await expect(late).rejects.toThrow('signed already');
    expect(await readdir(copy)).toEqual(['private']);
    const fresh = join(directory, 'unbegun');
    const early = prove({ ...options, runDirectory: fresh, ledger: { assertFree: refuse, record: take } });
    await expect(early).rejects.toThrow('signed already');
    expect(await readdir(directory)).not.toContain('unbegun');
  });

  it('makes a kept proof again whose points are those of another proof', async () => {
    const copy = await copyRun({ withoutBundle: true });
    const [first, second] = [1, 2].map((batch) => runPaths(copy).proof(batch));
    const [one, other] = await Promise.all([first!, second!].map((path) => readFile(path, 'utf8')));
    const swapped = {
      ...JSON.parse(one!),
      proof: (JSON.parse(other!) as { proof: unknown }).proof,
    } as object;
    await writeFile(first!, encodeJsonLine(swapped));
    await prove({ ...options, runDirectory: copy });
    for (const { key, signals, proof } of await readProofs(copy)) {
      expect(await isProofValid(key, proof, signals)).toBe(true);
    }
  });

  it('is refused where the secret is gone, since no other fits the ids', async () => {
    const copy = await copyRun();
    await rm(join(copy, 'private', 'secret'));
    await expect(prove({ ...options, runDirectory: copy })).rejects.toMatchObject({
      code: 'run-file-malformed',
    });
    expect(await readdir(join(copy, 'private'))).not.toContain('secret');
  });

  it('is refused where another secret lies in its place, or one that others could read', async () => {
    const copy = await copyRun();
    const path = join(copy, 'private', 'secret');
    await chmod(path, 0o640);
    const again = () => prove({ ...options, runDirectory: copy });
    await expect(again()).rejects.toMatchObject({ code: 'run-not-private', errorClass: 'usage' });
    await expect(makeInclusion(copy, 'wide')).rejects.toMatchObject({ code: 'run-not-private' });
    await chmod(path, 0o600);
    expect((await again()).wasComplete).toBe(true);
    await writeFile(path, Buffer.alloc(32, 1));
    await expect(again()).rejects.toMatchObject({ code: 'run-file-malformed' });
    await rename(path, join(copy, 'elsewhere'));
    await symlink(join(copy, 'elsewhere'), path);
    await expect(again()).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it.runIf(process.getuid?.() === 0)(
    'is refused where its secret or its directory is somebody else’s',
    async () => {
      for (const name of ['secret', '.']) {
        const copy = await copyRun();
        await chown(join(copy, 'private', name), 12_345, 12_345);
        const again = prove({ ...options, runDirectory: copy });
        await expect(again).rejects.toMatchObject({ code: 'run-not-private', errorClass: 'usage' });
      }
    },
  );

  it('never adopts a secret that was there before the run', async () => {
    const planted = join(directory, 'planted');
    await mkdir(join(planted, 'private'), { recursive: true });
    await writeFile(join(planted, 'private', 'secret'), Buffer.alloc(32, 7), { mode: 0o600 });
    const adopting = prove({ ...options, runDirectory: planted });
    await expect(adopting).rejects.toMatchObject({ code: 'run-secret-foreign', errorClass: 'usage' });
    expect(await readdir(join(planted, 'private'))).not.toContain('run.json');
  });

  it('begins anew where it was killed before its secret was written', async () => {
    const copy = join(directory, 'begun');
    const stop = () => {
      throw new Error('stopped');
    };
    await expect(prove({ ...options, runDirectory: copy, accounts: stop })).rejects.toThrow('stopped');
    const path = join(copy, 'private', 'secret');
    const first = await readFile(path);
    await rm(path);
    await expect(prove({ ...options, runDirectory: copy, accounts: stop })).rejects.toThrow('stopped');
    expect((await readFile(path)).equals(first)).toBe(false);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const second = await readFile(path);
    await expect(prove({ ...options, runDirectory: copy, accounts: stop })).rejects.toThrow('stopped');
    expect((await readFile(path)).equals(second)).toBe(true);
  });
});

let copies = 0;

/** The finished run once more, with or without its bundle. */
async function copyRun({ withoutBundle = false } = {}): Promise<string> {
  const copy = join(directory, `copy-${(copies += 1)}`);
  await cp(run, copy, { recursive: true });
  if (withoutBundle) await rm(join(copy, 'bundle'), { recursive: true });
  return copy;
}

async function changeManifest(copy: string, changes: Partial<Manifest>): Promise<void> {
  const path = join(copy, 'bundle', 'manifest.json');
  const changed = { ...parseManifest(await readFile(path)), ...changes };
  await writeFile(path, encodeJsonLine(changed));
  await signBundle(copy, options.signingKey);
}

async function signBundle(copy: string, key: ProveOptions['signingKey']): Promise<void> {
  const changed = parseManifest(await readFile(join(copy, 'bundle', 'manifest.json')));
  const signature = await signManifest(hashManifest(changed), key);
  await writeFile(join(copy, 'bundle', 'manifest.sig.json'), encodeJsonLine(signature));
}

function makeKeyPair(): ProveOptions['signingKey'] {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  return {
    publicKey: Buffer.from(x!, 'base64url').toString('hex'),
    sign: (message) => sign(null, message, privateKey),
  };
}

describe('the check of each proof', () => {
  it('accepts our proofs, and refuses another signal, another key and a changed point', async () => {
    const [one, other] = [proofs[1]!, proofs[2]!];
    const { key, signals, proof } = one;
    expect(await isProofValid(key, proof, signals)).toBe(true);
    expect(await isProofValid(key, proof, other.signals)).toBe(false);
    expect(await isProofValid(key, proof, [...signals, signals[0]!])).toBe(false);
    expect(await isProofValid(proofs[0]!.key, proof, signals)).toBe(false);
    expect(await isProofValid(key, { ...proof, a: [proof.a[0], '1'] }, signals)).toBe(false);
    expect(await isProofValid(key, { ...proof, a: proof.c, c: proof.a }, signals)).toBe(false);
  });
});

describe('inclusion files', () => {
  it(
    'are valid for users of one part and of several, with a debt, a statement, and nothing at all',
    async () => {
      const bundle = await readBundle(run);
      const pairing = await createPairing();
      for (const userId of ['spot-13', 'debtor-7', 'wide', 'many', 'nobody']) {
        const { bytes, manifestHash } = await makeInclusion(run, userId);
        expect(manifestHash).toBe(result.manifestHash);
        const report = await verifyInclusion(bytes, sourceOf(bundle), trustOf(options.circuits), {
          pairing,
          userId,
          allowDevelopmentKeys: true,
        });
        expect([userId, report.valid], report.code).toEqual([userId, true]);
      }
    },
    LONG_MS,
  );

  it('are those of their one encoding, for every user', async () => {
    for (const { userId, statement } of ACCOUNTS) {
      const { bytes } = await makeInclusion(run, userId);
      const { padding, ...file } = parseInclusion(bytes);
      expect(padding.length).toBeLessThan(16_384);
      expect(Buffer.from(bytes).equals(encodeInclusion(file)), userId).toBe(true);
      expect(file.userId).toBe(userId);
      expect(file.statement === null).toBe(statement === undefined);
    }
  });

  it('are the same when all are made at once, under names that only the secret gives', async () => {
    const out = join(directory, 'all');
    const { fileCount, namesPath } = await makeAllInclusions(run, out);
    expect(fileCount).toBe(ACCOUNTS.length);
    const secret = await readFile(join(run, 'private', 'secret'));
    const names = new Map(
      (await readFile(namesPath, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { file: string; userId: string })
        .map(({ file, userId }) => [userId, file]),
    );
    expect((await readdir(out)).sort()).toEqual([...names.values()].sort());
    for (const { userId } of ACCOUNTS) {
      const file = names.get(userId)!;
      expect(file).toBe(`${deriveInclusionName(secret, userId)}.json`);
      const { bytes } = await makeInclusion(run, userId);
      expect((await readFile(join(out, file))).equals(bytes), userId).toBe(true);
      expect((await stat(join(out, file))).mode & 0o777).toBe(0o600);
    }
    await expect(makeAllInclusions(run, out)).rejects.toMatchObject({ code: 'directory-exists' });
  });

  it('are the same in one archive, under the same names', async () => {
    const path = join(directory, 'all.zip');
    const { fileCount, namesPath } = await makeInclusionArchive(run, path);
    expect([fileCount, namesPath]).toEqual([ACCOUNTS.length, join(run, 'private', 'inclusion-names.ndjson')]);
    const files = readArchive(await readFile(path));
    const out = join(directory, 'all');
    expect([...files.keys()].sort()).toEqual((await readdir(out)).sort());
    for (const [name, bytes] of files) expect(bytes.equals(await readFile(join(out, name)))).toBe(true);
    const none = makeInclusionArchive(join(directory, 'none'), join(directory, 'none.zip'));
    await expect(none).rejects.toMatchObject({ code: 'run-incomplete' });
    await expect(stat(join(directory, 'none.zip'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('take an id as it is typed, and refuse one that is not there without repeating it', async () => {
    expect(await makeInclusion(run, '  spot-3 ')).toEqual(await makeInclusion(run, 'spot-3'));
    const error: unknown = await makeInclusion(run, 'spot-400').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'user-not-found', errorClass: 'usage' });
    expect(JSON.stringify(error) + (error as Error).message).not.toContain('spot-400');
    for (const other of ['SPOT-3', 'a', 'zz', 'spot']) {
      await expect(makeInclusion(run, other)).rejects.toMatchObject({ code: 'user-not-found' });
    }
  });

  it('are refused, and none is left, where the file of a batch is damaged', async () => {
    const copy = await copyRun();
    const path = runPaths(copy).batch(1);
    const bytes = await readFile(path);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path, bytes);
    const out = join(directory, 'damaged');
    await expect(makeAllInclusions(copy, out)).rejects.toMatchObject({ code: 'run-file-malformed' });
    await expect(stat(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are refused before there is a bundle', async () => {
    await expect(makeInclusion(join(directory, 'none'), 'wide')).rejects.toMatchObject({
      code: 'run-incomplete',
      errorClass: 'usage',
    });
  });
});
