import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { BASE_FIELD_MODULUS, FIELD_MODULUS } from '../../../src/protocol/index.js';
import { bigintToLittleEndian } from '../../../src/iden3/index.js';
import { findEngine } from '../../../src/prover/engine/index.js';
import { chooseKernel } from '../../../src/prover/engine/wasm/choose-kernel.js';
import { WasmKey, type SectionName } from '../../../src/prover/engine/wasm/key.js';
import type { KernelGroup } from '../../../src/prover/engine/wasm/kernel.js';
import { cachedKeyPath, keyRecordPath, loadCachedKey } from '../../../src/prover/engine/wasm/key-cache.js';
import { inTemporaryDirectory } from '../fixture.js';
import { encodeCoordinates, KernelValues } from './kernel-values.js';

/** Wires enough for 320 bytes each to pass 4 GiB. */
const VARIABLE_COUNT = 14_000_000;
const DOMAIN_SIZE = 2;

type Patch = { readonly position: number; readonly bytes: Uint8Array };

/**
 * Writes a proving key whose points are all at infinity but a few, as a file with holes: it takes next to no disk.
 * Sections stand in an order that puts the coefficients beyond 4 GiB.
 */
async function writeSparseKey(path: string): Promise<void> {
  const sections: readonly (readonly [id: number, sizeBytes: number])[] = [
    [1, 4],
    [2, 660],
    [5, VARIABLE_COUNT * 64],
    [6, VARIABLE_COUNT * 64],
    [7, VARIABLE_COUNT * 128],
    [8, (VARIABLE_COUNT - 1) * 64],
    [9, DOMAIN_SIZE * 64],
    [4, 4 + 44],
  ];
  const patches: Patch[] = [
    { position: 0, bytes: Buffer.concat([Buffer.from('zkey'), u32(1), u32(sections.length)]) },
  ];
  const starts = new Map<number, number>();
  let position = 12;
  for (const [id, sizeBytes] of sections) {
    patches.push({ position, bytes: Buffer.concat([u32(id), bigintToLittleEndian(BigInt(sizeBytes), 8)]) });
    starts.set(id, position + 12);
    position += 12 + sizeBytes;
  }
  const put = (id: number, offset: number, bytes: Uint8Array) => {
    patches.push({ position: starts.get(id)! + offset, bytes });
  };
  put(1, 0, u32(1));
  const field = (modulus: bigint) => Buffer.concat([u32(32), bigintToLittleEndian(modulus, 32)]);
  const sizes = Buffer.concat([u32(VARIABLE_COUNT), u32(0), u32(DOMAIN_SIZE)]);
  put(2, 0, Buffer.concat([field(BASE_FIELD_MODULUS), field(FIELD_MODULUS), sizes]));
  const last = VARIABLE_COUNT - 1;
  put(5, last * 64, coordinates(1n, 2n));
  put(6, 7 * 64, coordinates(3n, 4n));
  put(6, last * 64, coordinates(5n, 6n));
  put(7, 7 * 128, coordinates(7n, 8n, 9n, 10n));
  put(7, last * 128, coordinates(11n, 12n, 13n, 14n));
  put(8, (last - 1) * 64, coordinates(15n, 16n));
  put(9, 64, coordinates(17n, 18n));
  put(4, 0, Buffer.concat([u32(1), u32(1), u32(1), u32(last), bigintToLittleEndian(1n << 200n, 32)]));

  const handle = await open(path, 'wx');
  try {
    for (const patch of patches) await handle.write(patch.bytes, 0, patch.bytes.length, patch.position);
    await handle.truncate(position);
  } finally {
    await handle.close();
  }
}

const u32 = (value: number) => bigintToLittleEndian(BigInt(value), 4);

const coordinates = (...values: readonly bigint[]) => encodeCoordinates(values);

it('reads keys of more than 4 GiB, in chunks', async () => {
  await inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'sparse.zkey');
    await writeSparseKey(path);
    const zkeySha256 = '0'.repeat(64);
    const identity = { zkeySha256, kernel: await chooseKernel() };
    const values = await KernelValues.open(identity.kernel);
    const packed = (group: KernelGroup, ...parts: bigint[]) => Buffer.from(values.packPoints(group, parts));
    const wasm = findEngine('wasm');
    const key = await wasm.loadKey(path, { cacheDirectory: directory, zkeySha256 });
    const words = (name: SectionName) => [...new WasmKey(key).words(name)];
    const bytes = (name: SectionName) => Buffer.from(key.sections[name]);
    const last = VARIABLE_COUNT - 1;
    expect(words('wiresA')).toEqual([last]);
    expect(bytes('pointsA')).toEqual(packed('g1', 1n, 2n));
    expect(words('wiresB')).toEqual([7, last]);
    expect(bytes('pointsB1')).toEqual(packed('g1', 3n, 4n, 5n, 6n));
    expect(bytes('pointsB2')).toEqual(packed('g2', 7n, 8n, 9n, 10n, 11n, 12n, 13n, 14n));
    expect(words('wiresCH')).toEqual([last, VARIABLE_COUNT + 1]);
    expect(bytes('pointsCH')).toEqual(packed('g1', 15n, 16n, 17n, 18n));
    expect(words('termsB')).toEqual([last, 0]);
    expect(words('endsB')).toEqual([0, 1]);
    expect(words('endsA')).toEqual([0, 0]);
    const cached = await loadCachedKey(
      { path: cachedKeyPath(directory, identity), recordPath: keyRecordPath(path, identity.kernel) },
      identity,
    );
    expect(cached?.sizeBytes).toBe(key.sizeBytes);
  });
});
