import { z } from 'zod';

import { readIfExists, writeFileAtomically } from '../system/index.js';
import {
  encodeJsonLine,
  parseJsonLine,
  parseSchema,
  primitives,
  type FieldElement,
  type Proof,
  type VerificationKey,
} from '../protocol/index.js';
import { isProofValid } from './check-proof.js';
import { MAX_STORED_PROOF_BYTES } from './limits.js';
import { PRIVATE_FILE_MODE } from './run/paths.js';

const FORMAT = 'solvent/stored-proof/v1';

const schema = z.strictObject({
  format: z.literal(FORMAT),
  publicSignals: z.array(primitives.fieldElement).min(1).max(2),
  proof: primitives.proof,
});

/** Keeps a finished proof, so that no later command makes it again. */
export async function saveProof(
  path: string,
  { publicSignals, proof }: { readonly publicSignals: readonly FieldElement[]; readonly proof: Proof },
): Promise<void> {
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
  const bytes = await readIfExists(path);
  if (bytes === undefined) return undefined;
  try {
    const stored = parseSchema(schema, FORMAT, parseJsonLine(bytes, MAX_STORED_PROOF_BYTES));
    return stored.publicSignals.join() === publicSignals.join() ? stored.proof : undefined;
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
  return proof !== undefined && isProofValid(key, proof, publicSignals) ? proof : undefined;
}
