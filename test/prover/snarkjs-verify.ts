import { createRequire } from 'node:module';

import type { Proof, VerificationKey } from '../../src/protocol/index.js';

type Point1 = readonly [string, string];
type Point2 = readonly [Point1, Point1];

const { groth16 } = createRequire(import.meta.url)('snarkjs') as {
  groth16: { verify(key: object, publicSignals: readonly string[], proof: object): Promise<boolean> };
};

const projective1 = ([x, y]: Point1) => [x, y, '1'];
const projective2 = ([x, y]: Point2) => [[...x], [...y], ['1', '0']];

/** Whether stock snarkjs accepts a proof of ours. */
export async function verifyWithSnarkjs(
  { alpha, beta, gamma, delta, ic }: VerificationKey,
  publicSignals: readonly string[],
  proof: Proof,
): Promise<boolean> {
  const key = {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: ic.length - 1,
    vk_alpha_1: projective1(alpha),
    vk_beta_2: projective2(beta),
    vk_gamma_2: projective2(gamma),
    vk_delta_2: projective2(delta),
    IC: ic.map(projective1),
  };
  return groth16.verify(key, publicSignals, {
    protocol: 'groth16',
    curve: 'bn128',
    pi_a: projective1(proof.a),
    pi_b: projective2(proof.b),
    pi_c: projective1(proof.c),
  });
}
