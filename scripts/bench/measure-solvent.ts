/** One process: proves one batch again and again with this project's workers. Arguments: see `main.ts`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { EngineName } from '../../src/prover/engine/index.js';
import { LoadedCircuits } from '../../src/prover/pool/loaded-circuits.js';
import { ProofPool } from '../../src/prover/pool/proof-pool.js';
import { loadKeys } from '../../src/keys/index.js';
import { BENCH_PLATFORM, BENCH_SECRET, findBatchCircuit, listPrices } from './batch.js';
import { measure } from './measurement.js';

const [keysDirectory, circuitName, batchPath, engine, workers, timed, cacheDirectory] = process.argv.slice(2);
const keys = await loadKeys(keysDirectory!);
const circuit = findBatchCircuit(keys.profile, circuitName!);
const prices = listPrices(circuit.parameters.assets);
const out = await mkdtemp(join(tmpdir(), 'solvent-bench-'));
const pool = new ProofPool(Number(workers));
const circuits = new LoadedCircuits(engine as EngineName, { cacheDirectory: cacheDirectory! });
let made = 0;

try {
  await measure(proveMany, { warmUp: Number(workers), timed: Number(timed) });
} finally {
  await pool.close();
  await rm(out, { recursive: true });
}

async function proveMany(count: number): Promise<void> {
  const loaded = await circuits.get(keys.circuits.find(({ name }) => name === circuit.name)!);
  const proveOne = () => {
    const name = String((made += 1));
    return pool.prove({
      kind: 'batch',
      loaded,
      circuit,
      index: 0,
      platform: BENCH_PLATFORM,
      secret: BENCH_SECRET,
      prices,
      batchPath: batchPath!,
      treePath: join(out, `${name}.tree`),
      proofPath: join(out, `${name}.json`),
    });
  };
  await Promise.all(Array.from({ length: count }, proveOne));
}
