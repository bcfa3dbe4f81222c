import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { projectRoot } from '../../../src/system/index.js';
import { findEngine, type ProvenWitness, type SharedProvingKey } from '../../../src/prover/engine/index.js';
import { isAccepted } from './accepted.js';
import { encodeWitness, makeToyCircuit, type ToyCircuit } from './toy-circuit.js';

const COMPILED = join(projectRoot(), 'dist', 'src', 'prover', 'engine', 'index.js');

/** A thread that proves one witness with the key that it is given, in compiled code. */
const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
(async () => {
  const { findEngine } = await import(${JSON.stringify(pathToFileURL(COMPILED).href)});
  const { key, witness } = workerData;
  const prover = await findEngine(key.engine).createProver(key);
  parentPort.postMessage(await prover.prove(witness));
  await prover.close();
})();
`;

let circuit: ToyCircuit;

beforeAll(async () => {
  if (!existsSync(COMPILED)) throw new Error('expected compiled code in dist: run npm run build');
  circuit = await makeToyCircuit({ bits: 20, steps: 30 });
});

afterAll(async () => {
  await circuit.remove();
});

function proveInThread(key: SharedProvingKey, witness: Uint8Array): Promise<ProvenWitness> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(SCRIPT, { eval: true, workerData: { key, witness } });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => {
      reject(new Error('expected a proof, got an end'));
    });
  });
}

describe.each(['wasm', 'snarkjs'])('the engine %s in worker threads', (name) => {
  it('proves side by side with one key', async () => {
    const key = await findEngine(name).loadKey(circuit.zkeyPath);
    const inputs = [1n, 2n, 3n];
    const proofs = await Promise.all(
      inputs.map((input) => proveInThread(key, encodeWitness(circuit.solve(input)))),
    );
    for (const [index, proven] of proofs.entries()) {
      expect(proven.publicSignals).toEqual(circuit.solve(inputs[index]!).slice(1, 3));
      expect(await isAccepted(circuit, proven)).toBe(true);
    }
  });

  it('holds the key in shared memory only', async () => {
    const key = await findEngine(name).loadKey(circuit.zkeyPath);
    const sections = Object.values(key.sections);
    expect(sections.every((section) => section.buffer instanceof SharedArrayBuffer)).toBe(true);
    expect(sections.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBe(key.sizeBytes);
    // A copy through a message is the same memory.
    const clone = structuredClone(key);
    const [section] = Object.keys(key.sections);
    key.sections[section!]![0]! ^= 1;
    expect(clone.sections[section!]![0]).toBe(key.sections[section!]![0]);
  });
});
