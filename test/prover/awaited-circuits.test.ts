import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  BUNDLE_FILES,
  fingerprintKey,
  parseAggregateProof,
  parseBatchProof,
  parseFieldElement,
  SolventError,
} from '../../src/protocol/index.js';
import { prove, type ProveOptions, type ProveProgress, type ProvingCircuit } from '../../src/prover/index.js';
import { describeSnapshot } from '../../src/prover/bundle/manifest.js';
import { describeCircuits } from '../../src/prover/circuits.js';
import { runPaths } from '../../src/prover/run/paths.js';
import { describeInputs, makePin, savePin } from '../../src/prover/run/pin.js';
import { saveSecret } from '../../src/prover/run/secret.js';
import { sampleAccounts, sealSnapshot, SECRET, stream } from './exchange.js';
import { makeTinyKeys, TINY } from './tiny-keys.js';

/** Two batches of spot-2 at least, and of margin-2. */
const ACCOUNTS = sampleAccounts(60, 2);

let directory: string;
let run: string;
let options: ProveOptions;
let spot: ProvingCircuit;
let margin: ProvingCircuit;
let aggregate: ProvingCircuit;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-awaited-'));
  options = {
    snapshot: sealSnapshot(ACCOUNTS),
    accounts: () => stream(ACCOUNTS),
    profile: TINY,
    ...(await makeTinyKeys(join(directory, 'keys'))),
    runDirectory: '',
    workers: 1,
    engine: 'wasm',
  };
  [spot, margin, aggregate] = options.circuits as [ProvingCircuit, ProvingCircuit, ProvingCircuit];
});

