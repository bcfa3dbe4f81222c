import { hashFile } from '../../../system/index.js';
import { assertKeyOf, type LoadKeyOptions, type ProvingEngine, type SharedProvingKey } from '../engine.js';
import { chooseKernel } from './choose-kernel.js';
import { convertKey } from './convert-key.js';
import { cachedKeyPath, loadCachedKey, saveCachedKey } from './key-cache.js';
import { Kernel } from './kernel.js';
import { kernelOf } from './key.js';
import { LatencyProver } from './latency/latency-prover.js';
import { WasmProver } from './prover.js';

/** The default engine: our own kernels, compiled to WebAssembly. */
export const wasmEngine: ProvingEngine = {
  name: 'wasm',
  loadKey,

  async createProver(key, { threads = 1 } = {}) {
    assertKeyOf('wasm', key);
    const kernel = await Kernel.open(kernelOf(key));
    return threads === 1 ? new WasmProver(kernel, key) : new LatencyProver(kernel, key, threads);
  },
};

async function loadKey(
  zkeyPath: string,
  { cacheDirectory, zkeySha256 }: LoadKeyOptions = {},
): Promise<SharedProvingKey> {
  const kernel = await chooseKernel();
  if (cacheDirectory === undefined) return convertKey(zkeyPath, kernel);
  const identity = { zkeySha256: zkeySha256 ?? (await hashFile(zkeyPath)), kernel };
  const path = cachedKeyPath(cacheDirectory, identity);
  const cached = await loadCachedKey(path, identity);
  if (cached !== undefined) return cached;
  const key = await convertKey(zkeyPath, kernel);
  await saveCachedKey(path, identity, key);
  return key;
}
