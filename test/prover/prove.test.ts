import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
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
  deriveContext,
  deriveInclusionName,
  derivePriceTable,
  encodeJsonLine,
  formatManifestHash,
  hashManifest,
  hashPrices,
  padPrices,
  parseAggregateProof,
  parseBatchProof,
  parseInclusion,
  parseManifest,
  parseSignature,
  parseStatement,
  poseidon,
  signedMessage,
  type AggregateProof,
  type BatchProof,
  type Manifest,
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
import { isProofValid } from '../../src/prover/check-proof.js';
import { sampleAccounts, sealSnapshot, stream, withStatement } from './exchange.js';
import { verifyWithSnarkjs } from './snarkjs-verify.js';
import { makeTinyKeys, TINY } from './tiny-keys.js';
import { walkInclusion } from './walk-inclusion.js';
import { readArchive } from './zip-reader.js';

const ACCOUNTS = sampleAccounts(40, 2).map((account, user) =>
  user % 3 === 0 ? withStatement(account) : account,
);
const SNAPSHOT = sealSnapshot(ACCOUNTS);

let directory: string;
let run: string;
let options: ProveOptions;
let result: ProveResult;
let manifest: Manifest;
let batches: BatchProof[];
let aggregates: AggregateProof[];
const progress: ProveProgress[] = [];

async function readLines<T>(file: string, parse: (line: Uint8Array) => T): Promise<T[]> {
  const text = await readFile(join(run, 'bundle', file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => parse(Buffer.from(line)));
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-prove-'));
  run = join(directory, 'run');
  options = {
    snapshot: SNAPSHOT,
    accounts: () => stream(ACCOUNTS),
    profile: TINY,
    ...(await makeTinyKeys(join(directory, 'keys'))),
    runDirectory: run,
    workers: 2,
    engine: 'snarkjs',
    onProgress: (event) => progress.push(event),
  };
  result = await prove(options);
  manifest = parseManifest(await readFile(join(run, 'bundle', 'manifest.json')));
  batches = await readLines('batches.ndjson', parseBatchProof);
  aggregates = await readLines('aggregates.ndjson', parseAggregateProof);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a bundle', () => {
  it('holds as many proofs of each circuit as its manifest states', () => {
    const counts = manifest.circuits.map(({ name, proofCount }) => [name, proofCount]);
    const spot = ACCOUNTS.filter(({ holdings }) =>
      holdings.every(({ debtUnits }) => debtUnits === 0n),
    ).length;
    expect(counts.slice(0, 2)).toEqual([
      ['spot-2', Math.ceil(spot / 16)],
      ['margin-2', Math.ceil((ACCOUNTS.length - spot) / 7)],
    ]);
    expect(batches.map(({ circuit }) => circuit).join()).toBe(
      counts
        .slice(0, 2)
        .flatMap(([name, count]) => new Array<unknown>(count as number).fill(name))
        .join(),
    );
    expect(counts[2]).toEqual(['aggregate', aggregates.length]);
    expect(result).toEqual({
      bundleDirectory: join(run, 'bundle'),
      manifestHash: formatManifestHash(manifest),
      proofCount: batches.length + aggregates.length,
      wasComplete: false,
    });
  });

  it('states the snapshot, and the sums of its accounts', () => {
    const { platform, takenAt, totals, assets, scope, writeOffs, snapshotHash } = SNAPSHOT;
    expect(manifest).toMatchObject({ platform, takenAt, totals, assets, scope, writeOffs, snapshotHash });
    expect(manifest.top.digest).toBe(aggregates.at(-1)!.digest);
  });

  it('has proofs that stock snarkjs accepts, and with another digest does not', async () => {
    const pricesHash = hashPrices(poseidon, padPrices(derivePriceTable(SNAPSHOT.assets), 4)).toString();
    const context = deriveContext(manifest).toString();
    const keyOf = (circuit: string) =>
      manifest.circuits.find(({ name }) => name === circuit)!.verificationKey;
    for (const { circuit, digest, proof } of batches) {
      const signals = circuit === 'spot-2' ? [digest] : [digest, pricesHash];
      expect(await verifyWithSnarkjs(keyOf(circuit), signals, proof)).toBe(true);
    }
    for (const { digest, proof } of aggregates) {
      expect(await verifyWithSnarkjs(keyOf('aggregate'), [digest, context], proof)).toBe(true);
      expect(await verifyWithSnarkjs(keyOf('aggregate'), [context, digest], proof)).toBe(false);
    }
  });

  it('is signed by the platform', async () => {
    const signature = parseSignature(await readFile(join(run, 'bundle', 'manifest.sig.json')));
    expect(signature.publicKey).toBe(options.signingKey.publicKey);
    const x = Buffer.from(signature.publicKey, 'hex').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const bytes = Buffer.from(signature.signature, 'hex');
    expect(verify(null, signedMessage(hashManifest(manifest)), key, bytes)).toBe(true);
    const other = hashManifest({ ...manifest, platform: 'Another' });
    expect(verify(null, signedMessage(other), key, bytes)).toBe(false);
  });

  it('is open to all, and everything else to its owner only, without an id in a name', async () => {
    expect(await readdir(run)).toEqual(['bundle', 'private']);
    const names = (await readdir(run, { recursive: true })).map(String);
    for (const name of names) {
      const { mode } = await stat(join(run, name));
      const isFolder = (await stat(join(run, name))).isDirectory();
      if (name.startsWith('private')) expect([name, mode & 0o777]).toEqual([name, isFolder ? 0o700 : 0o600]);
      else expect([name, mode & 0o444]).toEqual([name, 0o444]);
    }
    expect(names.join()).not.toMatch(/user|\.tmp-|lock/);
  });

  it('was reported on from start to end, stage by stage', () => {
    const stages = [...new Set(progress.map(({ stage }) => stage))];
    expect(stages).toEqual(['sharding', 'proving batches', 'proving aggregates', 'checking proofs']);
    for (const stage of stages) {
      const events = progress.filter((event) => event.stage === stage);
      expect(events[0]!.done).toBe(0);
      expect(events.at(-1)).toMatchObject({ done: events[0]!.total, total: events[0]!.total });
    }
  });
});

