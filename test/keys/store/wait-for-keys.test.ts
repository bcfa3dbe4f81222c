import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { acquireLock } from '../../../src/system/index.js';
import { encodeJsonLine } from '../../../src/protocol/index.js';
import { loadKeys, makeDevelopmentKeys, waitForKeys, type KeySet } from '../../../src/keys/index.js';
import { LEAST, makeLeastCache } from '../least-profile.js';

type List = Record<string, unknown> & { circuits: { name: string; fingerprint: string }[] };

let directory: string;
let cacheDirectory: string;
/** Keys that no test changes, and their list. */
let finished: string;
let whole: List;
/** A copy of them for one test. */
let keysDirectory: string;
let release: () => Promise<void>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-wait-'));
  cacheDirectory = join(directory, 'cache');
  await makeLeastCache(cacheDirectory);
  finished = join(directory, 'finished');
  await makeDevelopmentKeys({ profile: LEAST, keysDirectory: finished, cacheDirectory, workers: 2 });
  whole = JSON.parse(await readFile(join(finished, 'keys.json'), 'utf8')) as List;
});

afterAll(() => rm(directory, { recursive: true, force: true }));

beforeEach(async () => {
  keysDirectory = join(await mkdtemp(join(directory, 'test-')), 'keys');
  await cp(finished, keysDirectory, { recursive: true });
  // This process stands for the setup.
  ({ release } = await acquireLock(keysDirectory));
});

afterEach(() => release());

/** Writes the list as a setup has it when keys of some circuits are there. */
async function list(...names: string[]): Promise<void> {
  const circuits = whole.circuits.filter(({ name }) => names.includes(name));
  const awaited = whole.circuits.map(({ name }) => name).filter((name) => !names.includes(name));
  const record = { ...whole, circuits, ...(awaited.length === 0 ? {} : { awaited }) };
  await writeFile(join(keysDirectory, 'keys.json'), encodeJsonLine(record));
}

/** Waits, and begins `next` when it is said that something is waited for. */
async function waitThen(next: () => Promise<unknown>): Promise<{ keys: KeySet; waits: number }> {
  let waits = 0;
  let begun: Promise<unknown> | undefined;
  const onWait = () => {
    waits += 1;
    begun = next();
  };
  const keys = await waitForKeys(keysDirectory, { absenceMs: 0, onWait });
  await begun;
  return { keys, waits };
}

const fingerprints = ({ circuits }: KeySet) => circuits.map(({ fingerprint }) => fingerprint);

describe('waiting for keys', () => {
  it('gives whole keys at once, whether a setup is at work or not', async () => {
    const expected = fingerprints(await loadKeys(finished));
    for (const end of [() => Promise.resolve(), release]) {
      await end();
      const { keys, waits } = await waitThen(() => Promise.resolve());
      expect([fingerprints(keys), waits]).toEqual([expected, 0]);
    }
  });

  it('lasts while a setup is at work in the directory, and is said once', async () => {
    await list('spot-1');
    const { keys, waits } = await waitThen(() => list('spot-1', 'margin-1'));
    expect(fingerprints(keys)).toEqual(whole.circuits.map(({ fingerprint }) => fingerprint));
    expect(waits).toBe(1);
  });

  it('lasts while there is no list yet', async () => {
    await rm(join(keysDirectory, 'keys.json'));
    const { keys, waits } = await waitThen(() => list('spot-1', 'margin-1'));
    expect([keys.circuits.length, waits]).toEqual([2, 1]);
  });

  it('lasts until a setup that is started a moment later is done', async () => {
    await rm(keysDirectory, { recursive: true });
    let setup: Promise<unknown> | undefined;
    const { circuits } = await waitForKeys(keysDirectory, {
      // Far more than a setup takes to begin, so that this does not depend on how long that is.
      absenceMs: 60_000,
      onWait: () => {
        setup = makeDevelopmentKeys({ profile: LEAST, keysDirectory, cacheDirectory });
      },
    });
    expect(circuits.map(({ name }) => name)).toEqual(['spot-1', 'margin-1']);
    await setup;
  });

  it('is refused where there are no keys, or not all, and no setup is at work', async () => {
    await release();
    await list('spot-1');
    await expect(waitForKeys(keysDirectory, { absenceMs: 0 })).rejects.toMatchObject({
      code: 'keys-incomplete',
      errorClass: 'usage',
      details: { expected: 2, found: 1, awaited: ['margin-1'] },
    });
    await rm(join(keysDirectory, 'keys.json'));
    await expect(waitForKeys(keysDirectory, { absenceMs: 0 })).rejects.toMatchObject({
      code: 'keys-missing',
      errorClass: 'usage',
    });
  });

  it('is refused when the setup ends without all', async () => {
    await list('spot-1');
    await expect(waitThen(release)).rejects.toMatchObject({ code: 'keys-incomplete' });
  });

  it('is refused when a file is not what the list states', async () => {
    await writeFile(join(keysDirectory, 'margin-1.vk.json'), '{}');
    await expect(waitThen(() => Promise.resolve())).rejects.toMatchObject({ code: 'key-file-changed' });
  });
});
