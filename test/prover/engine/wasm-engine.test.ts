import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bigintToLittleEndian } from '../../../src/iden3/index.js';
import { findEngine } from '../../../src/prover/engine/index.js';
import { convertKey } from '../../../src/prover/engine/wasm/wasm-engine.js';
import { Kernel, KERNEL_NAMES } from '../../../src/prover/engine/wasm/kernel.js';
import { kernelOf } from '../../../src/prover/engine/wasm/key.js';
import { WasmProver } from '../../../src/prover/engine/wasm/prover.js';
import { SCALAR_FIELD } from './twin/field.js';
import { loadTwinKey, proveWithTwin } from './twin/groth16.js';
import { inTemporaryDirectory } from '../fixture.js';
import { isAccepted } from './accepted.js';
import { USABLE_KERNELS } from './kernel-values.js';
import { encodeWitness, makeToyCircuit, type ToyCircuit } from './toy-circuit.js';

const ORDER = SCALAR_FIELD.modulus;

let tiny: ToyCircuit;
let small: ToyCircuit;

beforeAll(async () => {
  tiny = await makeToyCircuit({ bits: 5, steps: 4 });
  small = await makeToyCircuit({ bits: 200, steps: 300 });
});

afterAll(async () => {
  await tiny.remove();
  await small.remove();
});

async function openProver(circuit: ToyCircuit): Promise<WasmProver> {
  const key = await findEngine('wasm').loadKey(circuit.zkeyPath);
  return new WasmProver(await Kernel.open(kernelOf(key)), key);
}

describe.each(['wasm', 'snarkjs'])('the engine %s', (name) => {
  it('makes proofs that snarkjs accepts, with the public signals of the witness', async () => {
    for (const circuit of [tiny, small]) {
      const engine = findEngine(name);
      const prover = await engine.createProver(await engine.loadKey(circuit.zkeyPath));
      for (const input of [0n, 1n, ORDER - 1n, 2n ** 199n - 1n]) {
        const wires = circuit.solve(input);
        const proven = await prover.prove(encodeWitness(wires));
        expect(proven.publicSignals).toEqual(wires.slice(1, 3));
        expect(await isAccepted(circuit, proven)).toBe(true);
        const otherSignals = [proven.publicSignals[0]! ^ 1n, proven.publicSignals[1]!];
        expect(await isAccepted(circuit, { ...proven, publicSignals: otherSignals })).toBe(false);
      }
      await prover.close();
    }
  });

  it('blinds each proof anew', async () => {
    const engine = findEngine(name);
    const prover = await engine.createProver(await engine.loadKey(tiny.zkeyPath));
    const witness = encodeWitness(tiny.solve(9n));
    const [first, second] = [await prover.prove(witness), await prover.prove(witness)];
    expect(first.proof.a).not.toEqual(second.proof.a);
    expect(first.proof.b).not.toEqual(second.proof.b);
    expect(first.proof.c).not.toEqual(second.proof.c);
  });

  it('proves nothing that the circuit refuses', async () => {
    const engine = findEngine(name);
    const prover = await engine.createProver(await engine.loadKey(tiny.zkeyPath));
    const wires = tiny.solve(9n);
    wires[6] = 2n;
    expect(await isAccepted(tiny, await prover.prove(encodeWitness(wires)))).toBe(false);
  });

  it.each([
    {
      behaviour: 'of another circuit',
      code: 'witness-mismatch',
      spoil: () => encodeWitness(small.solve(1n)),
    },
    {
      behaviour: 'over another field',
      code: 'witness-malformed',
      spoil: () => encodeWitness(tiny.solve(1n), ORDER - 2n),
    },
    {
      behaviour: 'whose first wire is not 1',
      code: 'witness-malformed',
      spoil: () => encodeWitness([2n, ...tiny.solve(1n).slice(1)]),
    },
    {
      behaviour: 'with a public signal above the modulus',
      code: 'witness-malformed',
      spoil: () => encodeWitness(tiny.solve(1n).map((wire, index) => (index === 1 ? wire + ORDER : wire))),
    },
    {
      behaviour: 'that ends early',
      code: 'witness-malformed',
      spoil: () => encodeWitness(tiny.solve(1n)).subarray(0, -1),
    },
    { behaviour: 'that is empty', code: 'witness-malformed', spoil: () => new Uint8Array(0) },
  ])('refuses a witness $behaviour', async ({ code, spoil }) => {
    const engine = findEngine(name);
    const prover = await engine.createProver(await engine.loadKey(tiny.zkeyPath));
    await expect(prover.prove(spoil())).rejects.toMatchObject({ code });
  });

  it('refuses keys that are none', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'other.zkey');
      const zkey = await readFile(tiny.zkeyPath);
      const changed = (at: number, byte: number) => {
        const copy = Uint8Array.from(zkey);
        copy[at] = byte;
        return copy;
      };
      // Magic, version, the protocol's number, the base field's modulus.
      for (const bytes of [
        changed(0, 0),
        changed(4, 9),
        changed(24, 2),
        changed(50, 1),
        zkey.subarray(0, -1),
        zkey.subarray(0, 100),
      ]) {
        await writeFile(path, bytes);
        await expect(findEngine(name).loadKey(path)).rejects.toMatchObject({ code: 'zkey-malformed' });
      }
    });
    await expect(findEngine(name).loadKey('/nowhere/key.zkey')).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });
});

