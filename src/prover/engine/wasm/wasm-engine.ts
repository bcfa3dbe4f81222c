import { hashFile } from '../../../platform/index.js';
import { assertKeyOf, type LoadKeyOptions, type ProvingEngine, type SharedProvingKey } from '../engine.js';
import { convertKey } from './convert-key.js';
import { cachedKeyPath, loadCachedKey, saveCachedKey } from './key-cache.js';
import { Kernel } from './kernel.js';
import { LatencyProver } from './latency/latency-prover.js';
import { WasmProver } from './prover.js';

/** The default engine: our own kernels, compiled to WebAssembly. */
export const wasmEngine: ProvingEngine = {
  name: 'wasm',
  loadKey,

  async createProver(key, { threads = 1 } = {}) {
    assertKeyOf('wasm', key);
    const kernel = await Kernel.open();
    return threads === 1 ? new WasmProver(kernel, key) : new LatencyProver(kernel, key, threads);
  },
};

async function loadKey(
  zkeyPath: string,
  { cacheDirectory, zkeySha256 }: LoadKeyOptions = {},
): Promise<SharedProvingKey> {
  if (cacheDirectory === undefined) return convertKey(zkeyPath);
  const sha256 = zkeySha256 ?? (await hashFile(zkeyPath));
  const path = cachedKeyPath(cacheDirectory, sha256);
  const cached = await loadCachedKey(path, sha256);
  if (cached !== undefined) return cached;
  const key = await convertKey(zkeyPath);
  await saveCachedKey(path, sha256, key);
  return key;
}