beforeEach(async () => {
  run = await mkdtemp(join(directory, 'run-'));
  await beginRun(run);
  options = { ...options, runDirectory: run };
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** A run that has begun with a secret that the test knows, before any key was there. */
async function beginRun(path: string): Promise<void> {
  const paths = runPaths(path);
  await mkdir(paths.private, { recursive: true });
  const names = describeCircuits(TINY).all.map(({ name }) => name);
  const inputs = describeInputs(describeSnapshot(options.snapshot), TINY.name, { names, present: [] });
  await savePin(paths.pin, makePin(inputs, SECRET));
  await saveSecret(paths.secret, SECRET);
}

/** A circuit that arrives, or cannot, when the test says so. */
function arrival() {
  let resolve!: (circuit: ProvingCircuit) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<ProvingCircuit>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

const SETUP_DIED = new SolventError('usage', 'keys-incomplete', 'expected keys of 3 circuits, got 1');

async function readPin(): Promise<Record<string, string | null>> {
  const text = await readFile(join(run, 'private', 'run.json'), 'utf8');
  const { circuits } = JSON.parse(text) as { circuits: { name: string; fingerprint: string | null }[] };
  return Object.fromEntries(circuits.map(({ name, fingerprint }) => [name, fingerprint]));
}

/** All that a bundle publishes but the proofs themselves, which are never twice the same. */
async function readBundle(path: string): Promise<unknown> {
  const read = (file: string) => readFile(join(path, 'bundle', file), 'utf8');
  const lines = async (file: string, parse: typeof parseBatchProof | typeof parseAggregateProof) =>
    (await read(file))
      .trimEnd()
      .split('\n')
      .map((line) => ({ ...parse(Buffer.from(line)), proof: undefined }));
  return {
    manifest: await read('manifest.json'),
    signature: await read(BUNDLE_FILES.signature),
    batches: await lines('batches.ndjson', parseBatchProof),
    aggregates: await lines('aggregates.ndjson', parseAggregateProof),
  };
}

const listProofs = async () => (await readdir(join(run, 'private', 'proofs'))).sort();

describe('a run whose keys arrive while it proves', () => {
  it('begins with what is there, says what it waits for, and comes to the bundle of a run with all keys', async () => {
    const [spotArrival, aggregateArrival] = [arrival(), arrival()];
    const events: string[] = [];
    const onProgress = ({ stage, done, total, circuits }: ProveProgress) => {
      events.push(circuits === undefined ? stage : `${stage} ${circuits.join()} ${done} of ${total}`);
      if (circuits?.[0] === 'spot-2') spotArrival.resolve(spot);
      if (circuits?.[0] === 'aggregate') aggregateArrival.resolve(aggregate);
    };
    const awaited = new Map([
      ['spot-2', spotArrival.promise],
      ['aggregate', aggregateArrival.promise],
    ]);
    const result = await prove({ ...options, circuits: [margin], awaited, onProgress });
    expect(result.wasComplete).toBe(false);

    const stages = events.filter((event, place) => event !== events[place - 1]);
    expect(stages).toEqual([
      'sharding',
      'proving batches',
      'waiting for keys spot-2 1 of 3',
      'proving batches',
      'waiting for keys aggregate 2 of 3',
      'proving aggregates',
      'checking proofs',
    ]);
    // Every batch of margin-2 was proven before there was a key of spot-2, which is before it in the profile.
    const beforeWait =
      events.indexOf('waiting for keys spot-2 1 of 3') - events.indexOf('proving batches') - 1;
    const proofs = await listProofs();
    const countOf = (name: string) => proofs.filter((proof) => proof.startsWith(name)).length;
    expect(beforeWait).toBe(countOf('margin-2'));
    expect(countOf('margin-2')).toBeGreaterThan(1);
    expect(countOf('spot-2')).toBeGreaterThan(1);

    const other = await mkdtemp(join(directory, 'whole-'));
    await beginRun(other);
    const whole = await prove({ ...options, runDirectory: other });
    expect(result).toEqual({ ...whole, bundleDirectory: result.bundleDirectory });
    expect(await readBundle(run)).toEqual(await readBundle(other));
    const pinOf = (path: string) => readFile(join(path, 'private', 'run.json'), 'utf8');
    expect(await pinOf(run)).toBe(await pinOf(other));
  });

  it('waits for one key with several workers, and lets all of them go on', async () => {
    const spotArrival = arrival();
    const waits: string[] = [];
    await prove({
      ...options,
      workers: 2,
      circuits: [margin, aggregate],
      awaited: new Map([['spot-2', spotArrival.promise]]),
      onProgress: ({ circuits }) => {
        if (circuits === undefined) return;
        waits.push(circuits.join());
        spotArrival.resolve(spot);
      },
    });
    expect(waits).toEqual(['spot-2']);
  });

  it('pins a key before its first proof, ends where one does not come, and goes on from there', async () => {
    const [marginArrival, aggregateArrival] = [arrival(), arrival()];
    const awaited = new Map([
      ['margin-2', marginArrival.promise],
      ['aggregate', aggregateArrival.promise],
    ]);
    const pins: Promise<Record<string, string | null>>[] = [];
    const broken = prove({
      ...options,
      circuits: [spot],
      awaited,
      onProgress: ({ stage, circuits }) => {
        if (stage === 'sharding') pins.push(readPin());
        if (circuits?.[0] === 'margin-2') marginArrival.resolve(margin);
        if (circuits?.[0] === 'aggregate') aggregateArrival.reject(SETUP_DIED);
      },
    });
    await expect(broken).rejects.toBe(SETUP_DIED);
    expect(await pins[0]).toEqual({ 'spot-2': spot.fingerprint, 'margin-2': null, aggregate: null });
    const pin = { 'spot-2': spot.fingerprint, 'margin-2': margin.fingerprint, aggregate: null };
    expect(await readPin()).toEqual(pin);
    const before = await listProofs();
    expect(before).not.toEqual([]);

    // The same circuit with another key, as a setup in another folder would make it.
    const { verificationKey } = aggregate;
    const fingerprint = fingerprintKey(parseFieldElement(margin.tag), verificationKey);
    const other = { ...margin, verificationKey, fingerprint };
    const given = new Map([
      ['margin-2', Promise.resolve(other)],
      ['aggregate', Promise.resolve(aggregate)],
    ]);
    const refusal = { code: 'run-inputs-changed', details: { changed: ['set of keys (--keys)'] } };
    await expect(prove({ ...options, circuits: [spot], awaited: given })).rejects.toMatchObject(refusal);
    await expect(prove({ ...options, circuits: [spot, other, aggregate] })).rejects.toMatchObject(refusal);
    expect(await readPin()).toEqual(pin);

    const stages = new Set<string>();
    const result = await prove({
      ...options,
      accounts: () => {
        throw new Error('expected no account to be read again');
      },
      onProgress: ({ stage, done, total }) =>
        stages.add(stage === 'proving batches' ? `${done}/${total}` : stage),
    });
    expect(result.wasComplete).toBe(false);
    expect([...stages]).toEqual([
      `${before.length}/${before.length}`,
      'proving aggregates',
      'checking proofs',
    ]);
    expect(await readPin()).toEqual({ ...pin, aggregate: aggregate.fingerprint });
  });

  it('begins no proof after a key cannot come, even of a circuit that is there', async () => {
    const { promise, reject } = arrival();
    const broken = prove({
      ...options,
      circuits: [spot, margin],
      awaited: new Map([['aggregate', promise]]),
      onProgress: ({ stage, done }) => {
        if (stage === 'proving batches' && done === 1) reject(SETUP_DIED);
      },
    });
    await expect(broken).rejects.toBe(SETUP_DIED);
    expect(await listProofs()).toHaveLength(1);
  });

  it('refuses an arriving circuit that is not the one of the profile, and pins nothing of it', async () => {
    const awaited = new Map([
      ['margin-2', Promise.resolve({ ...aggregate, name: 'margin-2' })],
      ['aggregate', Promise.resolve(aggregate)],
    ]);
    await expect(prove({ ...options, circuits: [spot], awaited })).rejects.toMatchObject({
      code: 'circuit-mismatch',
      details: { circuit: 'margin-2' },
    });
    expect((await readPin())['margin-2']).toBeNull();
  });

  it('refuses a circuit that is neither there nor awaited, and what no manifest can say, before it writes', async () => {
    const awaited = new Map([['aggregate', arrival().promise]]);
    const runDirectory = join(directory, 'untouched');
    const partial = { ...options, awaited, runDirectory };
    await expect(prove({ ...partial, circuits: [spot] })).rejects.toMatchObject({
      code: 'circuit-mismatch',
      details: { circuit: 'margin-2' },
    });
    const snapshot = { ...options.snapshot, platform: 'two\nlines' };
    await expect(prove({ ...partial, circuits: [spot, margin], snapshot })).rejects.toMatchObject({
      errorClass: 'format',
    });
    await expect(readdir(runDirectory)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
