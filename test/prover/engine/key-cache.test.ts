import { copyFile, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { hashFile } from '../../../src/system/index.js';
import { findEngine, type SharedProvingKey } from '../../../src/prover/engine/index.js';
import { chooseKernel } from '../../../src/prover/engine/wasm/choose-kernel.js';
import {
  cachedKeyPath,
  keyRecordPath,
  loadCachedKey,
  saveCachedKey,
  type KeyIdentity,
} from '../../../src/prover/engine/wasm/key-cache.js';
import { inTemporaryDirectory } from '../fixture.js';
import { makeToyCircuit, type ToyCircuit } from './toy-circuit.js';

let circuit: ToyCircuit;
let sha256: string;
let identity: KeyIdentity;

beforeAll(async () => {
  circuit = await makeToyCircuit({ bits: 8, steps: 6 });
  sha256 = await hashFile(circuit.zkeyPath);
  identity = { zkeySha256: sha256, kernel: await chooseKernel() };
});

afterAll(async () => {
  await circuit.remove();
});

const recordPath = () => keyRecordPath(circuit.zkeyPath, identity.kernel);
const placeOf = (path: string) => ({ path, recordPath: recordPath() });

/** A key's content in a form that can be compared. */
function contentOf({ sections, parameters, sizeBytes }: SharedProvingKey): object {
  const bytes = Object.entries(sections).map(([name, section]) => [
    name,
    Buffer.from(section).toString('hex'),
  ]);
  return { bytes, parameters, sizeBytes };
}

describe('the cache of converted keys', () => {
  it('gives back what was converted, without the .zkey', async () => {
    await inTemporaryDirectory(async (cacheDirectory) => {
      const wasm = findEngine('wasm');
      const converted = await wasm.loadKey(circuit.zkeyPath, { cacheDirectory });
      const gone = join(cacheDirectory, 'gone.zkey');
      await copyFile(recordPath(), keyRecordPath(gone, identity.kernel));
      const cached = await wasm.loadKey(gone, { cacheDirectory, zkeySha256: sha256 });
      expect(contentOf(cached)).toEqual(contentOf(converted));
      expect(contentOf(await wasm.loadKey(circuit.zkeyPath))).toEqual(contentOf(converted));
    });
  });

  it('leaves no temporary file behind', async () => {
    await inTemporaryDirectory(async (cacheDirectory) => {
      await findEngine('wasm').loadKey(circuit.zkeyPath, { cacheDirectory });
      expect(await readdir(join(cacheDirectory, 'wasm-keys'))).toEqual([`${sha256}.${identity.kernel}.key`]);
    });
  });

  it.each([
    { damage: 'a changed byte in a section', spoil: flipByte(-1000) },
    { damage: 'a changed byte in the first point', spoil: flipByte(9000) },
    { damage: 'a changed byte in the header', spoil: flipByte(20) },
    { damage: 'another magic', spoil: flipByte(0) },
    { damage: 'a changed byte at its end', spoil: flipByte(-1) },
    {
      damage: 'its last byte missing',
      spoil: async (path: string) => truncate(path, (await stat(path)).size - 1),
    },
    { damage: 'nothing in it', spoil: (path: string) => truncate(path, 0) },
    { damage: 'a byte too many', spoil: (path: string) => writeFile(path, 'x', { flag: 'a' }) },
  ])('refuses a file with $damage, and makes it again', async ({ spoil }) => {
    await inTemporaryDirectory(async (cacheDirectory) => {
      const wasm = findEngine('wasm');
      const path = cachedKeyPath(cacheDirectory, identity);
      const converted = await wasm.loadKey(circuit.zkeyPath, { cacheDirectory });
      const whole = await readFile(path);
      await spoil(path);
      expect(await loadCachedKey(placeOf(path), identity)).toBeUndefined();
      expect(contentOf(await wasm.loadKey(circuit.zkeyPath, { cacheDirectory }))).toEqual(
        contentOf(converted),
      );
      expect((await readFile(path)).equals(whole)).toBe(true);
    });
  });

  it('refuses a key without the blinding, whatever hash its maker gives it', async () => {
    await inTemporaryDirectory(async (cacheDirectory) => {
      const wasm = findEngine('wasm');
      const converted = await wasm.loadKey(circuit.zkeyPath, { cacheDirectory });
      const constants = converted.sections.constants.slice();
      // delta in both groups at infinity: proofs verify, and are the same each time.
      constants.fill(0, (constants.length / 7) * 2);
      const path = cachedKeyPath(cacheDirectory, identity);
      const record = await readFile(recordPath());
      const sections = { ...converted.sections, constants: toShared(constants) };
      const elsewhere = keyRecordPath(join(cacheDirectory, 'own.zkey'), identity.kernel);
      await saveCachedKey({ path, recordPath: elsewhere }, identity, { ...converted, sections });
      expect(await loadCachedKey({ path, recordPath: elsewhere }, identity)).toBeDefined();
      expect(await loadCachedKey(placeOf(path), identity)).toBeUndefined();
      expect(contentOf(await wasm.loadKey(circuit.zkeyPath, { cacheDirectory }))).toEqual(
        contentOf(converted),
      );
      expect((await readFile(recordPath())).equals(record)).toBe(true);
    });
  });

  it.each([
    ['a file is in its place', import.meta.filename],
    ['a file is above its place', join(import.meta.filename, 'deep', 'down')],
    ['a device is in its place', '/dev/full'],
  ])('is done without where %s, which is told', async (_, cacheDirectory) => {
    const reasons: string[] = [];
    const options = { cacheDirectory, onCacheFault: (reason: string) => reasons.push(reason) };
    const key = await findEngine('wasm').loadKey(circuit.zkeyPath, options);
    expect(contentOf(key)).toEqual(contentOf(await findEngine('wasm').loadKey(circuit.zkeyPath)));
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/ENOENT|ENOTDIR|EEXIST|EACCES/);
  });

  it('refuses the converted form of another key, or for another kernel', async () => {
    await inTemporaryDirectory(async (cacheDirectory) => {
      await findEngine('wasm').loadKey(circuit.zkeyPath, { cacheDirectory });
      const path = cachedKeyPath(cacheDirectory, identity);
      expect(await loadCachedKey(placeOf(path), identity)).toBeDefined();
      expect(await loadCachedKey(placeOf(path), { ...identity, zkeySha256: 'f'.repeat(64) })).toBeUndefined();
      const kernel = identity.kernel === 'plain' ? 'relaxed' : 'plain';
      expect(await loadCachedKey(placeOf(path), { ...identity, kernel })).toBeUndefined();
    });
  });
});

function toShared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

/** Inverts a byte of a file, counted from its end where the place is negative. */
function flipByte(place: number): (path: string) => Promise<void> {
  return async (path) => {
    const handle = await open(path, 'r+');
    try {
      const { size } = await handle.stat();
      const position = place < 0 ? size + place : place;
      const byte = Buffer.alloc(1);
      await handle.read(byte, 0, 1, position);
      byte[0]! ^= 0xff;
      await handle.write(byte, 0, 1, position);
    } finally {
      await handle.close();
    }
  };
}
