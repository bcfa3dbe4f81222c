import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, open, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { acquireLock, projectRoot } from '../../../src/system/index.js';
import {
  deriveCircuitTag,
  encodeJsonLine,
  fingerprintKey,
  parseFieldElement,
  parseTrust,
} from '../../../src/protocol/index.js';
import { loadSigningKey } from '../../../src/identity/index.js';
import { readVerificationKey } from '../../../src/iden3/index.js';
import {
  addWideCircuit,
  loadKeys,
  makeDevelopmentKeys,
  type KeySet,
  type SetupProgress,
} from '../../../src/keys/index.js';
import { MAX_VERIFICATION_KEY_BYTES } from '../../../src/keys/store/key-set.js';
import { MAX_PUBLIC_SIGNALS } from '../../../src/protocol/rows/layout.js';
import { snarkjs } from '../development-key/snarkjs.js';
import { LEAST, makeLeastCache } from '../least-profile.js';

let root: string;
let cacheDirectory: string;
/** Keys that no test changes. */
let finished: string;
let keys: KeySet;
/** A copy of them for one test. */
let keysDirectory: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'solvent-keys-'));
  cacheDirectory = join(root, 'cache');
  await makeLeastCache(cacheDirectory);
  finished = join(root, 'finished');
  keys = await makeDevelopmentKeys({ profile: LEAST, keysDirectory: finished, cacheDirectory, workers: 2 });
});

beforeEach(async () => {
  keysDirectory = join(await mkdtemp(join(root, 'test-')), 'keys');
  await cp(finished, keysDirectory, { recursive: true });
});

afterAll(async () => {
  await (await snarkjs.curves.getCurveFromName('bn128')).terminate();
  await rm(root, { recursive: true, force: true });
});

async function makeAgain(
  directory = keysDirectory,
  cache = cacheDirectory,
): Promise<{ made: KeySet; steps: string[] }> {
  const steps: string[] = [];
  const onProgress = (progress: SetupProgress) => {
    if (progress.step === 'kept' || progress.step === 'installed')
      steps.push(`${progress.step} ${progress.name}`);
  };
  const made = await makeDevelopmentKeys({
    profile: LEAST,
    keysDirectory: directory,
    cacheDirectory: cache,
    workers: 2,
    onProgress,
  });
  return { made, steps: steps.sort() };
}

async function flipByte(path: string, offset: number): Promise<void> {
  const handle = await open(path, 'r+');
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, offset);
  buffer[0]! ^= 1;
  await handle.write(buffer, 0, 1, offset);
  await handle.close();
}

async function editKeysFile(
  edit: (record: { circuits: Record<string, unknown>[] } & Record<string, unknown>) => void,
) {
  const path = join(keysDirectory, 'keys.json');
  const record = JSON.parse(await readFile(path, 'utf8')) as Parameters<typeof edit>[0];
  edit(record);
  await writeFile(path, encodeJsonLine(record));
}

/** The names in a list of keys: of the circuits that are there, and of those that are awaited. */
function readList(directory: string): { circuits: string[]; awaited: string[] | undefined } {
  const record = JSON.parse(readFileSync(join(directory, 'keys.json'), 'utf8')) as {
    circuits: { name: string }[];
    awaited?: string[];
  };
  return { circuits: record.circuits.map(({ name }) => name), awaited: record.awaited };
}

const namesOf = async (directory: string) => (await readdir(directory)).sort();
const fingerprints = (set: KeySet) => set.circuits.map(({ fingerprint }) => fingerprint);
const spot = () => keys.circuits[0]!;
const spotPath = (name: string) => join(keysDirectory, `spot-1.${name}`);

