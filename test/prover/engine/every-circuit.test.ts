import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cacheDirectory } from '../../../src/system/index.js';
import { nameOfLayout, PROFILES, type Row, type RowLayout } from '../../../src/protocol/index.js';
import { buildCircuitInput, type ProvenBatch } from '../../../src/prover/commit/commit-batch.js';
import { ENGINE_NAMES, findEngine, type EngineName } from '../../../src/prover/engine/index.js';
import { findRapidsnark } from '../../../src/prover/engine/rapidsnark-engine.js';
import { bigintToLittleEndian } from '../../../src/iden3/index.js';
import { convertKey } from '../../../src/prover/engine/wasm/wasm-engine.js';
import { Kernel, KERNEL_NAMES } from '../../../src/prover/engine/wasm/kernel.js';
import { WasmProver } from '../../../src/prover/engine/wasm/prover.js';
import { WitnessGenerator, compileWasm } from '../../../src/prover/witness/generator.js';

import { makeDevelopmentKeys, type CircuitKeys } from '../../../src/keys/index.js';
import { batchOf, CHALLENGES, debt, equity, spotRow } from '../../circuits/batches.js';
import { expectedSignals } from '../../circuits/checks.js';
import { verifyWithSnarkjs } from '../snarkjs-verify.js';
import { USABLE_KERNELS } from './kernel-values.js';

/** Circuits of these take minutes and gigabytes: they are proven where the environment asks for it. */
const IS_LARGE_ASKED = process.env.SOLVENT_TEST_LARGE === '1';
const LARGE = new Set(['standard']);
/**
 * What memory may be taken for each row of the domain (ADR 4): at 2^18 rows 600 MB for a key, once for all workers,
 * and 300 MB for each worker's prover and witness generator.
 */
const KEY_BYTES_PER_ROW = 600e6 / 2 ** 18;
const WORKER_BYTES_PER_ROW = 300e6 / 2 ** 18;
/** And whatever the circuit: the memory that a witness generator begins with, and the tables of the kernel. */
const WORKER_BYTES = 8 << 20;
const TIMEOUT_MS = 600_000;
const KEYS_TIMEOUT_MS = 3_600_000;

const hasRapidsnark = await findRapidsnark().then(
  () => true,
  () => false,
);

/** A batch of which every slot is used. The circuits take any net value in range. */
function fillBatch(layout: RowLayout): ProvenBatch {
  return batchOf(
    layout,
    Array.from({ length: layout.rows }, (_, row) => fillRow(layout, BigInt(row + 1))),
  );
}

function fillRow({ kind, slots }: RowLayout, amountUnits: bigint): Row {
  const indexes = [...new Array(slots).keys()];
  if (kind === 'spot') return spotRow(...indexes.map((index) => [index, amountUnits] as const));
  const equities = Math.ceil(slots / 2);
  return {
    slots: indexes.map((index) =>
      index < equities ? equity(index, amountUnits) : debt(index - equities, amountUnits),
    ),
    netValue: amountUnits << 90n,
  };
}

async function expectAccepted(engineName: EngineName, circuit: CircuitKeys): Promise<void> {
  const batch = fillBatch(circuit.parameters);
  const publicSignals = expectedSignals(batch);
  const generator = new WitnessGenerator(await compileWasm(await readFile(circuit.wasmPath)));
  const engine = findEngine(engineName);
  const key = await engine.loadKey(circuit.zkeyPath);
  const prover = await engine.createProver(key);
  const proven = await prover.prove(generator.generate(buildCircuitInput(batch, CHALLENGES)));
  if (prover instanceof WasmProver) {
    const domainSize = Number(key.parameters.domainSize);
    expect(key.sizeBytes).toBeLessThan(KEY_BYTES_PER_ROW * domainSize);
    const workerBytes = prover.memoryBytes + generator.memoryBytes;
    expect(workerBytes).toBeLessThan(WORKER_BYTES + WORKER_BYTES_PER_ROW * domainSize);
  }
  await prover.close();
  expect(proven.publicSignals).toEqual(publicSignals);
  const signals = proven.publicSignals.map(String);
  expect(await verifyWithSnarkjs(circuit.verificationKey, signals, proven.proof)).toBe(true);
  const others = [String(publicSignals[0]! ^ 1n), ...signals.slice(1)];
  expect(await verifyWithSnarkjs(circuit.verificationKey, others, proven.proof)).toBe(false);
}

/** The proofs of both kernels from one witness and one blinding: two implementations that share no field arithmetic. */
async function proveWithBothKernels(circuit: CircuitKeys) {
  const generator = new WitnessGenerator(await compileWasm(await readFile(circuit.wasmPath)));
  const input = buildCircuitInput(fillBatch(circuit.parameters), CHALLENGES);
  const witness = generator.generate(input);
  const blinding = { r: bigintToLittleEndian(123_456_789n, 32), s: bigintToLittleEndian(1n << 250n, 32) };
  const proofs = [];
  for (const name of KERNEL_NAMES) {
    const prover = new WasmProver(await Kernel.open(name), await convertKey(circuit.zkeyPath, name));
    proofs.push(prover.proveWithBlinding(witness, blinding));
  }
  return proofs;
}

const PROFILES_TESTED = [...PROFILES.values()].filter(({ name }) => name === 'small' || LARGE.has(name));

describe.each(PROFILES_TESTED)('the circuits of $name', (profile) => {
  const isSkipped = LARGE.has(profile.name) && !IS_LARGE_ASKED;
  let directory: string;
  let circuits: readonly CircuitKeys[];

  beforeAll(async () => {
    if (isSkipped) return;
    directory = await mkdtemp(join(tmpdir(), 'solvent-circuits-'));
    const keysDirectory = join(directory, 'keys');
    const options = { profile, keysDirectory, cacheDirectory: cacheDirectory() };
    ({ circuits } = await makeDevelopmentKeys(options));
  }, KEYS_TIMEOUT_MS);

  afterAll(async () => {
    if (!isSkipped) await rm(directory, { recursive: true, force: true });
  });

  it.skipIf(isSkipped || USABLE_KERNELS.size < KERNEL_NAMES.length).each(profile.layouts.map(nameOfLayout))(
    '%s: either kernel makes the same proof',
    async (name) => {
      const circuit = circuits.find((candidate) => candidate.name === name)!;
      const [plain, relaxed] = await proveWithBothKernels(circuit);
      expect(relaxed).toEqual(plain);
    },
    TIMEOUT_MS,
  );

  describe.each(ENGINE_NAMES)('with the engine %s', (engineName) => {
    it
      .skipIf(isSkipped || (engineName === 'rapidsnark' && !hasRapidsnark))
      .each(profile.layouts.map(nameOfLayout))(
      '%s: snarkjs accepts its proof',
      async (name) => {
        const circuit = circuits.find((candidate) => candidate.name === name)!;
        await expectAccepted(engineName, circuit);
      },
      TIMEOUT_MS,
    );
  });
});
