import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { findEngine } from '../../../src/prover/engine/index.js';
import { findRapidsnark, RAPIDSNARK_VARIABLE } from '../../../src/prover/engine/rapidsnark-engine.js';
import { inTemporaryDirectory } from '../fixture.js';
import { encodeWitness, makeToyCircuit, type ToyCircuit } from './toy-circuit.js';
import { isAccepted } from './accepted.js';

const installed = await findRapidsnark().catch(() => undefined);
const SNARKJS = createRequire(import.meta.url).resolve('snarkjs');

let circuit: ToyCircuit;

beforeAll(async () => {
  circuit = await makeToyCircuit({ bits: 8, steps: 6 });
});

afterAll(async () => {
  await circuit.remove();
});

afterEach(() => {
  // An empty name is none.
  process.env[RAPIDSNARK_VARIABLE] = installed ?? '';
});

/** A program with the arguments and files of rapidsnark that proves with snarkjs, or does what it is told instead. */
async function writeStandIn(directory: string, body: string): Promise<void> {
  const path = join(directory, 'rapidsnark');
  await writeFile(
    path,
    `#!${process.execPath}
const [zkey, witness, proofPath, publicPath] = process.argv.slice(2);
const { writeFileSync } = require('node:fs');
${body}
`,
  );
  await chmod(path, 0o755);
  process.env[RAPIDSNARK_VARIABLE] = path;
}

const PROVE = `require(${JSON.stringify(SNARKJS)}).groth16.prove(zkey, witness).then(({ proof, publicSignals }) => {
  writeFileSync(proofPath, JSON.stringify(proof));
  writeFileSync(publicPath, JSON.stringify(publicSignals));
  process.exit(0);
});`;

describe('the engine rapidsnark', () => {
  it.skipIf(installed === undefined)(
    'makes proofs that snarkjs accepts, with the binary of this machine',
    async () => {
      const engine = findEngine('rapidsnark');
      const prover = await engine.createProver(await engine.loadKey(circuit.zkeyPath));
      const wires = circuit.solve(77n);
      const proven = await prover.prove(encodeWitness(wires));
      expect(proven.publicSignals).toEqual(wires.slice(1, 3));
      expect(await isAccepted(circuit, proven)).toBe(true);
    },
  );

  it('makes proofs that snarkjs accepts, with any program of its kind', async () => {
    await inTemporaryDirectory(async (directory) => {
      await writeStandIn(directory, PROVE);
      const engine = findEngine('rapidsnark');
      const prover = await engine.createProver(await engine.loadKey(circuit.zkeyPath));
      const wires = circuit.solve(78n);
      const proven = await prover.prove(encodeWitness(wires));
      expect(proven.publicSignals).toEqual(wires.slice(1, 3));
      expect(await isAccepted(circuit, proven)).toBe(true);
    });
  });

  it('leaves no witness behind, whether it succeeds or not', async () => {
    await inTemporaryDirectory(async (directory) => {
      const log = join(directory, 'paths');
      await writeStandIn(directory, `writeFileSync(${JSON.stringify(log)}, witness); process.exit(1);`);
      const engine = findEngine('rapidsnark');
      const prover = await engine.createProver(await engine.loadKey(circuit.zkeyPath));
      await expect(prover.prove(encodeWitness(circuit.solve(1n)))).rejects.toMatchObject({
        code: 'proving-failed',
      });
      expect(await readdir(directory)).toEqual(['paths', 'rapidsnark']);
      const witnessPath = await readFile(log, 'utf8');
      await expect(readdir(join(witnessPath, '..'))).rejects.toMatchObject({ code: 'ENOENT' });
    });
  });

  it.each([
    { behaviour: 'that fails', body: 'process.exit(3);' },
    { behaviour: 'that writes no proof', body: 'process.exit(0);' },
    { behaviour: 'that writes something else', body: 'writeFileSync(proofPath, \'{"pi_a":[1,2]}\');' },
    { behaviour: 'that is killed', body: "process.kill(process.pid, 'SIGKILL');" },
  ])('refuses the work of a program $behaviour', async ({ body }) => {
    await inTemporaryDirectory(async (directory) => {
      await writeStandIn(directory, body);
      const engine = findEngine('rapidsnark');
      const prover = await engine.createProver(await engine.loadKey(circuit.zkeyPath));
      await expect(prover.prove(encodeWitness(circuit.solve(1n)))).rejects.toMatchObject({
        code: 'proving-failed',
      });
    });
  });

  it('says so where there is no binary', async () => {
    process.env[RAPIDSNARK_VARIABLE] = '/nowhere/rapidsnark';
    await expect(findEngine('rapidsnark').loadKey(circuit.zkeyPath)).rejects.toMatchObject({
      code: 'engine-unavailable',
    });
  });
});
