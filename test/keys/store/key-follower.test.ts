import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { acquireLock } from '../../../src/system/index.js';
import { encodeJsonLine } from '../../../src/protocol/index.js';
import {
  followKeys,
  loadKeys,
  makeDevelopmentKeys,
  type FollowedKeys,
  type FollowOptions,
} from '../../../src/keys/index.js';
import { LEAST } from './least-profile.js';

type List = Record<string, unknown> & { circuits: { name: string; fingerprint: string }[] };

let folder: string;
let cacheDirectory: string;
/** Keys that no test changes, and their list. */
let finished: string;
let whole: List;
/** A copy of them for one test. */
let keysDirectory: string;
let release: () => Promise<void>;
let followed: FollowedKeys | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'solvent-follower-'));
  cacheDirectory = join(folder, 'cache');
  finished = join(folder, 'finished');
  await makeDevelopmentKeys({ profile: LEAST, keysDirectory: finished, cacheDirectory, workers: 2 });
  whole = JSON.parse(await readFile(join(finished, 'keys.json'), 'utf8')) as List;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  keysDirectory = join(await mkdtemp(join(folder, 'test-')), 'keys');
  await cp(finished, keysDirectory, { recursive: true });
  // This process stands for the setup.
  ({ release } = await acquireLock(keysDirectory));
});

afterEach(async () => {
  followed?.close();
  await release();
});

/** Writes the list as a setup has it when keys of some circuits are there. */
async function list(...names: string[]): Promise<void> {
  const circuits = whole.circuits.filter(({ name }) => names.includes(name));
  const awaited = whole.circuits.map(({ name }) => name).filter((name) => !names.includes(name));
  const record = { ...whole, circuits, ...(awaited.length === 0 ? {} : { awaited }) };
  await writeFile(join(keysDirectory, 'keys.json'), encodeJsonLine(record));
}

async function follow(options: FollowOptions = { absenceMs: 0 }): Promise<FollowedKeys> {
  return (followed = await followKeys(keysDirectory, options));
}

const namesOf = ({ circuits }: FollowedKeys) => circuits.map(({ name }) => name);

describe('following keys', () => {
  it('gives whole keys at once, whether a setup is at work or not', async () => {
    const { circuits } = await loadKeys(finished);
    for (const end of [() => Promise.resolve(), release]) {
      await end();
      const keys = await follow();
      expect(keys.circuits.map(({ fingerprint }) => fingerprint)).toEqual(
        circuits.map(({ fingerprint }) => fingerprint),
      );
      expect(keys.awaited.size).toBe(0);
    }
  });

  it('gives what is there, and each other circuit when it is listed', async () => {
    await list();
    const keys = await follow();
    expect([namesOf(keys), [...keys.awaited.keys()]]).toEqual([[], ['spot-1', 'aggregate']]);
    await list('aggregate');
    const aggregate = await keys.awaited.get('aggregate')!;
    expect(aggregate.fingerprint).toBe(whole.circuits[1]!.fingerprint);
    await aggregate.checkFiles();
    const later = await follow();
    expect([namesOf(later), [...later.awaited.keys()]]).toEqual([['aggregate'], ['spot-1']]);
    await list('spot-1', 'aggregate');
    for (const { awaited } of [keys, later]) {
      expect((await awaited.get('spot-1')!).fingerprint).toBe(whole.circuits[0]!.fingerprint);
    }
  });

  it('waits for a list while somebody is at work in the folder, and says so once', async () => {
    await rm(join(keysDirectory, 'keys.json'));
    let waits = 0;
    let writing: Promise<void> | undefined;
    const keys = await follow({
      absenceMs: 0,
      onWait: () => {
        waits += 1;
        writing = list('spot-1');
      },
    });
    await writing;
    expect([waits, namesOf(keys)]).toEqual([1, ['spot-1']]);
  });

  it('waits for a setup that is started a moment later', async () => {
    await rm(keysDirectory, { recursive: true });
    let setup: Promise<unknown> | undefined;
    const keys = await follow({
      // Far more than a setup takes to begin, so that this does not depend on how long that is.
      absenceMs: 60_000,
      onWait: () => {
        setup = makeDevelopmentKeys({ profile: LEAST, keysDirectory, cacheDirectory });
      },
    });
    const circuits = [...keys.circuits, ...(await Promise.all(keys.awaited.values()))];
    expect(circuits.map(({ name }) => name).sort()).toEqual(['aggregate', 'spot-1']);
    await setup;
  });

  it('is refused where there are no keys, or not all, and no setup is at work', async () => {
    await release();
    await list('spot-1');
    await expect(follow()).rejects.toMatchObject({
      code: 'keys-incomplete',
      errorClass: 'usage',
      details: { expected: 2, found: 1, awaited: ['aggregate'] },
    });
    await rm(join(keysDirectory, 'keys.json'));
    await expect(follow()).rejects.toMatchObject({ code: 'keys-missing', errorClass: 'usage' });
  });

  it('rejects what is awaited when the setup ends without it', async () => {
    await list('spot-1');
    const { awaited } = await follow();
    await release();
    await expect(awaited.get('aggregate')).rejects.toMatchObject({ code: 'keys-incomplete' });
  });

  it('rejects what is awaited when the setup replaces what was there', async () => {
    await list('spot-1');
    const { awaited } = await follow();
    await list('aggregate');
    await expect(awaited.get('aggregate')).rejects.toMatchObject({
      code: 'keys-changed',
      errorClass: 'artefact',
      details: { changed: ['spot-1'] },
    });
  });

  it('rejects what is awaited when its files are not what the list states', async () => {
    await list('spot-1');
    const { awaited } = await follow();
    await writeFile(join(keysDirectory, 'aggregate.vk.json'), '{}');
    await list('spot-1', 'aggregate');
    await expect(awaited.get('aggregate')).rejects.toMatchObject({ code: 'key-file-changed' });
  });
});