describe('development keys', () => {
  it('are all there, in the order of the profile, and nothing else is', async () => {
    expect(await namesOf(finished)).toEqual([
      'keys.json',
      'margin-1.vk.json',
      'margin-1.wasm',
      'margin-1.zkey',
      'platform-signing-key.pem',
      'spot-1.vk.json',
      'spot-1.wasm',
      'spot-1.zkey',
      'trust.json',
    ]);
    expect(keys.profile).toBe('least');
    expect(keys.circuits.map(({ parameters }) => parameters)).toEqual(LEAST.layouts);
  });

  it('are marked insecure-development wherever they are named', async () => {
    expect(keys.provenance).toEqual({ kind: 'insecure-development' });
    for (const { provenance } of keys.circuits) expect(provenance).toEqual({ kind: 'insecure-development' });
    const trust = parseTrust(await readFile(join(finished, 'trust.json')));
    for (const { provenance } of trust.circuits) expect(provenance).toEqual({ kind: 'insecure-development' });
    const zkey = await readFile(spot().zkeyPath);
    expect(zkey.includes('insecure development key')).toBe(true);
  });

  it('prove a real circuit with stock snarkjs, and not another statement', async () => {
    const signals = {
      rho: 11n,
      x: 13n,
      amount: [[5n], [6n]],
      code: [[0n], [1n]],
      blind: 9n,
      maskL: 10n,
      mask: [[12n]],
    };
    const { proof, publicSignals } = await snarkjs.groth16.fullProve(
      signals,
      spot().wasmPath,
      spot().zkeyPath,
    );
    const key = await snarkjs.zKey.exportVerificationKey(spot().zkeyPath);
    expect(await snarkjs.groth16.verify(key, publicSignals, proof)).toBe(true);
    const other = publicSignals.with(1, (BigInt(publicSignals[1]!) + 1n).toString());
    expect(await snarkjs.groth16.verify(key, other, proof)).toBe(false);
  });

  it('have verification keys, tags and fingerprints that follow from the proving keys and the parameters', async () => {
    for (const circuit of keys.circuits) {
      expect(circuit.verificationKey).toEqual(await readVerificationKey(circuit.zkeyPath));
      expect(circuit.tag).toBe(deriveCircuitTag(circuit.parameters).toString());
      expect(circuit.fingerprint).toBe(
        fingerprintKey(parseFieldElement(circuit.tag), circuit.verificationKey),
      );
    }
  });

  it('come with a trust file that pins them and the signing key', async () => {
    const trust = parseTrust(await readFile(join(finished, 'trust.json')));
    expect(trust.profile).toBe('least');
    expect(trust.circuits.map(({ fingerprint }) => fingerprint)).toEqual(fingerprints(keys));
    expect(trust.signingKey).toBe((await loadSigningKey(finished)).publicKey);
    expect([trust.indexBits, trust.platform]).toEqual([1, null]);
  });
});

describe('making development keys', () => {
  it('lists none at once, then each circuit when it is there, and the last with the trust file', async () => {
    const directory = join(keysDirectory, '..', 'new');
    const seen: { step: string; list: ReturnType<typeof readList>; hasTrust: boolean }[] = [];
    const look = (step: string) =>
      seen.push({ step, list: readList(directory), hasTrust: existsSync(join(directory, 'trust.json')) });
    await makeDevelopmentKeys({
      profile: LEAST,
      keysDirectory: directory,
      cacheDirectory,
      workers: 2,
      onProgress: ({ step, name }) => {
        if (step === 'compile') expect(existsSync(join(directory, 'platform-signing-key.pem'))).toBe(true);
        look(step === 'installed' ? `installed ${name}` : step);
      },
    });
    look('done');
    expect(seen[0]).toMatchObject({
      step: 'compile',
      list: { circuits: [], awaited: ['spot-1', 'margin-1'] },
      hasTrust: false,
    });
    const [first, last] = seen.filter(({ step }) => step.startsWith('installed'));
    const name = first!.step.slice('installed '.length);
    const other = name === 'spot-1' ? 'margin-1' : 'spot-1';
    for (const { list, hasTrust } of [first!, last!]) {
      expect({ list, hasTrust }).toEqual({ list: { circuits: [name], awaited: [other] }, hasTrust: false });
    }
    expect(seen.at(-1)).toEqual({
      step: 'done',
      list: { circuits: ['spot-1', 'margin-1'], awaited: undefined },
      hasTrust: true,
    });
  });

  it('installs a circuit that is compiled before others are', async () => {
    const cache = join(keysDirectory, '..', 'cache');
    await cp(cacheDirectory, cache, { recursive: true });
    const entries = join(cache, 'circuits');
    const margin = (await readdir(entries)).find((entry) => entry.startsWith('margin-1-'))!;
    await rm(join(entries, margin), { recursive: true });
    const steps: string[] = [];
    await makeDevelopmentKeys({
      profile: LEAST,
      keysDirectory: join(keysDirectory, '..', 'new'),
      cacheDirectory: cache,
      onProgress: (progress) => {
        steps.push(`${progress.step === 'compile' ? progress.stage : progress.step} ${progress.name}`);
      },
    });
    expect(steps.indexOf('installed spot-1')).toBeLessThan(steps.indexOf('compiled margin-1'));
    expect(steps.indexOf('compiling margin-1')).toBeLessThan(steps.indexOf('installed spot-1'));
  });
});

