import type { FileHandle } from 'node:fs/promises';

import { readZkeyLayout, withFile, ZKEY_SECTION, type ZkeyLayout } from '../../../iden3/index.js';
import { hashFile } from '../../../system/index.js';
import { assertKeyOf, type LoadKeyOptions, type ProvingEngine } from '../engine.js';
import { convertCoefficients } from './convert-coefficients.js';
import { convertPairedPoints, convertPoints, importPacked, share } from './convert-points.js';
import { Kernel, type KernelName } from './kernel.js';
import { assembleKey, type WasmProvingKey, kernelOf } from './key.js';
import { chooseKernel } from './choose-kernel.js';
import { cachedKeyPath, keyRecordPath, loadCachedKey, saveCachedKey } from './key-cache.js';
import { WasmProver } from './prover.js';

/**
 * Reads a .zkey and converts it for the kernel, in chunks. Points lose those at infinity and change their radix.
 * Coefficients are sorted by row, and each value is kept once.
 * @throws SolventError `zkey-malformed`, `file-unreadable`.
 */
export async function convertKey(zkeyPath: string, kernelName: KernelName): Promise<WasmProvingKey> {
  const kernel = await Kernel.open(kernelName);
  return withFile(zkeyPath, async (handle) => {
    const layout = readZkeyLayout(handle.fd, zkeyPath);
    return convertSections(kernel, { handle, layout, zkeyPath, kernelName });
  });
}

type Source = {
  readonly handle: FileHandle;
  readonly layout: ZkeyLayout;
  readonly zkeyPath: string;
  readonly kernelName: KernelName;
};

async function convertSections(kernel: Kernel, source: Source): Promise<WasmProvingKey> {
  const { handle, layout } = source;
  const { variableCount, publicCount, domainSize } = layout;
  const points = (section: number, firstWire: number) => {
    const { position, sizeBytes } = layout.sections.get(section)!;
    return convertPoints(kernel, handle, { position, sizeBytes, firstWire, group: 'g1' });
  };
  const a = await points(ZKEY_SECTION.pointsA, 0);
  const b = await convertPairedPoints(kernel, source);
  const c = await points(ZKEY_SECTION.pointsC, publicCount + 1);
  const h = await points(ZKEY_SECTION.pointsH, variableCount);
  const rows = await convertCoefficients(kernel, source);
  return assembleKey(
    { kernel: source.kernelName, sizes: { variableCount, publicCount, domainSize } },
    {
      ...rows,
      wiresA: a.wires,
      pointsA: a.points,
      wiresB: b.wires,
      pointsB1: b.points1,
      pointsB2: b.points2,
      wiresCH: join(c.wires, h.wires),
      pointsCH: join(c.points, h.points),
      constants: convertConstants(kernel, layout),
    },
  );
}

function join(...sections: readonly Uint8Array[]): Uint8Array<SharedArrayBuffer> {
  return share(sections);
}

function convertConstants(kernel: Kernel, { points }: ZkeyLayout): Uint8Array<SharedArrayBuffer> {
  const { alpha1, beta1, delta1, beta2, delta2 } = points;
  const first = importPacked(kernel, 'g1', Buffer.concat([alpha1, beta1, delta1]));
  const second = importPacked(kernel, 'g2', Buffer.concat([beta2, delta2]));
  return share([first, second]);
}

/** The default engine: our own kernels, compiled to WebAssembly. */
export const wasmEngine: ProvingEngine<WasmProvingKey> = {
  name: 'wasm',
  loadKey,

  async createProver(key) {
    assertKeyOf('wasm', key);
    return new WasmProver(await Kernel.open(kernelOf(key)), key);
  },
};

async function loadKey(
  zkeyPath: string,
  { cacheDirectory, zkeySha256, onCacheFault }: LoadKeyOptions = {},
): Promise<WasmProvingKey> {
  const kernel = await chooseKernel();
  if (cacheDirectory === undefined) return convertKey(zkeyPath, kernel);
  const identity = { zkeySha256: zkeySha256 ?? (await hashFile(zkeyPath)), kernel };
  const entry = {
    path: cachedKeyPath(cacheDirectory, identity),
    recordPath: keyRecordPath(zkeyPath, kernel),
  };
  const cached = await loadCachedKey(entry, identity);
  if (cached !== undefined) return cached;
  const key = await convertKey(zkeyPath, kernel);
  try {
    await saveCachedKey(entry, identity, key);
  } catch (error) {
    // No directory, no right to write, no room: a key that is not kept is as good.
    onCacheFault?.(error instanceof Error ? error.message : String(error));
  }
  return key;
}