describe('the engine wasm', () => {
  it.each([...USABLE_KERNELS])(
    'makes the proof of the twin from the same witness and blinding: %s',
    async (name) => {
      const prover = new WasmProver(await Kernel.open(name), await convertKey(tiny.zkeyPath, name));
      const twinKey = await loadTwinKey(tiny.zkeyPath);
      for (const [input, r, s] of [
        [3n, 0n, 0n],
        [31n, 1n, ORDER - 1n],
        [ORDER - 5n, 123_456_789n ** 8n % ORDER, 987_654_321n ** 8n % ORDER],
      ] as const) {
        const wires = tiny.solve(input);
        const blinding = { r: bigintToLittleEndian(r, 32), s: bigintToLittleEndian(s, 32) };
        const { proof } = prover.proveWithBlinding(encodeWitness(wires), blinding);
        expect(proof).toEqual(proveWithTwin(twinKey, wires, { r, s }));
      }
    },
  );

  it.skipIf(USABLE_KERNELS.size < KERNEL_NAMES.length)('makes one proof with either kernel', async () => {
    const witness = encodeWitness(small.solve(ORDER / 5n));
    const blinding = { r: bigintToLittleEndian(ORDER / 3n, 32), s: bigintToLittleEndian(17n, 32) };
    const [plain, relaxed] = await Promise.all(
      KERNEL_NAMES.map(async (name) => {
        const prover = new WasmProver(await Kernel.open(name), await convertKey(small.zkeyPath, name));
        return prover.proveWithBlinding(witness, blinding);
      }),
    );
    expect(relaxed).toEqual(plain);
  });

  it('refuses a private wire that is not below the modulus', async () => {
    const prover = await openProver(tiny);
    const wires = tiny.solve(1n).map((wire, index) => (index === 7 ? wire + ORDER : wire));
    await expect(prover.prove(encodeWitness(wires))).rejects.toMatchObject({ code: 'witness-malformed' });
  });

  it('refuses a key that another engine loaded, and work after it was closed', async () => {
    const foreign = await findEngine('snarkjs').loadKey(tiny.zkeyPath);
    // @ts-expect-error A key of another engine is refused by its type already.
    await expect(findEngine('wasm').createProver(foreign)).rejects.toMatchObject({
      code: 'engine-key-mismatch',
    });
    const prover = await openProver(tiny);
    await prover.close();
    await expect(prover.prove(encodeWitness(tiny.solve(1n)))).rejects.toMatchObject({
      code: 'engine-closed',
    });
  });

  it('takes the memory of the prover that was closed before it, and makes as good proofs', async () => {
    const key = await findEngine('wasm').loadKey(small.zkeyPath);
    const kernel = await Kernel.open(kernelOf(key));
    const closed = new WasmProver(kernel, key);
    await closed.prove(encodeWitness(small.solve(ORDER / 7n)));
    await closed.close();
    await closed.close();
    const next = await Kernel.open(kernelOf(key));
    expect(next).toBe(kernel);
    expect(await Kernel.open(kernelOf(key))).not.toBe(kernel);
    const prover = new WasmProver(next, await findEngine('wasm').loadKey(tiny.zkeyPath));
    expect(await isAccepted(tiny, await prover.prove(encodeWitness(tiny.solve(3n))))).toBe(true);
  });

  it('leaves no wire of the witness and no blinding in its memory', async () => {
    const key = await findEngine('wasm').loadKey(small.zkeyPath);
    const kernel = await Kernel.open(kernelOf(key));
    const prover = new WasmProver(kernel, key);
    const wires = small.solve(ORDER / 7n);
    const blinding = { r: bigintToLittleEndian(ORDER / 11n, 32), s: bigintToLittleEndian(ORDER / 13n, 32) };
    prover.proveWithBlinding(encodeWitness(wires), blinding);
    const memory = Buffer.from(kernel.bytes(0, kernel.memoryBytes));
    const wide = wires.filter((wire) => wire > 2n ** 128n);
    expect(wide.length).toBeGreaterThan(500);
    for (const secret of [...wide.map((wire) => bigintToLittleEndian(wire, 32)), blinding.r, blinding.s]) {
      expect(memory.includes(Buffer.from(secret))).toBe(false);
    }
    await prover.prove(encodeWitness(wires));
  });

  it('takes no more memory for the two hundredth proof than for the second', async () => {
    const prover = await openProver(small);
    const witness = encodeWitness(small.solve(5n));
    await prover.prove(witness);
    await prover.prove(witness);
    const { memoryBytes } = prover;
    for (let proof = 0; proof < 200; proof++) await prover.prove(witness);
    expect(prover.memoryBytes).toBe(memoryBytes);
  });
});
