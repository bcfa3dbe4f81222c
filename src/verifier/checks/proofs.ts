import {
  BUNDLE_FILES,
  listPublicSignals,
  parseFieldElement,
  parseFieldElements,
  type BatchProof,
  type FieldElement,
} from '../../protocol/index.js';
import { formatCount, INSECURE } from '../../presentation/index.js';
import type { Passed } from '../checklist.js';
import { refuse } from '../failure.js';
import type { PairingBackend } from '../pairing/backend.js';
import type { Claim } from './claim.js';
import { isDevelopmentKey } from './keys.js';

/** What proofs are verified with. */
export type ProofChecking = {
  readonly pairing: PairingBackend;
  /** Called as proofs are verified. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
};

/**
 * 6: proofs under the key of their line's circuit, over public signals that are made here.
 * @param batches which of the lines, from 0; all unless given.
 */
export async function verifyProofs(
  claim: Claim,
  proofs: readonly BatchProof[],
  { pairing, onProgress }: ProofChecking,
  batches: readonly number[] = [...proofs.keys()],
): Promise<Passed<undefined>> {
  const { circuits, commitments } = claim;
  const keys = circuits.map(({ verificationKey }) => verificationKey);
  const claims = batches.map((batch) => ({
    keyIndex: commitments[batch]!.circuitIndex,
    publicSignals: makeSignals(claim, batch, proofs[batch]!),
    proof: proofs[batch]!.proof,
  }));
  const faults = await pairing.verifyProofs(keys, claims, (done) => onProgress?.(done, claims.length));
  if (faults.length > 0) {
    const positions = [...faults]
      .sort((a, b) => a.claimIndex - b.claimIndex)
      .map(({ claimIndex, kind }) => {
        const batch = batches[claimIndex]!;
        const { circuit, digest } = commitments[batch]!;
        return `${BUNDLE_FILES.proofs} line ${batch + 1} (${circuit}, digest ${digest}, ${kind})`;
      });
    throw refuse(
      'proof',
      `expected every proof to hold, got these that do not, among others perhaps: ${positions.join('; ')}`,
    );
  }
  const insecure = circuits.some(isDevelopmentKey);
  return {
    value: undefined,
    compared: `${formatCount(claims.length, 'proof')}${insecure ? `; ${INSECURE}` : ''}`,
  };
}

/** `[digest, L, (K,) z.., rho, x, (gamma)]` of one line. */
function makeSignals(
  { circuits, commitments, challenges }: Claim,
  batch: number,
  { L, K, z }: BatchProof,
): readonly FieldElement[] {
  const { digest, circuitIndex } = commitments[batch]!;
  const isMargin = circuits[circuitIndex]!.parameters.kind === 'margin';
  return listPublicSignals(
    parseFieldElement(digest),
    {
      total: parseFieldElement(L),
      cover: isMargin ? parseFieldElement(K!) : null,
      openings: parseFieldElements(z),
    },
    challenges,
  );
}
