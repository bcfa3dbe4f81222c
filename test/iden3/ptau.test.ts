import { copyFile, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cutTauPowers, readPtauHeader } from '../../src/iden3/index.js';
import { cachePowersOfTau } from '../keys/powers-of-tau/cached-powers.js';

const POWER = 10;
const refusal = (code: string) => expect.objectContaining({ code, errorClass: 'artefact' }) as Error;

let directory: string;
let prepared: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-ptau-'));
  ({ prepared } = await cachePowersOfTau(POWER));
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

describe('a prepared .ptau file', () => {
  it('states the power that it serves', async () => {
    expect(await readPtauHeader(prepared)).toMatchObject({ power: POWER });
  });

  it('must be whole', async () => {
    const path = join(directory, 'cut.ptau');
    await copyFile(prepared, path);
    await truncate(path, (await stat(path)).size - 1);
    await expect(readPtauHeader(path)).rejects.toThrow(refusal('powers-of-tau-malformed'));
    await truncate(path, 5);
    await expect(readPtauHeader(path)).rejects.toThrow(refusal('powers-of-tau-malformed'));
  });

  it.each([
    ['another format', 0, Buffer.from('zkey')],
    ['another version', 4, Buffer.of(2)],
    ['another count of sections', 8, Buffer.of(200)],
    ['a doubled section', 12 + 12 + 44, Buffer.of(1)],
    ['another curve', 12 + 12 + 4, Buffer.of(0)],
    ['a power that its sections are not of', 12 + 12 + 36, Buffer.of(POWER - 1)],
  ])('with %s is refused', async (_, position, bytes) => {
    await expect(readPtauHeader(await change(position, bytes))).rejects.toThrow(
      refusal('powers-of-tau-malformed'),
    );
  });

  it('is cut to the powers that checking a key reads', async () => {
    const cut = await cutTauPowers(prepared, 16);
    const whole = await readFile(prepared);
    // Magic, version, count; header section; then tau in the first group, from the generator on.
    const start = 12 + 12 + 44 + 12;
    expect(
      Buffer.compare(Buffer.from(cut.subarray(24, 24 + 31 * 64)), whole.subarray(start, start + 31 * 64)),
    ).toBe(0);
    expect(cut.length).toBe(24 + 32 * 64);
    await expect(cutTauPowers(prepared, 2 ** (POWER + 1))).rejects.toThrow(
      refusal('powers-of-tau-malformed'),
    );
    await writeFile(join(directory, 'empty'), '');
    await expect(cutTauPowers(join(directory, 'empty'), 16)).rejects.toThrow(
      refusal('powers-of-tau-malformed'),
    );
  });
});
