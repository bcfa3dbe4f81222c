/** One process: proves one batch again and again with this project's workers. Arguments: see `main.ts`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseFieldElement } from '../../src/protocol/index.js';
import type { EngineName } from '../../src/prover/engine/index.js';
import { LoadedCircuits } from '../../src/prover/pool/circuit-prover.js';
import { ProofPool } from '../../src/prover/pool/proof-pool.js';
import { loadKeys } from '../../src/keys/index.js';
import { BENCH_CHALLENGES } from './batch.js';
import { measure } from './measurement.js';

const [keysDirectory, circuitName, batchPath, digest, engine, workers, timed, cacheDirectory] =
  process.argv.slice(2);
const keys = await loadKeys(keysDirectory!);
const circuit = keys.circuits.find(({ name }) => name === circuitName)!;
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
  const loaded = await circuits.get(circuit);
  const proveOne = () =>
    pool.prove({
      loaded,
      layout: circuit.parameters,
      digest: parseFieldElement(digest!),
      challenges: BENCH_CHALLENGES,
      batchPath: batchPath!,
      proofPath: join(out, `${(made += 1)}.json`),
    });
  await Promise.all(Array.from({ length: count }, proveOne));
}
