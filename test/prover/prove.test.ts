import { createPublicKey, verify } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  deriveContext,
  deriveInclusionName,
  derivePriceTable,
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
    expect(stages).toEqual(['sharding', 'proving batches', 'proving aggregates']);
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
    ['snapshotHash', { snapshotHash: 'cd'.repeat(32) }],
    ['statementHash', { scope: { included: 'some accounts', excluded: [] } }],
  ])('is refused for another %s', async (changed, change) => {
    const again = prove({ ...options, snapshot: { ...SNAPSHOT, ...change } });
    await expect(again).rejects.toMatchObject({
      code: 'run-inputs-changed',
      errorClass: 'usage',
      details: { changed: expect.arrayContaining([changed]) as unknown },
    });
  });

  it('is refused where the secret is gone, since no other fits the digests', async () => {
    const copy = join(directory, 'without-secret');
    await cp(run, copy, { recursive: true });
    await rm(join(copy, 'private', 'secret'));
    await expect(prove({ ...options, runDirectory: copy })).rejects.toMatchObject({
      code: 'run-file-malformed',
    });
    expect(await readdir(join(copy, 'private'))).not.toContain('secret');
  });

  it('is refused for a key pair that does not belong together', async () => {
    const copy = join(directory, 'without-bundle');
    await cp(run, copy, { recursive: true });
    await rm(join(copy, 'bundle'), { recursive: true });
    const { sign } = options.signingKey;
    const again = prove({ ...options, runDirectory: copy, signingKey: { sign, publicKey: 'ab'.repeat(32) } });
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