describe('a run of one batch', () => {
  it('has one aggregate above it, and no proof of the circuits that nobody needs', async () => {
    const accounts = [{ userId: 'alone', holdings: [{ assetIndex: 2, equityUnits: 1n, debtUnits: 0n }] }];
    const alone = join(directory, 'alone');
    const made = await prove({
      ...options,
      snapshot: sealSnapshot(accounts),
      accounts: () => stream(accounts),
      runDirectory: alone,
      workers: 1,
    });
    expect(made.proofCount).toBe(2);
    const { circuits } = parseManifest(await readFile(join(alone, 'bundle', 'manifest.json')));
    expect(circuits.map(({ proofCount }) => proofCount)).toEqual([1, 0, 1]);
    expect((await makeInclusion(alone, 'alone')).layers).toHaveLength(1);
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
    expect(await refused({ snapshot: { ...SNAPSHOT, scope } })).toMatchObject({
      errorClass: 'format',
      code: 'schema-violated',
      details: { paths: ['scope.included'] },
    });
  });

  it('for more assets than the circuits have room for', async () => {
    const more = { ...SNAPSHOT, assets: [...SNAPSHOT.assets, { ...SNAPSHOT.assets[0]!, symbol: 'FIFTH' }] };
    expect(await refused({ snapshot: more })).toMatchObject({ code: 'too-many-assets', errorClass: 'usage' });
  });

  it('for a scale, or totals, that are not those of the assets', async () => {
    const { scale, totals } = SNAPSHOT;
    expect(await refused({ snapshot: { ...SNAPSHOT, scale: scale - 1 } })).toMatchObject({
      code: 'snapshot-mismatch',
    });
    expect(await refused({ snapshot: { ...SNAPSHOT, totals: totals.slice(1) } })).toMatchObject({
      code: 'snapshot-mismatch',
    });
  });

  it('for no worker', async () => {
    expect(await refused({ workers: 0 })).toMatchObject({
      code: 'workers-out-of-range',
      errorClass: 'usage',
    });
  });
});