describe('making development keys again', () => {
  it('lists whole keys at every moment', async () => {
    const whole = readList(keysDirectory);
    const lists: unknown[] = [];
    await makeDevelopmentKeys({
      profile: LEAST,
      keysDirectory,
      cacheDirectory,
      onProgress: () => lists.push(readList(keysDirectory)),
    });
    expect(lists.length).toBeGreaterThan(0);
    for (const list of lists) expect(list).toEqual(whole);
  });

  it('lists a broken circuit no more while it is made, and the others still', async () => {
    const cache = join(keysDirectory, '..', 'cache');
    await cp(join(cacheDirectory, 'circuits'), join(cache, 'circuits'), { recursive: true });
    await flipByte(spotPath('zkey'), 1000);
    const lists: unknown[] = [];
    await makeDevelopmentKeys({
      profile: LEAST,
      keysDirectory,
      cacheDirectory: cache,
      onProgress: ({ step }) => {
        if (step === 'key') lists.push(readList(keysDirectory));
      },
    });
    expect(lists.length).toBeGreaterThan(0);
    for (const list of lists) expect(list).toEqual({ circuits: ['margin-1'], awaited: ['spot-1'] });
    expect(readList(keysDirectory)).toEqual({ circuits: ['spot-1', 'margin-1'], awaited: undefined });
  });

  it('keeps what is whole, the signing key with it, and changes no byte', async () => {
    const before = await Promise.all((await namesOf(finished)).map((name) => readFile(join(finished, name))));
    const { made, steps } = await makeAgain();
    expect(steps).toEqual(['kept margin-1', 'kept spot-1']);
    expect(fingerprints(made)).toEqual(fingerprints(keys));
    const after = await Promise.all(
      (await namesOf(finished)).map((name) => readFile(join(keysDirectory, name))),
    );
    expect(after.map((bytes, index) => bytes.equals(before[index]!))).not.toContain(false);
  });

  it.each(['zkey', 'wasm', 'vk.json'])('restores a .%s of which one byte was changed', async (name) => {
    await flipByte(spotPath(name), 1000);
    const { made, steps } = await makeAgain();
    expect(steps).toEqual(['installed spot-1', 'kept margin-1']);
    await made.circuits[0]!.checkFiles();
    expect(fingerprints(made)).toEqual(fingerprints(keys));
  });

  it('restores a key that was cut short, and one that was removed', async () => {
    await truncate(spotPath('zkey'), 5000);
    await rm(join(keysDirectory, 'margin-1.zkey'));
    const { made, steps } = await makeAgain();
    expect(steps).toEqual(['installed margin-1', 'installed spot-1']);
    for (const circuit of made.circuits) await circuit.checkFiles();
  });

  it('makes a new key where the one in the cache was changed, and never takes that one', async () => {
    const otherCache = join(keysDirectory, '..', 'cache');
    await cp(cacheDirectory, otherCache, { recursive: true });
    const cached = join(otherCache, 'development-keys', spot().r1csSha256, 'circuit.zkey');
    await flipByte(cached, 2000);
    await rm(spotPath('zkey'));
    const made = await makeDevelopmentKeys({ profile: LEAST, keysDirectory, cacheDirectory: otherCache });
    await made.circuits[0]!.checkFiles();
    expect(made.circuits[0]!.fingerprint).not.toBe(spot().fingerprint);
    expect(made.circuits[1]!.fingerprint).toBe(keys.circuits[1]!.fingerprint);
    const trust = parseTrust(await readFile(join(keysDirectory, 'trust.json')));
    expect(trust.circuits.map(({ fingerprint }) => fingerprint)).toEqual(fingerprints(made));
  });

  it('pins the platform that it is told, and goes on to where it is not told again', async () => {
    const platforms: (string | null)[] = [];
    for (const platform of ['Example Exchange', undefined, 'Another Exchange']) {
      const pinned = platform === undefined ? {} : { platform };
      await makeDevelopmentKeys({ profile: LEAST, ...pinned, keysDirectory, cacheDirectory });
      platforms.push(parseTrust(await readFile(join(keysDirectory, 'trust.json'))).platform);
    }
    expect(platforms).toEqual(['Example Exchange', 'Example Exchange', 'Another Exchange']);
  });

  it('adds a wide circuit to what is there, which stays when it is not asked for again', async () => {
    const wide = addWideCircuit(LEAST, 4);
    const before = await readFile(spotPath('zkey'));
    for (const profile of [wide, LEAST]) {
      const made = await makeDevelopmentKeys({ profile, keysDirectory, cacheDirectory });
      expect(made.circuits.map(({ name }) => name)).toEqual(['spot-1', 'margin-1', 'margin-4']);
      expect(made.circuits[2]!.parameters).toEqual(wide.layouts[2]);
    }
    expect((await readFile(spotPath('zkey'))).equals(before)).toBe(true);
    const trust = parseTrust(await readFile(join(keysDirectory, 'trust.json')));
    expect(trust.circuits.map(({ name }) => name)).toEqual(['spot-1', 'margin-1', 'margin-4']);
  });

  it('makes a circuit anew that has another layout by now', async () => {
    const [spotLayout, margin] = LEAST.layouts;
    const profile = { ...LEAST, layouts: [{ ...spotLayout!, rows: 1, groupRows: 1 }, margin!] };
    const made = await makeDevelopmentKeys({ profile, keysDirectory, cacheDirectory });
    expect(made.circuits.map(({ parameters }) => parameters)).toEqual(profile.layouts);
    expect(made.circuits[0]!.fingerprint).not.toBe(spot().fingerprint);
    expect(made.circuits[1]!.fingerprint).toBe(keys.circuits[1]!.fingerprint);
  });

  it('refuses a directory with keys of another profile, and leaves it as it is', async () => {
    await editKeysFile((record) => (record.profile = 'other'));
    const before = await readFile(join(keysDirectory, 'keys.json'));
    await expect(makeAgain()).rejects.toMatchObject({ code: 'keys-of-another-profile', errorClass: 'usage' });
    expect((await readFile(join(keysDirectory, 'keys.json'))).equals(before)).toBe(true);
  });

  it('never replaces a signing key, not even one that it cannot read', async () => {
    const path = join(keysDirectory, 'platform-signing-key.pem');
    await writeFile(path, 'nothing');
    await expect(makeAgain()).rejects.toMatchObject({ code: 'signing-key-malformed' });
    expect(await readFile(path, 'utf8')).toBe('nothing');
  });
});

