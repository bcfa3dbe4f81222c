import { hashFile } from '../../../system/index.js';
import { assertKeyOf, type LoadKeyOptions, type ProvingEngine } from '../engine.js';
import { chooseKernel } from './choose-kernel.js';
import { convertKey } from './convert-key.js';
import { cachedKeyPath, keyRecordPath, loadCachedKey, saveCachedKey } from './key-cache.js';
import { Kernel } from './kernel.js';
import { kernelOf, type WasmProvingKey } from './key.js';
import { WasmProver } from './prover.js';

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
