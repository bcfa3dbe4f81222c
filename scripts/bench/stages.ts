import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { renderTable } from '../../src/presentation/index.js';
import { cacheDirectory } from '../../src/system/index.js';
import { evaluateBatch, listPublicSignals } from '../../src/protocol/index.js';
import { isProofValid, saveProof } from '../../src/prover/proof-file.js';
import { loadBatch } from '../../src/prover/commit/batch-file.js';
import { buildCircuitInput } from '../../src/prover/commit/commit-batch.js';
import { spreadMasks } from '../../src/prover/commit/run-seeds.js';
import { findEngine, type ProvingCircuit } from '../../src/prover/index.js';

import { WitnessGenerator, compileWasm } from '../../src/prover/witness/generator.js';

import { BENCH_CHALLENGES, type BenchBatch } from './batch.js';

/** What one stage of a proof takes. */
export type StageRow = { readonly stage: string; readonly milliseconds: number };

/**
 * The stages that a worker goes through for each batch, one thread, the wasm engine: the processor time of the fastest
 * of `rounds` rounds, after one that warms up.
 */
export async function measureStages(
  { layout, digest, batchPath }: BenchBatch,
  { verificationKey, wasmPath, zkeyPath }: ProvingCircuit,
  { directory, rounds }: { readonly directory: string; readonly rounds: number },
): Promise<StageRow[]> {
  const generator = new WitnessGenerator(await compileWasm(await readFile(wasmPath)));
  const engine = findEngine('wasm');
  const prover = await engine.createProver(
    await engine.loadKey(zkeyPath, { cacheDirectory: cacheDirectory() }),
  );
  const fastest = new Map<string, number>();
  for (let round = 0; round <= rounds; round++) {
    const take = async <T>(stage: string, work: () => T | Promise<T>): Promise<T> => {
      const before = process.cpuUsage();
      const result = await work();
      const { user, system } = process.cpuUsage(before);
      const milliseconds = (user + system) / 1000;
      if (round > 0) fastest.set(stage, Math.min(milliseconds, fastest.get(stage) ?? Infinity));
      return result;
    };
    const { rows, seed } = await take('read the rows', () => loadBatch(batchPath, layout));
    const masks = await take('spread the seed', () => spreadMasks({ layout }, seed));
    const batch = { layout, rows, masks };
    const values = await take('evaluate L, K and z', () => evaluateBatch(layout, batch, BENCH_CHALLENGES));
    const signals = listPublicSignals(digest, values, BENCH_CHALLENGES);
    const input = await take('input signals', () => buildCircuitInput(batch, BENCH_CHALLENGES));
    const witness = await take('witness', () => generator.generate(input));
    const { proof } = await take('proof', () => prover.prove(witness));
    const isValid = await take('check the proof', () => isProofValid(verificationKey, proof, signals));
    if (!isValid) throw new Error('expected a proof that holds, got another');
    await take('keep the proof', () =>
      saveProof(join(directory, `${round}.json`), { publicSignals: signals, proof }),
    );
  }
  await prover.close();
  return [...fastest].map(([stage, milliseconds]) => ({ stage, milliseconds }));
}

/** The stages with their shares, and what a worker of a pool takes besides. */
export function renderStages(
  rows: readonly StageRow[],
  pool: {
    readonly workers: number;
    readonly cpuSeconds: number;
    readonly proofs: number;
    readonly wallSeconds: number;
  },
): string {
  const sum = rows.reduce((total, { milliseconds }) => total + milliseconds, 0);
  const poolMilliseconds = (1000 * pool.cpuSeconds) / pool.proofs;
  const busy = pool.cpuSeconds / (pool.wallSeconds * pool.workers);
  const cells = (name: string, milliseconds: number) => [
    name,
    milliseconds.toFixed(milliseconds < 10 ? 1 : 0),
    `${((100 * milliseconds) / sum).toFixed(1)} %`,
  ];
  return (
    renderTable(
      [{ title: 'stage' }, { title: 'processor ms', align: 'right' }, { title: 'share', align: 'right' }],
      [...rows.map(({ stage, milliseconds }) => cells(stage, milliseconds)), cells('all', sum)],
    ) +
    `\nIn a pool of ${pool.workers} a proof took ${poolMilliseconds.toFixed(0)} processor ms, orchestration and all; ` +
    `its workers were on a processor ${(100 * busy).toFixed(1)} % of the time.\n`
  );
}
