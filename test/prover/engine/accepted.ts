import { createRequire } from 'node:module';

import { toSnarkjs, type ProvenWitness } from '../../../src/prover/engine/index.js';
import type { ToyCircuit } from './toy-circuit.js';

const { groth16 } = createRequire(import.meta.url)('snarkjs') as {
  groth16: { verify(key: object, publicSignals: readonly string[], proof: object): Promise<boolean> };
};

/** Whether stock snarkjs accepts a proof under the key of a circuit. */
export function isAccepted(
  { verificationKey }: Pick<ToyCircuit, 'verificationKey'>,
  proven: ProvenWitness,
): Promise<boolean> {
  const { proof, publicSignals } = toSnarkjs(proven);
  return groth16.verify(verificationKey, publicSignals, proof);
}
