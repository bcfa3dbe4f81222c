import { spawn } from 'node:child_process';
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { contribute, loadTranscript, type CeremonyProgress } from '../../../src/keys/index.js';
import { deriveCeremony as verifyCeremony } from '../../../src/keys/ceremony/verify.js';
import { currentKeys } from './least-ceremony.js';
import { beginLeast, CACHE, makeDirectory, loadLeastPowers, PROFILES_WITH_LEAST } from './least-ceremony.js';

const refusal = (code: string) => expect.objectContaining({ code }) as Error;

type ChildProgress = CeremonyProgress & { readonly steps: number };

let root: string;
let directory: string;
const own = () => ({ directory, cacheDirectory: CACHE });

beforeAll(async () => {
  root = makeDirectory();
  directory = await beginLeast(root);
});
afterAll(() => rm(root, { recursive: true }));

/**
 * Contributes in a process of its own, and kills that when it has come so many steps.
 * @returns what it did, or undefined where it came to its end before.
 */
async function killAt(
  step: number,
  contributor: string,
  beforeKill: () => Promise<void> = () => Promise.resolve(),
): Promise<ChildProgress[] | undefined> {
  const script = join(import.meta.dirname, 'contribute-child.mjs');
  const child = spawn(process.execPath, [script, directory, CACHE, contributor, String(step)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('exit', (_, signal) => {
      resolve(signal);
    });
  });
  const done: ChildProgress[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    done.push(JSON.parse(line) as ChildProgress);
    if (done.length !== step) continue;
    await beforeKill().finally(() => child.kill('SIGKILL'));
  }
  return (await ended) === 'SIGKILL' ? done : undefined;
}

describe('a contribution that is killed', () => {
  it('at any step leaves the ceremony as it was, and is gone on with circuit by circuit', async () => {
    const before = await readFile(join(directory, 'transcript.json'));
    let kills = 0;
    let done: ChildProgress[] | undefined;
    const worked: string[] = [];
    // Each run is killed at a later step, until one run has nothing left to be killed at: every other one, since each starts anew.
    for (let step = 1; (done = await killAt(step, 'Alice')) !== undefined; step += 2) {
      kills += 1;
      worked.push(done.at(-1)!.circuit!);
      expect(await readFile(join(directory, 'transcript.json'))).toEqual(before);
      await Promise.all((await currentKeys(directory)).map(({ path }) => readFile(path)));
    }
    expect(kills).toBeGreaterThan(2);
    expect(new Set(worked)).toEqual(new Set(['spot-1', 'margin-1']));
    const { steps } = await loadTranscript(directory);
    expect(steps).toHaveLength(1);
    expect(await readdir(join(directory, 'keys'))).toHaveLength(2);
  });

  it('is not mixed with another contributor’s, unless that one says so', async () => {
    const done = await killAt(5, 'Bob');
    expect(done!.at(-1)!.circuit).toBe('margin-1');
    await expect(contribute({ ...own(), contributor: 'Carol' })).rejects.toMatchObject({
      code: 'contribution-unfinished',
      details: { begunBy: 'Bob' },
    });
    const worked = new Set<string>();
    await contribute({
      ...own(),
      contributor: 'Carol',
      discardUnfinished: true,
      onProgress: ({ circuit }) => worked.add(circuit!),
    });
    expect([...worked]).toEqual(['spot-1', 'margin-1']);
  });

  it('after its last step leaves old keys behind, which the next removes with whatever was half written', async () => {
    const keys = join(directory, 'keys');
    const [spot] = await currentKeys(directory);
    await copyFile(spot!.path, join(keys, 'spot-1-0123456789abcdef.zkey'));
    await writeFile(join(keys, '.tmp-spot-1-0123456789abcdef.zkey-1'), 'half');
    await writeFile(join(keys, 'README'), 'not ours');
    await contribute({ ...own(), contributor: 'Dave' });
    const left = await readdir(keys);
    expect(left).toContain('README');
    expect(left).toHaveLength(3);
  });

  it('at any time is no contribution that counts twice', async () => {
    const report = await verifyCeremony({
      ...own(),
      powersOfTauPath: (await loadLeastPowers()).path,
      profiles: PROFILES_WITH_LEAST,
    });
    expect(report.transcript.steps.map((step) => step.kind === 'contribution' && step.contributor)).toEqual([
      'Alice',
      'Carol',
      'Dave',
    ]);
  });
});

describe('two contributions at a time', () => {
  it('on one machine are refused', async () => {
    const done = await killAt(2, 'Erin', () =>
      expect(contribute({ ...own(), contributor: 'Frank' })).rejects.toThrow(refusal('directory-in-use')),
    );
    expect(done).toHaveLength(2);
    // Whoever was killed no longer holds it.
    await contribute({ ...own(), contributor: 'Frank' });
  });
});
