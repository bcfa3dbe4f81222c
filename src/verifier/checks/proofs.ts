import {
  listPublicSignals,
  parseFieldElement,
  type InclusionFile,
  type Proof,
} from '../../protocol/index.js';
import type { Passed } from '../checklist.js';
import { refuse } from '../failure.js';
import { formatCount, INSECURE } from '../../presentation/index.js';
import type { PairingBackend, ProofClaim } from '../pairing/backend.js';
import { isDevelopmentKey } from './keys.js';
import type { BundleProofs } from './reading.js';
import type { Claim } from './claim.js';

type PlacedClaim = ProofClaim & { readonly place: string };

/** 6.5: every proof of the bundle under the key of its own circuit, over public signals that are made here. */
export async function verifyBundleProofs(
  claim: Claim,
  { batches, aggregates }: BundleProofs,
  pairing: PairingBackend,
): Promise<Passed<undefined>> {
  const claims = [
    ...batches.map(({ circuit, digest, proof, place }) =>
      makeProofClaim(claim, circuit, { digest, proof, place }),
    ),
    ...aggregates.map(({ digest, proof, place }) =>
      makeProofClaim(claim, 'aggregate', { digest, proof, place }),
    ),
  ];
  return verifyClaims(claim, claims, pairing);
}

/** 6.5: the proofs of one user's batch and of each aggregate above it. */
export async function verifyPathProofs(
  claim: Claim,
  file: InclusionFile,
  pairing: PairingBackend,
): Promise<Passed<undefined>> {
  const claims = listPathProofs(file).map((proof) => makeProofClaim(claim, proof.circuit, proof));
  return verifyClaims(claim, claims, pairing);
}

/** Proofs that were verified, by the circuit and digest that they prove. */
export type VerifiedProofs = ReadonlyMap<string, Proof>;

/** Proofs of a bundle whose check 6.5 has passed, to be recognised in inclusion files. */
export function indexVerifiedProofs({ batches, aggregates }: BundleProofs): VerifiedProofs {
  return new Map([
    ...batches.map(({ circuit, digest, proof }) => [spellClaim(circuit, digest), proof] as const),
    ...aggregates.map(({ digest, proof }) => [spellClaim('aggregate', digest), proof] as const),
  ]);
}

/** 6.5: the same, where proofs that are the bundle's to the last digit were verified with it. */
export async function verifyOtherPathProofs(
  claim: Claim,
  file: InclusionFile,
  { verified, pairing }: { readonly verified: VerifiedProofs; readonly pairing: PairingBackend },
): Promise<Passed<undefined>> {
  const proofs = listPathProofs(file);
  const others = proofs.filter(
    ({ circuit, digest, proof }) =>
      JSON.stringify(verified.get(spellClaim(circuit, digest))) !== JSON.stringify(proof),
  );
  const same = `${proofs.length - others.length} of ${formatCount(proofs.length, 'proof')} from the bundle`;
  if (others.length === 0) return { value: undefined, compared: same };
  const claims = others.map((proof) => makeProofClaim(claim, proof.circuit, proof));
  const { compared } = await verifyClaims(claim, claims, pairing);
  return { value: undefined, compared: `${same}; besides them ${compared}` };
}

function listPathProofs({ circuit, batch, layers }: InclusionFile) {
  return [
    { circuit, digest: batch.digest, proof: batch.proof, place: 'batch' },
    ...layers.map(({ digest, proof }, index) => ({
      circuit: 'aggregate',
      digest,
      proof,
      place: `layer ${index + 1}`,
    })),
  ];
}

function spellClaim(circuit: string, digest: string): string {
  return `${circuit} ${digest}`;
}

function makeProofClaim(
  claim: Claim,
  circuit: string,
  { digest, proof, place }: { digest: string; proof: Proof; place: string },
): PlacedClaim {
  const keyIndex = claim.circuits.findIndex(({ name }) => name === circuit);
  const { circuits, pricesHash, context } = claim;
  const publicSignals = listPublicSignals(circuits[keyIndex]!.parameters.kind, {
    digest: parseFieldElement(digest),
    pricesHash,
    context,
  });
  return { keyIndex, publicSignals, proof, place: `${place} (${circuit}, digest ${digest})` };
}

async function verifyClaims(
  { circuits }: Claim,
  claims: readonly PlacedClaim[],
  pairing: PairingBackend,
): Promise<Passed<undefined>> {
  const keys = circuits.map(({ verificationKey }) => verificationKey);
  const faults = [...(await pairing.verifyProofs(keys, claims))].sort((a, b) => a.claimIndex - b.claimIndex);
  const [first] = faults;
  if (first !== undefined) {
    const places = faults.map(({ claimIndex }) => claims[claimIndex]!.place).join('; ');
    const code = first.kind === 'equation' ? 'proof-invalid' : (`proof-${first.kind}` as const);
    throw refuse(
      code,
      `expected every proof to hold, got these that do not, among others perhaps: ${places}`,
    );
  }
  const insecure = circuits.some(isDevelopmentKey);
  return {
    value: undefined,
    compared: `${formatCount(claims.length, 'proof')}${insecure ? `; ${INSECURE}` : ''}`,
  };
}
