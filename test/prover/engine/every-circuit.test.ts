import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { listPrices, makeAccounts } from '../../../scripts/bench/batch.js';
import { cacheDirectory } from '../../../src/system/index.js';
import {
  circuitName,
  circuitsOf,
  deriveTag,
  hashPrices,
  listPublicSignals,
  poseidon,
  PROFILES,
  type FieldElement,
  type Profile,
} from '../../../src/protocol/index.js';
import { buildAggregateInput } from '../../../src/prover/aggregate/circuit-input.js';
import { planAggregates } from '../../../src/prover/aggregate/layers.js';
import { buildBatchInput } from '../../../src/prover/batch/circuit-input.js';
import { commitBatch } from '../../../src/prover/batch/commitment.js';
import type { BatchCircuit } from '../../../src/prover/circuits.js';
import { ENGINE_NAMES, findEngine, type EngineName } from '../../../src/prover/engine/index.js';
import { findRapidsnark } from '../../../src/prover/engine/rapidsnark-engine.js';
import { bigintToLittleEndian } from '../../../src/iden3/index.js';
import { convertKey } from '../../../src/prover/engine/wasm/convert-key.js';
import { Kernel, KERNEL_NAMES } from '../../../src/prover/engine/wasm/kernel.js';
import { WasmProver } from '../../../src/prover/engine/wasm/prover.js';
import type { ProvingCircuit } from '../../../src/prover/snapshot.js';
import { WitnessGenerator, type CircuitInput } from '../../../src/prover/witness/generator.js';
import { compileWasm } from '../../../src/prover/witness/webassembly.js';
import { makeDevelopmentKeys } from '../../../src/keys/index.js';
import { SECRET, tagBatches } from '../exchange.js';
import { verifyWithSnarkjs } from '../snarkjs-verify.js';
import { USABLE_KERNELS } from './kernel-values.js';

/** Circuits of these take minutes and gigabytes: they are proven where the environment asks for it. */
const IS_LARGE_ASKED = process.env.SOLVENT_TEST_LARGE === '1';
const LARGE = new Set(['standard', 'large']);
const CONTEXT = 54_321n as FieldElement;
/**
 * What memory may be taken for each row of the domain (ADR 4): at 2^18 rows 600 MB for a key, once for all workers,
 * and 300 MB for each worker's prover and witness generator.
 */
const KEY_BYTES_PER_ROW = 600e6 / 2 ** 18;
const WORKER_BYTES_PER_ROW = 300e6 / 2 ** 18;
const TIMEOUT_MS = 600_000;
const KEYS_TIMEOUT_MS = 3_600_000;

const hasRapidsnark = await findRapidsnark().then(
  () => true,
  () => false,
);

/** An honest witness's inputs, and what the circuit is to make public. */
type Statement = { readonly input: CircuitInput; readonly publicSignals: readonly FieldElement[] };

/** A full batch of one circuit, opened as an aggregate takes it. */
function commitFull(circuit: BatchCircuit) {
  const rows = makeAccounts(circuit.parameters).map((account) => ({ account }));
  const prices = listPrices(circuit.parameters.assets);
  const batch = commitBatch(poseidon, rows, {
    circuit,
    index: 0,
    secret: SECRET,
    platform: 'Example',
    prices,
  });
  return { batch, prices };
}

function stateBatch(circuit: BatchCircuit): Statement {
  const { batch, prices } = commitFull(circuit);
  return {
    input: buildBatchInput(poseidon, circuit, { batch, prices }),
    publicSignals: listPublicSignals(circuit.parameters.kind, {
      digest: batch.digest,
      pricesHash: hashPrices(poseidon, prices),
    }),
  };
}

/** The first aggregate over a batch of each circuit. */
function stateAggregate(profile: Profile): Statement {
  const parameters = profile.aggregate;
  const circuit = { name: circuitName(parameters), parameters, tag: deriveTag(parameters) };
  const nodes = tagBatches(profile).map((batch) => ({ ...commitFull(batch).batch, tag: batch.tag }));
  const node = planAggregates(poseidon, nodes, { circuit, secret: SECRET })[0]![0]!;
  return {
    input: buildAggregateInput(circuit, node, CONTEXT),
    publicSignals: [node.digest, CONTEXT],
  };
}

function stateOf(profile: Profile, name: string): Statement {
  const batch = tagBatches(profile).find((candidate) => candidate.name === name);
  return batch === undefined ? stateAggregate(profile) : stateBatch(batch);
}

async function expectAccepted(
  engineName: EngineName,
  circuit: ProvingCircuit,
  { input, publicSignals }: Statement,
): Promise<void> {
  const generator = new WitnessGenerator(await compileWasm(await readFile(circuit.wasmPath)));
  const engine = findEngine(engineName);
  const key = await engine.loadKey(circuit.zkeyPath);
  const prover = await engine.createProver(key);
  const proven = await prover.prove(generator.generate(input));
  if (prover instanceof WasmProver) {
    const domainSize = Number(key.parameters.domainSize);
    expect(key.sizeBytes).toBeLessThan(KEY_BYTES_PER_ROW * domainSize);
    const workerBytes = prover.memoryBytes + generator.memoryBytes;
    expect(workerBytes).toBeLessThan(WORKER_BYTES_PER_ROW * domainSize);
  }
  await prover.close();
  expect(proven.publicSignals).toEqual(publicSignals);
  const signals = proven.publicSignals.map(String);
  expect(await verifyWithSnarkjs(circuit.verificationKey, signals, proven.proof)).toBe(true);
  const others = [String(publicSignals[0]! ^ 1n), ...signals.slice(1)];
  expect(await verifyWithSnarkjs(circuit.verificationKey, others, proven.proof)).toBe(false);
}

/** The proofs of both kernels from one witness and one blinding: two implementations that share no field arithmetic. */
async function proveWithBothKernels(circuit: ProvingCircuit, { input }: Statement) {
  const generator = new WitnessGenerator(await compileWasm(await readFile(circuit.wasmPath)));
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
  let circuits: readonly ProvingCircuit[];

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

  it
    .skipIf(isSkipped || USABLE_KERNELS.size < KERNEL_NAMES.length)
    .each(circuitsOf(profile).map(circuitName))(
    '%s: either kernel makes the same proof',
    async (name) => {
      const circuit = circuits.find((candidate) => candidate.name === name)!;
      const [plain, relaxed] = await proveWithBothKernels(circuit, stateOf(profile, name));
      expect(relaxed).toEqual(plain);
    },
    TIMEOUT_MS,
  );

  describe.each(ENGINE_NAMES)('with the engine %s', (engineName) => {
    it
      .skipIf(isSkipped || (engineName === 'rapidsnark' && !hasRapidsnark))
      .each(circuitsOf(profile).map(circuitName))(
      '%s: snarkjs accepts its proof',
      async (name) => {
        const circuit = circuits.find((candidate) => candidate.name === name)!;
        await expectAccepted(engineName, circuit, stateOf(profile, name));
      },
      TIMEOUT_MS,
    );
  });
});