describe('making development keys, killed with SIGKILL', () => {
  /** Runs the compiled code in a process of its own, which kills itself at the first progress of a step. */
  function runUntil(
    step: SetupProgress['step'],
    directory: string,
    cache: string,
  ): Promise<NodeJS.Signals | null> {
    const compiled = pathToFileURL(join(projectRoot(), 'dist/src/keys/index.js')).href;
    const program = `
      import { makeDevelopmentKeys } from ${JSON.stringify(compiled)};
      const options = ${JSON.stringify({ profile: LEAST, keysDirectory: directory, cacheDirectory: cache, workers: 2 })};
      await makeDevelopmentKeys({
        ...options,
        onProgress: ({ step }) => { if (step === ${JSON.stringify(step)}) process.kill(process.pid, 'SIGKILL'); },
      });
    `;
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
      child.once('error', reject);
      child.once('close', (_, signal) => {
        resolve(signal);
      });
    });
  }

  it('leaves no half of a file, and the next run goes on', async () => {
    const directory = join(keysDirectory, '..', 'killed');
    const cache = join(keysDirectory, '..', 'cache');
    await cp(join(cacheDirectory, 'circuits'), join(cache, 'circuits'), { recursive: true });
    for (const step of ['compile', 'key', 'installed'] as const) {
      expect(await runUntil(step, directory, cache)).toBe('SIGKILL');
      await expect(loadKeys(directory)).rejects.toMatchObject({
        code: 'keys-incomplete',
        errorClass: 'usage',
        message: expect.stringContaining('no setup at work: run solvent setup again') as string,
      });
      expect(await namesOf(directory)).not.toContain('trust.json');
    }
    // One circuit is listed by now, and is kept as it is.
    const { circuits } = readList(directory);
    expect(circuits).toHaveLength(1);
    const installed = join(directory, `${circuits[0]!}.zkey`);
    const before = await readFile(installed);
    const { made, steps } = await makeAgain(directory, cache);
    expect(steps).toContain(`kept ${circuits[0]!}`);
    for (const circuit of made.circuits) await circuit.checkFiles();
    expect((await readFile(installed)).equals(before)).toBe(true);
    expect(await namesOf(directory)).toEqual(await namesOf(finished));
  });
});

