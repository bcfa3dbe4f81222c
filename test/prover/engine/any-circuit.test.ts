import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runCompiler } from '../../../src/keys/compile/artefacts.js';
import { prove, toSnarkjs } from '../../../src/prover/engine/index.js';
import { cachePowersOfTau } from '../../keys/powers-of-tau/cached-powers.js';

/** A circuit that is none of Solvent's: the n-th power of a secret number, plus a public one. */
const CIRCUIT = `pragma circom 2.0.0;
template Power(n) {
    signal input secret;
    signal input offset;
    signal output result;
    signal powers[n];
    powers[0] <== secret;
    for (var i = 1; i < n; i++) powers[i] <== powers[i - 1] * secret;
    result <== powers[n - 1] + offset;
}
component main {public [offset]} = Power(100);
`;
const FIELD_MODULUS = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

type Snarkjs = {
  readonly zKey: {
    newZKey(r1cs: string, ptau: string, zkey: string): Promise<unknown>;
    beacon(from: string, to: string, name: string, beacon: string, exponent: number): Promise<unknown>;
    exportVerificationKey(zkey: string): Promise<object>;
  };
  readonly wtns: { calculate(input: object, wasm: string, wtns: string): Promise<void> };
  readonly groth16: {
    verify(key: object, publicSignals: readonly string[], proof: object): Promise<boolean>;
  };
};
const { zKey, wtns, groth16 } = createRequire(import.meta.url)('snarkjs') as Snarkjs;

let directory = '';
let verificationKey: object;
const at = (name: string) => join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-any-circuit-'));
  await writeFile(at('power.circom'), CIRCUIT);
  await runCompiler(directory, 'power.circom', ['--r1cs', '--wasm']);
  const { prepared } = await cachePowersOfTau(10);
  await zKey.newZKey(at('power.r1cs'), prepared, at('first.zkey'));
  await zKey.beacon(at('first.zkey'), at('power.zkey'), 'test', '0123456789abcdef', 10);
  verificationKey = await zKey.exportVerificationKey(at('power.zkey'));
  await wtns.calculate({ secret: 3, offset: 5 }, at('power_js/power.wasm'), at('power.wtns'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a circuit of somebody else', () => {
  it('is proven from its two files, and snarkjs’ verifier accepts the proof of these signals and no others', async () => {
    const proven = await prove(at('power.zkey'), at('power.wtns'));
    const result = (3n ** 100n + 5n) % FIELD_MODULUS;
    expect(proven.publicSignals).toEqual([result, 5n]);
    const { proof, publicSignals } = toSnarkjs(proven);
    expect(await groth16.verify(verificationKey, publicSignals, proof)).toBe(true);
    expect(await groth16.verify(verificationKey, [String(result + 1n), '5'], proof)).toBe(false);
  });

  it('is proven from bytes, which stay the caller’s, by the reference too', async () => {
    const witness = await readFile(at('power.wtns'));
    const before = Buffer.from(witness);
    const { proof, publicSignals } = toSnarkjs(await prove(at('power.zkey'), witness, { engine: 'snarkjs' }));
    expect(await groth16.verify(verificationKey, publicSignals, proof)).toBe(true);
    expect(witness.equals(before)).toBe(true);
  });

  it('is refused with a file of another kind, a witness of another circuit, and none', async () => {
    const refusals = [
      [at('power.r1cs'), at('power.wtns'), 'zkey-malformed'],
      [at('power.zkey'), at('power.r1cs'), 'witness-malformed'],
      [at('power.zkey'), at('none.wtns'), 'file-unreadable'],
      [at('none.zkey'), at('power.wtns'), 'file-unreadable'],
    ] as const;
    for (const [zkey, witness, code] of refusals) {
      await expect(prove(zkey, witness)).rejects.toMatchObject({ code });
    }
    const cut = (await readFile(at('power.wtns'))).subarray(0, -32);
    await expect(prove(at('power.zkey'), cut)).rejects.toMatchObject({ code: 'witness-malformed' });
  });
});
