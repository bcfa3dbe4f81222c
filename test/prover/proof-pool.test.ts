import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { FieldElement } from '../../src/protocol/index.js';
import { encodeBatchFile, encodeDummyRow } from '../../src/prover/batch/batch-file.js';
import type { BatchCircuit } from '../../src/prover/circuits.js';
import { MAX_PROOF_ATTEMPTS } from '../../src/prover/index.js';
import { LoadedCircuits } from '../../src/prover/pool/loaded-circuits.js';
import { ProofPool } from '../../src/prover/pool/proof-pool.js';
import { shareWorkers } from '../../src/prover/pool/schedule.js';
import type { BatchTask, LoadedCircuit } from '../../src/prover/pool/task.js';
import { loadProof } from '../../src/prover/proof-file.js';
import type { ProvingCircuit } from '../../src/prover/snapshot.js';
import { pricesOf, sealSnapshot, SECRET, tagBatches } from './exchange.js';
import { makeTinyKeys, TINY } from './tiny-keys.js';

const [SPOT] = tagBatches(TINY) as [BatchCircuit];

let directory: string;
let circuits: readonly ProvingCircuit[];
let loaded: LoadedCircuit;
let task: BatchTask;
let pool: ProofPool;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-pool-'));
  ({ circuits } = await makeTinyKeys(join(directory, 'keys')));
  loaded = await new LoadedCircuits('snarkjs', {}).get(circuitNamed('spot-2'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

beforeEach(async () => {
  const folder = await mkdtemp(join(directory, 'batch-'));
  const rows = Array.from({ length: SPOT.parameters.users }, (_, dummy) => encodeDummyRow(dummy));
  await writeFile(join(folder, 'batch'), encodeBatchFile(rows));
  task = {
    kind: 'batch',
    loaded,
    circuit: SPOT,
    index: 0,
    platform: 'Example',
    secret: SECRET,
    prices: pricesOf(sealSnapshot([])),
    batchPath: join(folder, 'batch'),
    treePath: join(folder, 'tree'),
    proofPath: join(folder, 'proof'),
  };
});

const circuitNamed = (name: string) => circuits.find((circuit) => circuit.name === name)!;

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

  it('costs one proof, which is made by the next worker', async () => {
    const proven = pool.prove(task);
    for (let death = 1; death < MAX_PROOF_ATTEMPTS; death++) await killWorker();
    const node = await proven;
    expect(await loadProof(task.proofPath, [node!.digest])).toBeDefined();
  });

  it('too often ends the run with the name of the circuit, and another proof can still be made', async () => {
    const failed = expect(pool.prove(task)).rejects.toMatchObject({
      code: 'proof-failed',
      errorClass: 'proving',
      details: { circuit: 'spot-2', attempts: MAX_PROOF_ATTEMPTS },
    });
    for (let death = 1; death <= MAX_PROOF_ATTEMPTS; death++) await killWorker();
    await failed;
    expect(await pool.prove(task)).toMatchObject({ tag: SPOT.tag });
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

  it('a circuit that computes another digest than the protocol', async () => {
    const circuit = { ...SPOT, tag: (SPOT.tag + 1n) as FieldElement };
    await expect(pool.prove({ ...task, circuit })).rejects.toMatchObject({
      code: 'public-signals-mismatch',
      errorClass: 'invariant',
    });
    expect(await loadProof(task.proofPath, [])).toBeUndefined();
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
    const { generator } = await new LoadedCircuits('snarkjs', {}).get(circuitNamed('margin-2'));
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

describe('proofs of a last round that is not full', () => {
  it.each([
    { proofs: 1, workers: 1, threads: [1] },
    { proofs: 1, workers: 8, threads: [8] },
    { proofs: 3, workers: 8, threads: [2, 3, 3] },
    { proofs: 5, workers: 2, threads: [1, 1, 1, 1, 2] },
    { proofs: 6, workers: 4, threads: [1, 1, 1, 1, 2, 2] },
    { proofs: 8, workers: 4, threads: [1, 1, 1, 1, 1, 1, 1, 1] },
  ])('share $workers workers: $proofs take $threads threads', ({ proofs, workers, threads }) => {
    const shared = Array.from({ length: proofs }, (_, index) => shareWorkers(index, { proofs, workers }));
    expect(shared).toEqual(threads);
  });
});

describe('a proof over several threads', () => {
  beforeAll(async () => {
    pool = new ProofPool(1);
    loaded = await new LoadedCircuits('wasm', {}).get(circuitNamed('spot-2'));
  });

  afterAll(() => pool.close());

  it('is made by one worker, before and after proofs over one', async () => {
    for (const threads of [1, 2, 1, 2]) {
      const proofPath = `${task.proofPath}-${threads}`;
      const node = await pool.prove({ ...task, loaded, proofPath, threads });
      expect(await loadProof(proofPath, [node!.digest])).toBeDefined();
      await rm(proofPath);
    }
  });
});
