import { copyFile, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  checkPowersOfTau,
  checkSamePowersOfTau,
  estimatePtauBytes,
} from '../../../src/keys/powers-of-tau/index.js';
import { cachePowersOfTau } from './cached-powers.js';

const POWER = 10;
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

let folder: string;
let prepared: string;
let unprepared: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'solvent-powers-'));
  ({ prepared, unprepared } = await cachePowersOfTau(POWER));
});
afterAll(() => rm(folder, { recursive: true }));

/** A copy of the prepared file with some bytes changed. */
async function change(position: number, bytes: Uint8Array): Promise<string> {
  const path = join(folder, `changed-${position}.ptau`);
  await copyFile(prepared, path);
  const file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, position);
  await file.close();
  return path;
}

describe('a file of powers of tau', () => {
  it('that nobody published is accepted where its caller calls it untrusted, and is recorded as such', async () => {
    const found = await checkPowersOfTau(prepared, { power: POWER, allowUntrusted: true });
    expect(found).toMatchObject({ power: POWER, source: 'untrusted' });
    expect(found.blake2b).toMatch(/^[0-9a-f]{128}$/);
    await expect(checkPowersOfTau(prepared, { power: POWER })).rejects.toThrow(
      refusal('powers-of-tau-unknown'),
    );
  });

  it('reports how much of it was read', async () => {
    const done: number[] = [];
    await checkPowersOfTau(prepared, {
      power: POWER,
      allowUntrusted: true,
      onProgress: ({ doneBytes }) => done.push(doneBytes),
    });
    const { size } = await stat(prepared);
    expect(done.at(-1)).toBe(size);
    expect(Math.abs(estimatePtauBytes(POWER) - size)).toBeLessThan(100_000);
  });

  it('must have a row for each of the circuit', async () => {
    await expect(checkPowersOfTau(prepared, { power: POWER + 1, allowUntrusted: true })).rejects.toThrow(
      refusal('powers-of-tau-too-small'),
    );
  });

  it('must be prepared', async () => {
    await expect(checkPowersOfTau(unprepared, { power: 1, allowUntrusted: true })).rejects.toThrow(
      refusal('powers-of-tau-not-prepared'),
    );
  });

  it('that cannot be read is the caller’s mistake', async () => {
    await expect(
      checkPowersOfTau(join(folder, 'none'), { power: 1, allowUntrusted: true }),
    ).rejects.toMatchObject({ code: 'file-unreadable', errorClass: 'usage' });
  });

  it('is known again, and another is refused in its place', async () => {
    const stated = await checkPowersOfTau(prepared, { power: POWER, allowUntrusted: true });
    expect(await checkSamePowersOfTau(prepared, stated)).toEqual(stated);
    // The last byte of the file is of a coordinate of a point, and is another one in each file that is made.
    const bytes = await readFile(prepared);
    const other = await change(bytes.length - 1, Buffer.of(bytes.at(-1)! ^ 1));
    await expect(checkSamePowersOfTau(other, stated)).rejects.toThrow(refusal('powers-of-tau-changed'));
    await expect(
      checkSamePowersOfTau(prepared, { ...stated, source: 'perpetual-powers-of-tau' }),
    ).rejects.toThrow(refusal('powers-of-tau-changed'));
  });
});
