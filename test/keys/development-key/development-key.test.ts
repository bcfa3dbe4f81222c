import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { VerificationKey } from '../../../src/protocol/index.js';
import { readVerificationKey } from '../../../src/iden3/index.js';
import { DevelopmentKeyMaker } from '../../../src/keys/development-key/index.js';
import { snarkjs, type SnarkjsKey } from './snarkjs.js';
import { compileToy, computeToyWitness, type ToyCircuit } from './toy-circuit.js';

let toy: ToyCircuit;
let maker: DevelopmentKeyMaker;
let zkeyPath: string;
let witness: Uint8Array;

beforeAll(async () => {
  toy = await compileToy();
  maker = new DevelopmentKeyMaker({ workers: 2 });
  zkeyPath = join(toy.directory, 'toy.zkey');
  await maker.make(toy.r1csPath, zkeyPath);
  witness = await computeToyWitness(toy);
});

afterAll(async () => {
  await maker.close();
  await (await snarkjs.curves.getCurveFromName('bn128')).terminate();
  await toy.remove();
});

const affine = (coordinates: readonly string[]) => coordinates.slice(0, 2);
const affine2 = (coordinates: readonly string[][]) => coordinates.slice(0, 2);

/** A verification key of snarkjs in the shape of ours. */
function translateKey(key: SnarkjsKey): unknown {
  return {
    alpha: affine(key.vk_alpha_1),
    beta: affine2(key.vk_beta_2),
    gamma: affine2(key.vk_gamma_2),
    delta: affine2(key.vk_delta_2),
    ic: key.IC.map(affine),
  };
}

