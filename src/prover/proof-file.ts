import { z } from 'zod';

import {
  type FieldElement,
  type Proof,
  type VerificationKey,
  encodeJsonLine,
  parseFieldElement,
  parseJsonLine,
  MAX_PUBLIC_SIGNALS,
  parseSchema,
  primitives,
} from '../protocol/index.js';
import { createPairing } from '../verifier/index.js';
import { readIfExists, writeFileAtomically } from '../system/index.js';
import { MAX_STORED_PROOF_BYTES } from './limits.js';
import { PRIVATE_FILE_MODE } from './run/paths.js';

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

const FORMAT = 'solvent/stored-proof/v1';

const schema = z.strictObject({
  format: z.literal(FORMAT),
  publicSignals: z.array(primitives.fieldElement).min(1).max(MAX_PUBLIC_SIGNALS),
  proof: primitives.proof,
});

/** A finished proof and what it is about, in the order of its circuit. */
type StoredProof = { readonly publicSignals: readonly FieldElement[]; readonly proof: Proof };

/** Keeps a finished proof, so that no later command makes it again. */
export async function saveProof(path: string, { publicSignals, proof }: StoredProof): Promise<void> {
  const stored = { format: FORMAT, publicSignals: publicSignals.map(String), proof };
  await writeFileAtomically(path, encodeJsonLine(stored), { mode: PRIVATE_FILE_MODE });
}

/**
 * The proof that was kept for these public signals; undefined where there is none, where the file is damaged, and
 * where it is a proof of something else. It may have been changed since it was kept: `loadValidProof` verifies it.
 */
export async function loadProof(
  path: string,
  publicSignals: readonly FieldElement[],
): Promise<Proof | undefined> {
  const stored = await loadStoredProof(path);
  return stored?.publicSignals.join() === publicSignals.join() ? stored.proof : undefined;
}

/** A proof that was kept, with its public signals; undefined where there is none and where the file is damaged. */
export async function loadStoredProof(path: string): Promise<StoredProof | undefined> {
  const bytes = await readIfExists(path);
  if (bytes === undefined) return undefined;
  try {
    const { publicSignals, proof } = parseSchema(
      schema,
      FORMAT,
      parseJsonLine(bytes, MAX_STORED_PROOF_BYTES),
    );
    return { publicSignals: publicSignals.map(parseFieldElement), proof };
  } catch {
    // What does not parse is made again.
    return undefined;
  }
}

/** The same, and undefined also where the proof does not verify under a key. */
export async function loadValidProof(
  path: string,
  publicSignals: readonly FieldElement[],
  key: VerificationKey,
): Promise<Proof | undefined> {
  const proof = await loadProof(path, publicSignals);
  return proof !== undefined && (await isProofValid(key, proof, publicSignals)) ? proof : undefined;
}
