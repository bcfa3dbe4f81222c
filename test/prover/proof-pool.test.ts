import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  deriveTotalMasks,
  EMPTY_ROW,
  listPublicSignals,
  type FieldElement,
  type RowLayout,
} from '../../src/protocol/index.js';
import { saveBatch } from '../../src/prover/commit/batch-file.js';
import { computeBatchDigest } from '../../src/prover/commit/commit-batch.js';
import { spreadSeed } from '../../src/prover/commit/run-seeds.js';
import { MAX_PROOF_ATTEMPTS } from '../../src/prover/index.js';
import { LoadedCircuits } from '../../src/prover/pool/circuit-prover.js';
import { ProofPool } from '../../src/prover/pool/proof-pool.js';
import type { KeptBatch, LoadedCircuit, ProofTask } from '../../src/prover/pool/task.js';
import { portableSponge } from '../../src/prover/poseidon/poseidon.js';
import { loadProof } from '../../src/prover/proof-file.js';
import { CHALLENGES } from '../circuits/batches.js';
import { makeCircuitKeys, TINY, type CachedCircuit } from './tiny-keys.js';

const LAYOUT: RowLayout = TINY.layouts[1]!;
const SEED = new Uint8Array(32).fill(3);

let directory: string;
let circuits: readonly CachedCircuit[];
let loaded: LoadedCircuit;
let task: ProofTask & KeptBatch;
let pool: ProofPool;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-pool-'));
  circuits = await makeCircuitKeys();
  loaded = await new LoadedCircuits('snarkjs', {}).get(circuits[1]!);
}, 600_000);

afterAll(() => rm(directory, { recursive: true, force: true }));

/** A batch of nobody, as a run commits to it; its points are looked at by users alone. */
beforeEach(async () => {
  const own = await mkdtemp(join(directory, 'batch-'));
  const id = new Uint8Array(32);
  const rows = Array.from({ length: LAYOUT.rows }, () => ({ ...EMPTY_ROW, id }));
  const seed = { seed: SEED, totalMask: deriveTotalMasks([SEED])[0]! };
  const points = { entries: rows.map(() => ({ point: id, id })), maskPoints: [id] };
  await saveBatch(join(own, 'batch'), LAYOUT, { rows, seed, points });
  const { masks } = spreadSeed({ layout: LAYOUT }, seed);
  task = {
    loaded,
    layout: LAYOUT,
    digest: computeBatchDigest(portableSponge, LAYOUT, { masks, rows }),
    challenges: CHALLENGES,
    batchPath: join(own, 'batch'),
    proofPath: join(own, 'proof'),
  };
});

/** Ends the one worker of the pool as a want of memory would, whatever it is at. */
async function killWorker(): Promise<void> {
  while (pool.threads.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await pool.threads[0]!.terminate();
}

describe('a worker that dies', () => {
  beforeEach(() => {
    pool = new ProofPool(1);
  });

  afterEach(() => pool.close());

  it('costs one proof, which is made by the next worker, and kept', async () => {
    const proven = pool.prove(task);
    for (let death = 1; death < MAX_PROOF_ATTEMPTS; death++) await killWorker();
    const { values, proof } = await proven;
    const signals = listPublicSignals(task.digest, values, CHALLENGES);
    expect(await loadProof(task.proofPath, signals)).toEqual(proof);
    expect(await pool.prove(task)).toEqual({ values, proof });
  });

  it('too often ends the run with the name of the circuit, and another proof can still be made', async () => {
    const failed = expect(pool.prove(task)).rejects.toMatchObject({
      code: 'proof-failed',
      errorClass: 'proving',
      details: { circuit: 'spot-3', attempts: MAX_PROOF_ATTEMPTS },
    });
    for (let death = 1; death <= MAX_PROOF_ATTEMPTS; death++) await killWorker();
    await failed;
    expect((await pool.prove(task)).values.cover).toBeNull();
  });
});

describe('a worker refuses, once and by code,', () => {
  beforeAll(() => {
    pool = new ProofPool(1);
  });

  afterAll(() => pool.close());

  it('a batch whose file is damaged', async () => {
    await writeFile(task.batchPath, 'damaged');
    await expect(pool.prove(task)).rejects.toMatchObject({
      code: 'run-file-malformed',
      errorClass: 'artefact',
    });
  });

  it('a circuit that computes another digest than the manifest pins', async () => {
    const digest = (task.digest + 1n) as FieldElement;
    await expect(pool.prove({ ...task, digest })).rejects.toMatchObject({
      code: 'public-signals-mismatch',
      errorClass: 'invariant',
    });
    await expect(readFile(task.proofPath)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('a proof that does not verify under the key of its circuit', async () => {
    const { verificationKey } = loaded;
    const other = { ...loaded, verificationKey: { ...verificationKey, alpha: verificationKey.ic[0]! } };
    await expect(pool.prove({ ...task, loaded: other })).rejects.toMatchObject({
      code: 'proof-refused',
      errorClass: 'proving',
    });
  });

  it('the witness generator of another circuit', async () => {
    const { generator } = await new LoadedCircuits('snarkjs', {}).get(circuits[2]!);
    await expect(pool.prove({ ...task, loaded: { ...loaded, generator } })).rejects.toMatchObject({
      code: 'witness-generator-malformed',
      errorClass: 'artefact',
    });
  });
});

describe('a pool', () => {
  it.each([0, 257, 1.5, Number.NaN])('refuses %d workers', (workers) => {
    expect(() => new ProofPool(workers)).toThrow(expect.objectContaining({ code: 'workers-out-of-range' }));
  });
});