describe('proving again in the same directory', () => {
  it('says that all is done, and reads no account', async () => {
    const accounts = () => {
      throw new Error('expected no account to be read');
    };
    expect(await prove({ ...options, accounts })).toEqual({ ...result, wasComplete: true });
  });

  it.each([
    ['snapshot', { snapshotHash: 'cd'.repeat(32) }],
    ['statement of the snapshot', { takenAt: '2026-02-28T00:00:00Z' }],
  ])('is refused for another %s', async (changed, change) => {
    const again = prove({ ...options, snapshot: { ...SNAPSHOT, ...change } });
    await expect(again).rejects.toMatchObject({
      code: 'run-inputs-changed',
      errorClass: 'usage',
      details: { changed: [changed] },
    });
  });

  it.each([
    ['--scope', { scope: { included: 'some accounts', excluded: ['custody'] } }],
    ['--excluded', { scope: { included: 'all accounts', excluded: [] } }],
    ['--previous', { previousManifestHash: 'cd'.repeat(32) }],
  ])('is refused for another %s, by the name of the flag', async (flag, change) => {
    const again = prove({ ...options, snapshot: { ...SNAPSHOT, ...change } });
    await expect(again).rejects.toMatchObject({ code: 'run-inputs-changed' });
    await expect(again).rejects.toThrow(new RegExp(`got another [a-z ]+ \\(${flag}\\): give`));
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
      (copy: string) => changeManifest(copy, { top: { ...manifest.top, blind: '5' } }),
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

  it.each(['batches.ndjson', 'manifest.sig.json'])(
    'does not take a bundle without %s for whole',
    async (file) => {
      const copy = await copyRun();
      await rm(join(copy, 'bundle', file));
      const refusal = { code: 'run-file-malformed', errorClass: 'artefact' };
      await expect(prove({ ...options, runDirectory: copy })).rejects.toMatchObject(refusal);
    },
  );

  it('makes a kept proof again whose points are those of another proof', async () => {
    const copy = await copyRun({ withoutBundle: true });
    await swapPoints(copy);
    await prove({ ...options, runDirectory: copy });
    await expectAllProofsHold(copy);
  });

  it('signs nothing where a proof was changed after it was looked at, and makes it again the next time', async () => {
    const copy = await copyRun({ withoutBundle: true });
    const recorded: string[] = [];
    const ledger: ProveOptions['ledger'] = {
      assertFree: () => Promise.resolve(),
      record: ({ manifestHash }) => Promise.resolve(void recorded.push(manifestHash)),
    };
    let isChanged = false;
    const onProgress = ({ stage }: ProveProgress) => {
      if (stage !== 'proving aggregates' || isChanged) return;
      isChanged = true;
      swapPointsNow(copy);
    };
    const spoilt = prove({ ...options, runDirectory: copy, ledger, onProgress });
    await expect(spoilt).rejects.toMatchObject({ code: 'run-file-malformed' });
    expect(await readdir(copy)).toEqual(['private']);
    expect(recorded).toEqual([]);
    const { manifestHash } = await prove({ ...options, runDirectory: copy, ledger });
    expect(recorded).toEqual([manifestHash]);
    await expectAllProofsHold(copy);
  });

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

  it('is refused where the secret is gone, since no other fits the digests', async () => {
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
    await expect(makeInclusion(copy, 'user-3')).rejects.toMatchObject({ code: 'run-not-private' });
    await chmod(path, 0o600);
    expect((await again()).wasComplete).toBe(true);
    await writeFile(path, Buffer.alloc(32, 1));
    await expect(again()).rejects.toMatchObject({ code: 'run-file-malformed' });
    await rename(path, join(copy, 'elsewhere'));
    await symlink(join(copy, 'elsewhere'), path);
    await expect(again()).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it.runIf(process.getuid?.() === 0)(
    'is refused where its secret or its folder is somebody else’s',
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

  it('is refused for a key pair that does not belong together', async () => {
    const copy = await copyRun({ withoutBundle: true });
    const { sign: signWith } = options.signingKey;
    const again = prove({
      ...options,
      runDirectory: copy,
      signingKey: { sign: signWith, publicKey: 'ab'.repeat(32) },
    });
    await expect(again).rejects.toMatchObject({ code: 'signing-key-unsuitable', errorClass: 'usage' });
    expect(await readdir(copy)).toEqual(['private']);
  });

  it('is refused for circuits and keys of another make', async () => {
    const [spot, ...others] = options.circuits;
    const { verificationKey } = others[0]!;
    const swapped = { ...options, circuits: [{ ...spot!, verificationKey }, ...others] };
    await expect(prove(swapped)).rejects.toMatchObject({ code: 'circuit-mismatch', errorClass: 'artefact' });
    await expect(prove({ ...options, circuits: others })).rejects.toMatchObject({ code: 'circuit-mismatch' });
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
  const signature = signManifest(hashManifest(changed), key);
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

/** The first stored batch proof gets the points of the second, and keeps its own public signals. */
function swapPointsNow(copy: string): void {
  const at = (index: number) => join(copy, 'private', 'proofs', `spot-2.${index}.json`);
  const [first, second] = [0, 1].map(
    (index) => JSON.parse(readFileSync(at(index), 'utf8')) as { proof: unknown },
  );
  writeFileSync(at(0), encodeJsonLine({ ...first, proof: second!.proof }));
}

async function swapPoints(copy: string): Promise<void> {
  await Promise.resolve();
  swapPointsNow(copy);
}

async function expectAllProofsHold(copy: string): Promise<void> {
  const made = parseManifest(await readFile(join(copy, 'bundle', 'manifest.json')));
  const pricesHash = hashPrices(poseidon, padPrices(derivePriceTable(SNAPSHOT.assets), 4));
  const lines = (await readFile(join(copy, 'bundle', 'batches.ndjson'), 'utf8')).trimEnd().split('\n');
  for (const line of lines) {
    const { circuit, digest, proof } = parseBatchProof(Buffer.from(line));
    const { verificationKey, parameters } = made.circuits.find(({ name }) => name === circuit)!;
    const signals = [BigInt(digest), ...(parameters.kind === 'margin' ? [pricesHash] : [])];
    expect(isProofValid(verificationKey, proof, signals as (typeof pricesHash)[])).toBe(true);
  }
}

describe('the check of each proof', () => {
  it('accepts our proofs, and refuses another signal, another key and a changed point', () => {
    const [circuit] = options.circuits;
    const { digest, proof } = parseBatch(0);
    const { verificationKey } = circuit!;
    expect(isProofValid(verificationKey, proof, [digest])).toBe(true);
    expect(isProofValid(verificationKey, proof, [parseBatch(1).digest])).toBe(false);
    expect(isProofValid(verificationKey, proof, [digest, digest])).toBe(false);
    expect(isProofValid(options.circuits[1]!.verificationKey, proof, [digest])).toBe(false);
    expect(isProofValid(verificationKey, { ...proof, a: [proof.a[0], '1'] }, [digest])).toBe(false);
    expect(isProofValid(verificationKey, { ...proof, a: proof.c, c: proof.a }, [digest])).toBe(false);
  });

  const parseBatch = (place: number) => ({
    digest: BigInt(batches[place]!.digest) as Parameters<typeof poseidon>[0][number],
    proof: batches[place]!.proof,
  });
});

describe('inclusion files', () => {
  it('lead every user from their holdings to the top', async () => {
    for (const { userId, holdings, statement } of ACCOUNTS) {
      const file = await makeInclusion(run, userId);
      expect(file).toMatchObject({ userId, manifestHash: result.manifestHash });
      expect(file.holdings.map(({ equity, debt }) => [BigInt(equity), BigInt(debt)])).toEqual(
        holdings.map(({ equityUnits, debtUnits }) => [equityUnits, debtUnits]),
      );
      expect(file.statement).toEqual(statement === undefined ? null : parseStatement(statement));
      const digests = walkInclusion(file, manifest).map(String);
      expect(digests).toEqual([file.batch.digest, ...file.layers.map(({ digest }) => digest)]);
      expect(digests.at(-1)).toBe(manifest.top.digest);
      expect(batches).toContainEqual({
        circuit: file.circuit,
        digest: file.batch.digest,
        proof: file.batch.proof,
      });
      const { slot, ...top } = file.layers.at(-1)!;
      expect([slot < 2, top]).toEqual([true, aggregates.at(-1)]);
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
      expect(parseInclusion(await readFile(join(out, file)))).toEqual(await makeInclusion(run, userId));
      expect((await stat(join(out, file))).mode & 0o777).toBe(0o600);
    }
    await expect(makeAllInclusions(run, out)).rejects.toMatchObject({ code: 'directory-exists' });
  });

  it('are the same in one archive, under the same names', async () => {
    const out = join(directory, 'beside');
    const path = join(directory, 'all.zip');
    await makeAllInclusions(run, out);
    const { fileCount, namesPath } = await makeInclusionArchive(run, path);
    expect([fileCount, namesPath]).toEqual([ACCOUNTS.length, join(run, 'private', 'inclusion-names.ndjson')]);
    const files = readArchive(await readFile(path));
    expect([...files.keys()].sort()).toEqual((await readdir(out)).sort());
    for (const [name, bytes] of files) expect(bytes.equals(await readFile(join(out, name)))).toBe(true);
    const none = makeInclusionArchive(join(directory, 'none'), join(directory, 'none.zip'));
    await expect(none).rejects.toMatchObject({ code: 'run-incomplete' });
    await expect(stat(join(directory, 'none.zip'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('take an id as it is typed, and refuse one that is not there without repeating it', async () => {
    expect(await makeInclusion(run, '  user-3 ')).toEqual(await makeInclusion(run, 'user-3'));
    const error: unknown = await makeInclusion(run, 'user-40').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'user-not-found', errorClass: 'usage' });
    expect(JSON.stringify(error) + (error as Error).message).not.toContain('user-40');
    await expect(makeInclusion(run, 'USER-3')).rejects.toMatchObject({ code: 'user-not-found' });
  });

  it('are made all the same where the kept trees are gone or damaged', async () => {
    const copy = join(directory, 'copy');
    await cp(run, copy, { recursive: true });
    const trees = join(copy, 'private', 'trees');
    const [first, ...others] = await readdir(trees);
    await writeFile(join(trees, first!), 'damaged');
    for (const name of others) await rm(join(trees, name));
    for (const { userId } of ACCOUNTS) {
      expect(await makeInclusion(copy, userId)).toEqual(await makeInclusion(run, userId));
    }
  });

  it('are refused before there is a bundle', async () => {
    await expect(makeInclusion(join(directory, 'none'), 'user-3')).rejects.toMatchObject({
      code: 'run-incomplete',
      errorClass: 'usage',
    });
  });
});
