import { createRequire } from 'node:module';

import type { ProvenWitness } from '../../../src/prover/engine/index.js';
import type { ToyCircuit } from './toy-circuit.js';

const { groth16 } = createRequire(import.meta.url)('snarkjs') as {
  groth16: { verify(key: object, publicSignals: readonly string[], proof: object): Promise<boolean> };
};

/** Whether stock snarkjs accepts a proof under the key of a toy circuit. */
export function isAccepted(
  { verificationKey }: Pick<ToyCircuit, 'verificationKey'>,
  { proof, publicSignals }: ProvenWitness,
): Promise<boolean> {
  return groth16.verify(verificationKey, publicSignals.map(String), {
    protocol: 'groth16',
    curve: 'bn128',
    pi_a: [...proof.a, '1'],
    pi_b: [...proof.b, ['1', '0']],
    pi_c: [...proof.c, '1'],
  });
}