describe('loading keys', () => {
  it('finds none in a directory without a list of them', async () => {
    await rm(join(keysDirectory, 'keys.json'));
    await expect(loadKeys(keysDirectory)).rejects.toMatchObject({
      code: 'keys-missing',
      errorClass: 'usage',
    });
  });

  it.each(['zkey', 'wasm', 'vk.json'])(
    'refuses a directory whose .%s is missing or cut short',
    async (name) => {
      await truncate(spotPath(name), 1000);
      await expect(loadKeys(keysDirectory)).rejects.toMatchObject({
        code: 'key-file-changed',
        errorClass: 'artefact',
      });
      await rm(spotPath(name));
      await expect(loadKeys(keysDirectory)).rejects.toMatchObject({
        code: 'key-file-missing',
        errorClass: 'artefact',
      });
    },
  );

  it.each(['zkey', 'wasm'])(
    'refuses a .%s of which one byte was changed when it is first opened',
    async (name) => {
      const { size } = await stat(spotPath(name));
      await flipByte(spotPath(name), size - 1);
      const loaded = await loadKeys(keysDirectory);
      await expect(loaded.circuits[0]!.checkFiles()).rejects.toMatchObject({ code: 'key-file-changed' });
      await loaded.circuits[1]!.checkFiles();
    },
  );

  it('refuses a verification key of which one byte was changed', async () => {
    await flipByte(spotPath('vk.json'), 30);
    await expect(loadKeys(keysDirectory)).rejects.toMatchObject({ code: 'key-file-changed' });
  });

  it('refuses a fingerprint, tag or name that does not follow from the rest', async () => {
    for (const edit of [
      (circuit: Record<string, unknown>) => (circuit.fingerprint = keys.circuits[1]!.fingerprint),
      (circuit: Record<string, unknown>) => (circuit.tag = keys.circuits[1]!.tag),
      (circuit: Record<string, unknown>) => (circuit.name = 'spot-2'),
    ]) {
      await cp(join(finished, 'keys.json'), join(keysDirectory, 'keys.json'));
      await editKeysFile(({ circuits }) => edit(circuits[0]!));
      await expect(loadKeys(keysDirectory)).rejects.toMatchObject({ code: 'keys-inconsistent' });
    }
  });

  it('refuses a list that lacks circuits, and says whether a setup is at work on it', async () => {
    await editKeysFile((record) => (record.awaited = [record.circuits.pop()!.name]));
    await expect(loadKeys(keysDirectory)).rejects.toMatchObject({
      code: 'keys-incomplete',
      message: expect.stringMatching(/2 circuits in .*, got 1 and no setup at work/) as string,
    });
    const lock = await acquireLock(keysDirectory);
    await expect(loadKeys(keysDirectory)).rejects.toMatchObject({
      code: 'keys-incomplete',
      message: expect.stringMatching(/2 circuits in .*, got 1 and a setup at work/) as string,
    });
    await lock.release();
  });

  it('refuses a list of no circuits, and one that awaits a circuit that is there', async () => {
    await editKeysFile((record) => (record.circuits = []));
    await expect(loadKeys(keysDirectory)).rejects.toMatchObject({ code: 'schema-violated' });
    await cp(join(finished, 'keys.json'), join(keysDirectory, 'keys.json'));
    await editKeysFile((record) => (record.awaited = ['spot-1']));
    await expect(loadKeys(keysDirectory)).rejects.toMatchObject({ code: 'keys-inconsistent' });
  });

  it('refuses a list that names a circuit twice', async () => {
    await editKeysFile((record) => (record.circuits = [record.circuits[0]!, record.circuits[0]!]));
    await expect(loadKeys(keysDirectory)).rejects.toMatchObject({ code: 'keys-inconsistent' });
  });

  it('refuses keys of another version of the program, and says what to do', async () => {
    for (const edit of [
      // What `tiny` has is not what these keys are for.
      (record: Record<string, unknown>) => (record.profile = 'tiny'),
      (record: Record<string, unknown>) => (record.format = 'solvent/keys/v1'),
    ]) {
      await cp(join(finished, 'keys.json'), join(keysDirectory, 'keys.json'));
      await editKeysFile(edit);
      await expect(loadKeys(keysDirectory)).rejects.toMatchObject({
        code: 'keys-of-another-version',
        errorClass: 'artefact',
        message: expect.stringContaining('run solvent setup in a new directory') as string,
      });
    }
  });

  it('refuses circuits of two numbers of index bits in one directory', async () => {
    await editKeysFile(({ circuits }) => {
      const parameters = { ...LEAST.layouts[1]!, indexBits: 2 };
      circuits[1] = { ...circuits[1]!, parameters, tag: deriveCircuitTag(parameters).toString() };
    });
    await expect(loadKeys(keysDirectory)).rejects.toMatchObject({
      code: 'keys-mixed',
      errorClass: 'artefact',
      message: expect.stringContaining('got 1 and 2: make all keys again in a new directory') as string,
    });
  });

  it('refuses a list with an unknown or missing field, or an unknown provenance', async () => {
    for (const [edit, code] of [
      [(record: Record<string, unknown>) => (record.note = ''), 'schema-violated'],
      [(record: Record<string, unknown>) => delete record.profile, 'schema-violated'],
      [(record: Record<string, unknown>) => (record.provenance = { kind: 'trust-me' }), 'schema-violated'],
    ] as const) {
      await cp(join(finished, 'keys.json'), join(keysDirectory, 'keys.json'));
      await editKeysFile(edit);
      await expect(loadKeys(keysDirectory)).rejects.toMatchObject({ code, errorClass: 'format' });
    }
  });
});

describe('the bound of a verification key', () => {
  it('lets in the longest: every public signal that a circuit may have', () => {
    const point = ['alpha', 'beta'].map(() => '9'.repeat(77));
    const longest = {
      ...{ alpha: point, beta: [point, point], gamma: [point, point], delta: [point, point] },
      ic: Array.from({ length: MAX_PUBLIC_SIGNALS + 1 }, () => point),
    };
    expect(encodeJsonLine(longest).length).toBeLessThan(MAX_VERIFICATION_KEY_BYTES);
  });
});
