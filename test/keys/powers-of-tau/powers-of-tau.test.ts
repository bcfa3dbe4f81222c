import { copyFile, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  checkPowersOfTau,
  checkSamePowersOfTau,
  estimatePtauBytes,
  findPublishedPowersOfTau,
  MAX_POWER,
  MIN_POWER,
  publishedPowersOfTau,
  requiredPower,
} from '../../../src/keys/powers-of-tau/index.js';
import { cachePowersOfTau } from './cached-powers.js';
import { PROFILES } from '../../../src/protocol/index.js';

const POWER = 10;
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

let directory: string;
let prepared: string;
let unprepared: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-powers-'));
  ({ prepared, unprepared } = await cachePowersOfTau(POWER));
});
afterAll(() => rm(directory, { recursive: true }));

/** A copy of the prepared file with some bytes changed. */
async function change(position: number, bytes: Uint8Array): Promise<string> {
  const path = join(directory, `changed-${position}.ptau`);
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
      checkPowersOfTau(join(directory, 'none'), { power: 1, allowUntrusted: true }),
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

const ROW = /\|\s+(\d+)\s+\|[^|]+\| \[([^\]]+)\]\(([^)]+)\)\s+\| ([0-9a-f]{128}) \|/g;

describe('the published powers of tau', () => {
  it('are the table of snarkjs, all sizes from 2^8 to 2^28', async () => {
    const directory = join(dirname(createRequire(import.meta.url).resolve('snarkjs')), '..');
    const readme = await readFile(join(directory, 'README.md'), 'utf8');
    const rows = [...readme.matchAll(ROW)].map(([, power, fileName, url, blake2b]) => ({
      power: Number(power),
      fileName,
      url,
      blake2b,
    }));
    expect(rows.map(({ power }) => power)).toEqual(
      Array.from({ length: MAX_POWER - MIN_POWER + 1 }, (_, index) => MIN_POWER + index),
    );
    expect(rows.map(({ power }) => publishedPowersOfTau(power))).toEqual(rows);
  });

  it('are found by their hash, and nothing else is', () => {
    const file = publishedPowersOfTau(19)!;
    expect(findPublishedPowersOfTau(file.blake2b)).toEqual(file);
    expect(findPublishedPowersOfTau(file.blake2b.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')))).toBe(
      undefined,
    );
    expect(publishedPowersOfTau(7)).toBe(undefined);
    expect(publishedPowersOfTau(29)).toBe(undefined);
  });

  it('serve every profile, with the file that the documentation names', async () => {
    const operations = await readFile(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
    for (const profile of PROFILES.values()) {
      const file = publishedPowersOfTau(requiredPower(profile))!;
      const megabytes = Math.round(estimatePtauBytes(file.power) / 1e6);
      const row = `| \`${profile.name}\` | \`${file.fileName}\` | ${megabytes} MB |`;
      expect(operations.replaceAll(/ +/g, ' ')).toContain(row);
    }
  });
});
