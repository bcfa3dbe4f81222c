import type { FieldElement, Proof, VerificationKey } from '../protocol/index.js';
import { createPairing } from '../verifier/index.js';

/** Keys whose points were looked at, and whether they are sound. */
const soundKeys = new WeakMap<VerificationKey, boolean>();

/**
 * Whether a proof of our own verifies, by the pairings that readers verify with: milliseconds against seconds for the
 * proof. It catches a key of another circuit and a fault of the machine.
 * @throws where pairings cannot be relied upon on this machine.
 */
export async function isProofValid(
  key: VerificationKey,
  proof: Proof,
  publicSignals: readonly FieldElement[],
): Promise<boolean> {
  if (key.ic.length !== publicSignals.length + 1) return false;
  const pairing = await createPairing();
  let isSound = soundKeys.get(key);
  if (isSound === undefined) {
    isSound = (await pairing.inspectKey(key)) === undefined;
    soundKeys.set(key, isSound);
  }
  if (!isSound) return false;
  const faults = await pairing.verifyProofs([key], [{ keyIndex: 0, publicSignals, proof }]);
  return faults.length === 0;
}
