import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { projectRoot } from '../../../src/system/index.js';
import { bigintToLittleEndian } from '../../../src/iden3/index.js';
import { findEngine } from '../../../src/prover/engine/index.js';
import { Kernel } from '../../../src/prover/engine/wasm/kernel.js';
import { kernelOf } from '../../../src/prover/engine/wasm/key.js';
import { LatencyProver } from '../../../src/prover/engine/wasm/latency/latency-prover.js';
import { PartThread } from '../../../src/prover/engine/wasm/latency/part-thread.js';
import { WasmProver } from '../../../src/prover/engine/wasm/prover.js';
import { SCALAR_FIELD } from './twin/field.js';
import { isAccepted } from './accepted.js';
import { encodeWitness, makeToyCircuit, type ToyCircuit } from './toy-circuit.js';

const ORDER = SCALAR_FIELD.modulus;

let circuit: ToyCircuit;

beforeAll(async () => {
  const thread = join(projectRoot(), 'dist/src/prover/engine/wasm/latency/thread.js');
  if (!existsSync(thread)) throw new Error('expected compiled threads in dist: run npm run build');
  circuit = await makeToyCircuit({ bits: 100, steps: 150 });
});

afterAll(async () => {
  await circuit.remove();
});

describe('one proof over several threads', () => {
  it.each([2, 3, 7])('is the same proof as in one thread, over %i', async (threads) => {
    const key = await findEngine('wasm').loadKey(circuit.zkeyPath);
    const alone = new WasmProver(await Kernel.open(kernelOf(key)), key);
    const shared = new LatencyProver(await Kernel.open(kernelOf(key)), key, threads);
    try {
      for (const input of [0n, 5n, ORDER - 1n]) {
        const witness = encodeWitness(circuit.solve(input));
        const blinding = { r: bigintToLittleEndian(input / 3n, 32), s: bigintToLittleEndian(9n, 32) };
        expect(await shared.proveWithBlinding(witness, blinding)).toEqual(
          alone.proveWithBlinding(witness, blinding),
        );
      }
    } finally {
      await shared.close();
    }
  });

  it('is accepted by snarkjs, and blinded anew each time', async () => {
    const engine = findEngine('wasm');
    const prover = await engine.createProver(await engine.loadKey(circuit.zkeyPath), { threads: 2 });
    try {
      const witness = encodeWitness(circuit.solve(6n));
      const [first, second] = [await prover.prove(witness), await prover.prove(witness)];
      expect(await isAccepted(circuit, first)).toBe(true);
      expect(await isAccepted(circuit, second)).toBe(true);
      expect(first.proof).not.toEqual(second.proof);
    } finally {
      await prover.close();
    }
  });

  it('refuses bad wires, goes on after them, and refuses work once closed', async () => {
    const engine = findEngine('wasm');
    const prover = await engine.createProver(await engine.loadKey(circuit.zkeyPath), { threads: 2 });
    const witness = encodeWitness(circuit.solve(6n));
    const bad = encodeWitness(circuit.solve(6n).map((wire, index) => (index === 9 ? wire + ORDER : wire)));
    await expect(prover.prove(bad)).rejects.toMatchObject({ code: 'witness-malformed' });
    expect(await isAccepted(circuit, await prover.prove(witness))).toBe(true);
    await prover.close();
    await expect(prover.prove(witness)).rejects.toMatchObject({ code: 'engine-closed' });
  });

  it('takes threads that made parts of another key before', async () => {
    const other = await makeToyCircuit({ bits: 8, steps: 6 });
    const engine = findEngine('wasm');
    try {
      for (const proven of [circuit, other, circuit]) {
        const prover = await engine.createProver(await engine.loadKey(proven.zkeyPath), { threads: 3 });
        const proof = await prover.prove(encodeWitness(proven.solve(7n)));
        await prover.close();
        expect(await isAccepted(proven, proof)).toBe(true);
      }
      // Threads that rest make the next parts.
      const { threadsStarted } = PartThread;
      const prover = await engine.createProver(await engine.loadKey(other.zkeyPath), { threads: 3 });
      expect(await isAccepted(other, await prover.prove(encodeWitness(other.solve(7n))))).toBe(true);
      await prover.close();
      expect(PartThread.threadsStarted).toBe(threadsStarted);
    } finally {
      await other.remove();
    }
  });

  it('lets a proof that is closed under way fail, and its threads make the next one', async () => {
    const engine = findEngine('wasm');
    const key = await engine.loadKey(circuit.zkeyPath);
    const witness = encodeWitness(circuit.solve(6n));
    const prover = await engine.createProver(key, { threads: 2 });
    const interrupted = expect(prover.prove(witness)).rejects.toMatchObject({ code: 'proving-failed' });
    await prover.close();
    await interrupted;
    const next = await engine.createProver(key, { threads: 2 });
    expect(await isAccepted(circuit, await next.prove(witness))).toBe(true);
    await next.close();
  });

  it('fails when a thread cannot work, and does not hang', async () => {
    const key = await findEngine('wasm').loadKey(circuit.zkeyPath);
    const broken = { ...key, sections: { ...key.sections, endsA: new SharedArrayBuffer(3) } };
    const prover = new LatencyProver(await Kernel.open(kernelOf(key)), broken, 2);
    await expect(prover.prove(encodeWitness(circuit.solve(6n)))).rejects.toMatchObject({
      code: 'proving-failed',
    });
    await expect(prover.prove(encodeWitness(circuit.solve(6n)))).rejects.toMatchObject({
      code: 'proving-failed',
    });
    await prover.close();
  });
});