describe('a development key', () => {
  it('proves and verifies with stock snarkjs', async () => {
    const { proof, publicSignals } = await snarkjs.groth16.prove(zkeyPath, { type: 'mem', data: witness });
    const key = await snarkjs.zKey.exportVerificationKey(zkeyPath);
    expect(publicSignals[1]).toBe('5');
    expect(await snarkjs.groth16.verify(key, publicSignals, proof)).toBe(true);
    expect(await snarkjs.groth16.verify(key, [publicSignals[0]!, '6'], proof)).toBe(false);
  });

  it('proves nothing with a witness of which one wire was changed', async () => {
    const key = await snarkjs.zKey.exportVerificationKey(zkeyPath);
    const wireCount = 26;
    for (let wire = 1; wire < wireCount; wire++) {
      const lying = witness.slice();
      lying[lying.length - 32 * (wireCount - wire)]! ^= 1;
      const { proof, publicSignals } = await snarkjs.groth16.prove(zkeyPath, { type: 'mem', data: lying });
      expect(await snarkjs.groth16.verify(key, publicSignals, proof), `wire ${wire}`).toBe(false);
    }
  });

  it('has a verification key that is the one that snarkjs reads', async () => {
    const ours = await readVerificationKey(zkeyPath);
    expect(ours).toEqual(translateKey(await snarkjs.zKey.exportVerificationKey(zkeyPath)));
    expect(ours.ic.length).toBe(3);
  });

  it('has a delta that is not gamma, and cannot be forged without a witness', async () => {
    const { alpha, beta, gamma, delta, ic } = await readVerificationKey(zkeyPath);
    expect(delta).not.toEqual(gamma);
    const key = await snarkjs.zKey.exportVerificationKey(zkeyPath);
    // Where delta is gamma, A = alpha, B = beta, C = -vk_x is a proof; all publics 0 make vk_x the first point.
    const prime = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
    const [x, y] = ic[0]!;
    const forged = {
      pi_a: [...alpha, '1'],
      pi_b: [...beta, ['1', '0']],
      pi_c: [x, (prime - BigInt(y)).toString(), '1'],
    };
    expect(await snarkjs.groth16.verify(key, ['0', '0'], forged)).toBe(false);
    const forgeable: SnarkjsKey = { ...key, vk_delta_2: key.vk_gamma_2 };
    expect(await snarkjs.groth16.verify(forgeable, ['0', '0'], forged)).toBe(true);
  });

  it('is another key each time it is made', async () => {
    const again = join(toy.directory, 'again.zkey');
    await maker.make(toy.r1csPath, again);
    const [first, second]: VerificationKey[] = await Promise.all([zkeyPath, again].map(readVerificationKey));
    for (const part of ['alpha', 'beta', 'delta', 'ic'] as const)
      expect(first![part]).not.toEqual(second![part]);
    expect(first!.gamma).toEqual(second!.gamma);
  });

  it('is made at the same time as others by the same threads', async () => {
    const paths = ['a', 'b', 'c'].map((name) => join(toy.directory, `${name}.zkey`));
    await Promise.all(paths.map((path) => maker.make(toy.r1csPath, path)));
    for (const path of paths) {
      const { proof, publicSignals } = await snarkjs.groth16.prove(path, { type: 'mem', data: witness });
      const key = await snarkjs.zKey.exportVerificationKey(path);
      expect(await snarkjs.groth16.verify(key, publicSignals, proof)).toBe(true);
    }
  });

  it('reports every point once', async () => {
    const seen: number[] = [];
    let total = 0;
    await maker.make(toy.r1csPath, join(toy.directory, 'seen.zkey'), {
      onProgress: ({ donePoints, totalPoints }) => {
        seen.push(donePoints);
        total = totalPoints;
      },
    });
    // Three points of each group in the header but gamma1, IC and C of 26 wires, A, B twice, and a domain of 32 rows.
    expect(total).toBe(6 + 26 + 3 * 26 + 32);
    expect(seen.at(-1)).toBe(total);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('is never written over another file', async () => {
    const before = await readFile(zkeyPath);
    await expect(maker.make(toy.r1csPath, zkeyPath)).rejects.toMatchObject({ code: 'EEXIST' });
    expect((await readFile(zkeyPath)).equals(before)).toBe(true);
  });
});

describe('making a development key', () => {
  const writeBroken = async (name: string, edit: (bytes: Buffer) => Buffer): Promise<string> => {
    const path = join(toy.directory, name);
    await writeFile(path, edit(await readFile(toy.r1csPath)));
    return path;
  };
  const refusal = (path: string) => maker.make(path, `${path}.zkey`);
  const firstTermOffset = async () => {
    const bytes = await readFile(toy.r1csPath);
    let offset = 12;
    while (bytes.readUInt32LE(offset) !== 2) offset += 12 + Number(bytes.readBigUInt64LE(offset + 4));
    return offset + 12 + 4;
  };

  it.each([
    ['another format', (bytes: Buffer) => Buffer.concat([Buffer.from('wtns'), bytes.subarray(4)])],
    ['another version', (bytes: Buffer) => (bytes.writeUInt32LE(2, 4), bytes)],
    ['an early end of its head', (bytes: Buffer) => bytes.subarray(0, 20)],
    ['nothing in it', () => Buffer.alloc(0)],
  ])('refuses a constraint system with %s', async (name, edit) => {
    const path = await writeBroken(`${name.replaceAll(' ', '-')}.r1cs`, edit);
    await expect(refusal(path)).rejects.toMatchObject({ code: 'r1cs-malformed', errorClass: 'artefact' });
  });

  it('refuses a constraint system over another field', async () => {
    const path = await writeBroken('field.r1cs', (bytes) => {
      let offset = 12;
      while (bytes.readUInt32LE(offset) !== 1) offset += 12 + Number(bytes.readBigUInt64LE(offset + 4));
      bytes[offset + 12 + 4]! ^= 2;
      return bytes;
    });
    await expect(refusal(path)).rejects.toMatchObject({ code: 'r1cs-malformed' });
  });

  it('refuses a constraint system whose constraints end early, or name a wire that is not there', async () => {
    const term = await firstTermOffset();
    const manyTerms = await writeBroken(
      'many.r1cs',
      (bytes) => (bytes.writeUInt32LE(1 << 20, term - 4), bytes),
    );
    await expect(refusal(manyTerms)).rejects.toMatchObject({ code: 'r1cs-malformed' });
    const farWire = await writeBroken('far.r1cs', (bytes) => (bytes.writeUInt32LE(26, term), bytes));
    await expect(refusal(farWire)).rejects.toMatchObject({ code: 'r1cs-malformed' });
    const cut = join(toy.directory, 'cut.r1cs');
    await copyFile(toy.r1csPath, cut);
    await truncate(cut, term + 100);
    await expect(refusal(cut)).rejects.toMatchObject({ code: 'r1cs-malformed' });
  });

  it('refuses a constraint system that is not there, and goes on with the next', async () => {
    await expect(refusal(join(toy.directory, 'none.r1cs'))).rejects.toMatchObject({
      code: 'file-unreadable',
    });
    const path = join(toy.directory, 'next.zkey');
    await maker.make(toy.r1csPath, path);
    expect((await readVerificationKey(path)).ic.length).toBe(3);
  });

  it('fails where its threads were ended', async () => {
    const closed = new DevelopmentKeyMaker({ workers: 1 });
    await closed.close();
    const making = closed.make(toy.r1csPath, join(toy.directory, 'closed.zkey'));
    await expect(making).rejects.toMatchObject({ code: 'key-worker-failed' });
  });
});

describe('reading a verification key', () => {
  const writeBroken = async (name: string, edit: (bytes: Buffer) => Buffer): Promise<string> => {
    const path = join(toy.directory, name);
    await writeFile(path, edit(await readFile(zkeyPath)));
    return path;
  };

  it.each([
    ['another format', (bytes: Buffer) => Buffer.concat([Buffer.from('ptau'), bytes.subarray(4)])],
    ['another version', (bytes: Buffer) => (bytes.writeUInt32LE(2, 4), bytes)],
    ['a section less', (bytes: Buffer) => (bytes.writeUInt32LE(9, 8), bytes)],
    ['another proof system', (bytes: Buffer) => (bytes.writeUInt32LE(2, 24), bytes)],
    ['another curve', (bytes: Buffer) => ((bytes[45]! ^= 1), bytes)],
    ['another count of public signals', (bytes: Buffer) => (bytes.writeUInt32LE(3, 40 + 72 + 4), bytes)],
    ['an early end', (bytes: Buffer) => bytes.subarray(0, 700)],
  ])('refuses a key with %s', async (name, edit) => {
    const path = await writeBroken(`${name.replaceAll(' ', '-')}.zkey`, edit);
    await expect(readVerificationKey(path)).rejects.toMatchObject({
      code: 'zkey-malformed',
      errorClass: 'artefact',
    });
  });

  it('refuses a key that is not there', async () => {
    const reading = readVerificationKey(join(toy.directory, 'none.zkey'));
    await expect(reading).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});
