import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cacheDirectory } from '../../../src/system/index.js';
import {
  EMPTY_ROW,
  type FieldElement,
  type Proof,
  type Row,
  type RowLayout,
  type VerificationKey,
} from '../../../src/protocol/index.js';
import { isProofValid } from '../../../src/prover/proof-file.js';
import { buildCircuitInput } from '../../../src/prover/commit/commit-batch.js';
import { findEngine } from '../../../src/prover/engine/index.js';
import { WitnessGenerator, compileWasm } from '../../../src/prover/witness/generator.js';

import { compilerFlags, makeArtefacts } from '../../../src/keys/compile/artefacts.js';
import { generateMain, loadSources } from '../../../src/keys/compile/sources.js';

import { readVerificationKey } from '../../../src/iden3/index.js';
import { DevelopmentKeyMaker } from '../../../src/keys/index.js';
import { batchOf, CHALLENGES, debt, equity, MARGIN_3, SPOT_1, spotRow } from '../../circuits/batches.js';
import { expectedSignals } from '../../circuits/checks.js';
import { modulo } from '../../circuits/equations.js';
import { inTemporaryDirectory } from '../fixture.js';

const SPOT_BATCH = batchOf(SPOT_1, [
  spotRow([2, 500n]),
  spotRow([1, 7n]),
  EMPTY_ROW,
  spotRow([3, 1n]),
  spotRow([0, 42n]),
]);
const MARGIN_ROW: Row = { slots: [equity(0, 500n), equity(2, 7n), debt(2, 40n)], netValue: 1n << 100n };
const MARGIN_BATCH = batchOf(MARGIN_3, [MARGIN_ROW, EMPTY_ROW, MARGIN_ROW, EMPTY_ROW, MARGIN_ROW]);

let maker: DevelopmentKeyMaker;
beforeAll(() => {
  maker = new DevelopmentKeyMaker({ workers: 1 });
});
afterAll(() => maker.close());

/** One real proof of a batch, under a key that was just made. */
async function proveBatch(batch: typeof SPOT_BATCH): Promise<{
  readonly key: VerificationKey;
  readonly proof: Proof;
  readonly publicSignals: readonly bigint[];
}> {
  const { r1csPath, wasmPath } = await compileRows(batch.layout);
  const generator = new WitnessGenerator(await compileWasm(await readFile(wasmPath)));
  const witness = generator.generate(buildCircuitInput(batch, CHALLENGES));
  return inTemporaryDirectory(async (directory) => {
    const zkeyPath = join(directory, 'rows.zkey');
    await maker.make(r1csPath, zkeyPath);
    const engine = findEngine('wasm');
    const prover = await engine.createProver(await engine.loadKey(zkeyPath));
    const proven = await prover.prove(witness);
    await prover.close();
    return { key: await readVerificationKey(zkeyPath), ...proven };
  });
}

/** With names, as the tests of the circuits compile them, so that they are compiled once. */
async function compileRows(layout: RowLayout) {
  const sources = await loadSources(generateMain(layout));
  const circuit = { name: `tested-${layout.kind}-rows`, sources, flags: compilerFlags({ symbols: true }) };
  return makeArtefacts(circuit, { cacheDirectory: cacheDirectory() });
}

describe.each([
  ['SpotRows', SPOT_BATCH],
  ['MarginRows', MARGIN_BATCH],
])('a proof of %s', (_, batch) => {
  it('verifies with the signals of the protocol, of which none can be changed or exchanged', async () => {
    const { key, proof, publicSignals } = await proveBatch(batch);
    const signals = publicSignals as readonly FieldElement[];
    expect(signals).toEqual(expectedSignals(batch));
    expect(key.ic).toHaveLength(signals.length + 1);
    expect(await isProofValid(key, proof, signals)).toBe(true);
    for (const [index, signal] of signals.entries()) {
      const changed = signals.with(index, modulo(signal + 1n));
      expect(await isProofValid(key, proof, changed), `signal ${index}`).toBe(false);
    }
    const [digest, L, next, ...rest] = signals as [
      FieldElement,
      FieldElement,
      FieldElement,
      ...FieldElement[],
    ];
    expect(await isProofValid(key, proof, [digest, next, L, ...rest])).toBe(false);
    expect(await isProofValid(key, proof, signals.slice(0, -1))).toBe(false);
  });
});
