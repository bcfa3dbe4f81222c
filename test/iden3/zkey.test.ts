import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  bigintToLittleEndian,
  decodeCoordinate,
  encodeSectionHeader,
  encodeUint32,
  layOutZkey,
  readContributionsSection,
  readVerificationKey,
  readZkeyLayout,
  ZKEY_SECTION,
} from '../../src/iden3/index.js';
import { BASE_FIELD_MODULUS } from '../../src/protocol/index.js';

const SIZES = { wireCount: 5, publicCount: 2, domainSize: 4 };
const MARK = 'made for a test';
/** 2^256 modulo q: the coordinate 1 in Montgomery form. */
const ONE = bigintToLittleEndian((1n << 256n) % BASE_FIELD_MODULUS, 32);
const REFUSAL = { code: 'zkey-malformed', errorClass: 'artefact' };

const { fixed, offsets, coefficientsOffset } = layOutZkey(SIZES, MARK);

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-zkey-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** A key whose points are all at infinity but the second of IC, and whose one coefficient is 0. */
function makeKey(): Buffer {
  const key = Buffer.alloc(coefficientsOffset + 12 + 4 + 44);
  for (const { offset, bytes } of fixed) key.set(bytes, offset);
  key.set(encodeSectionHeader(ZKEY_SECTION.coefficients, 4 + 44), coefficientsOffset);
  key.set(encodeUint32(1), coefficientsOffset + 12);
  key.set(ONE, offsets.ic + 64);
  return key;
}

async function store(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, bytes);
  return path;
}

async function layoutOf(path: string) {
  const handle = await open(path);
  try {
    return readZkeyLayout(handle.fd, path);
  } finally {
    await handle.close();
  }
}

describe('a .zkey file', () => {
  it('is read as it was laid out', async () => {
    const path = await store('whole.zkey', makeKey());
    const { sections, ...layout } = await layoutOf(path);
    expect(layout).toMatchObject({ variableCount: 5, publicCount: 2, domainSize: 4, coefficientCount: 1 });
    expect(sections.get(ZKEY_SECTION.pointsC)).toEqual({ position: offsets.pointsC, sizeBytes: 2 * 64 });
    expect(sections.get(ZKEY_SECTION.pointsB2)).toEqual({ position: offsets.pointsB2, sizeBytes: 5 * 128 });
    const { ic } = await readVerificationKey(path);
    expect(ic).toEqual([
      ['0', '0'],
      ['1', '0'],
      ['0', '0'],
    ]);
    const contributions = await readContributionsSection(path, 1024);
    expect(Buffer.from(contributions.subarray(0, MARK.length)).toString()).toBe(MARK);
  });

  it.each([
    ['another format', (key: Buffer) => key.write('r1cs')],
    ['another version', (key: Buffer) => key.writeUInt32LE(2, 4)],
    ['more sections than a key has', (key: Buffer) => key.writeUInt32LE(11, 8)],
    ['a section less', (key: Buffer) => key.writeUInt32LE(9, 8)],
    ['another proof system', (key: Buffer) => key.writeUInt32LE(2, 24)],
    ['another curve', (key: Buffer) => (key[45]! ^= 1)],
    ['no wire but the public ones', (key: Buffer) => key.writeUInt32LE(2, 40 + 72)],
    ['another count of public signals', (key: Buffer) => key.writeUInt32LE(3, 40 + 72 + 4)],
    ['a domain that is no power of two', (key: Buffer) => key.writeUInt32LE(3, 40 + 72 + 8)],
    ['a section twice', (key: Buffer) => key.writeUInt32LE(ZKEY_SECTION.ic, coefficientsOffset)],
    ['half a coefficient', (key: Buffer) => key.writeUInt32LE(4 + 22, coefficientsOffset + 4)],
    ['a section longer than any file', (key: Buffer) => key.writeUInt32LE(2 ** 31, coefficientsOffset + 8)],
  ])('is refused for %s', async (name, spoil) => {
    const key = makeKey();
    spoil(key);
    const path = await store(`${name.replaceAll(' ', '-')}.zkey`, key);
    await expect(layoutOf(path)).rejects.toMatchObject(REFUSAL);
    await expect(readVerificationKey(path)).rejects.toMatchObject(REFUSAL);
  });

  it('is refused where it ends early', async () => {
    const path = await store('cut.zkey', makeKey().subarray(0, -1));
    await expect(layoutOf(path)).rejects.toMatchObject(REFUSAL);
    await expect(readVerificationKey(path)).rejects.toMatchObject(REFUSAL);
    await expect(readContributionsSection(path, 1024)).rejects.toMatchObject(REFUSAL);
  });

  it('is refused where it lists more contributions than are wanted', async () => {
    const path = await store('many.zkey', makeKey());
    await expect(readContributionsSection(path, 67)).rejects.toMatchObject(REFUSAL);
  });

  it('has no verification key where a coordinate is not below the modulus', async () => {
    const key = makeKey();
    key.set(bigintToLittleEndian(BASE_FIELD_MODULUS, 32), offsets.ic);
    await expect(readVerificationKey(await store('above.zkey', key))).rejects.toMatchObject(REFUSAL);
    expect(decodeCoordinate(bigintToLittleEndian(BASE_FIELD_MODULUS - 1n, 32))).toBeDefined();
  });

  it('that is not there, or is a directory, is the caller’s mistake', async () => {
    const expected = { code: 'file-unreadable', errorClass: 'usage' };
    await expect(readVerificationKey(join(directory, 'none.zkey'))).rejects.toMatchObject(expected);
    await expect(readVerificationKey(directory)).rejects.toMatchObject(expected);
  });
});
