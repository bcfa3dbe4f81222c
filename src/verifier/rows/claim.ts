import {
  bytesToHex,
  assertDebtsPriced,
  derivePriceTable,
  parseFieldElement,
  type FieldElement,
  type UnitPrice,
} from '../../protocol/index.js';
import {
  deriveChallenges,
  hashCommitments,
  hashManifest,
  listCodes,
  verifyCover,
  verifyTotals,
  ZERO,
  type Challenges,
  type ListedCode,
  type Manifest,
} from '../../protocol/rows/index.js';
import type { Passed } from '../checklist.js';
import { isDevelopmentKey } from '../checks/keys.js';
import { INSECURE } from '../../presentation/index.js';
import type { PairingBackend } from '../pairing/backend.js';
import { refuseRows } from './failure.js';
import type { TrustedRowCircuit } from './keys.js';
import type { BundleLine, BundleLines } from './reading.js';

/** The prices of the listed assets, and what their codes are worth. */
export type PricedListing = { readonly prices: readonly UnitPrice[]; readonly codes: readonly ListedCode[] };

/** A bundle under pinned circuits, with what the verifier made itself of the bytes that it read. */
export type RowClaim = PricedListing &
  BundleLines & {
    readonly manifest: Manifest;
    readonly circuits: readonly TrustedRowCircuit[];
    /** h. */
    readonly manifestHash: Uint8Array;
    readonly challenges: Challenges;
  };

/** 4: the price table that the published prices determine, with the stated scale. */
export function deriveListing(manifest: Manifest): Passed<PricedListing> {
  const { prices, scale } = derivePriceTable(manifest.assets);
  assertDebtsPriced(manifest.assets, manifest.totals);
  if (scale !== manifest.scale) {
    throw refuseRows('scale-differs', `expected scale ${scale}, got ${manifest.scale}`);
  }
  return {
    value: { prices, codes: listCodes(manifest.indexBits, prices) },
    compared: `${prices.length} prices at scale ${scale}`,
  };
}

/** 5: the commitments are those that the manifest pins; h, gamma, x and rho follow from the bytes that were read. */
export function deriveClaim(
  manifest: Manifest,
  circuits: readonly TrustedRowCircuit[],
  read: BundleLines & PricedListing,
): Passed<RowClaim> {
  const found = bytesToHex(hashCommitments(read.commitmentBytes));
  if (found !== manifest.commitmentsHash) {
    throw refuseRows(
      'commitments-hash',
      `expected commitments of hash ${manifest.commitmentsHash}, got ${found}`,
    );
  }
  const manifestHash = hashManifest(manifest);
  const challenges = deriveChallenges(manifestHash, read.weights?.pointBytes ?? []);
  return {
    value: { ...read, manifest, circuits, manifestHash, challenges },
    compared: `${read.lines.length} commitments with the manifest; challenges made of what was read`,
  };
}

/** 6: every proof under the key of its line's circuit, over public signals that are made here. */
export async function verifyRowProofs(claim: RowClaim, pairing: PairingBackend): Promise<Passed<undefined>> {
  const { circuits, lines, challenges } = claim;
  const keys = circuits.map(({ verificationKey }) => verificationKey);
  const claims = lines.map((line) => ({
    keyIndex: line.circuit,
    publicSignals: signalsOf(line, circuits[line.circuit]!, challenges),
    proof: line.proof.proof,
  }));
  const faults = [...(await pairing.verifyProofs(keys, claims))].sort((a, b) => a.claimIndex - b.claimIndex);
  if (faults.length > 0) {
    const places = faults.map(({ claimIndex, kind }) => `line ${claimIndex + 1} (${kind})`).join('; ');
    throw refuseRows(
      'proof',
      `expected every proof to hold, got these that do not, among others perhaps: ${places}`,
    );
  }
  const insecure = circuits.some(isDevelopmentKey);
  return { value: undefined, compared: `${claims.length} proofs${insecure ? `; ${INSECURE}` : ''}` };
}

/** 7: (T), over all lines. */
export function checkRowTotals({ manifest, lines, codes, challenges }: RowClaim): Passed<undefined> {
  const totals = {
    equity: manifest.totals.map(({ equity }) => BigInt(equity)),
    debt: manifest.totals.map(({ debt }) => BigInt(debt)),
  };
  verifyTotals(
    lines.map(({ proof }) => parseFieldElement(proof.L)),
    totals,
    { codes, x: challenges.x },
  );
  return {
    value: undefined,
    compared: `the sum over ${lines.length} proofs with the totals of ${manifest.assets.length} assets`,
  };
}

/** 8: (C), over all lines of margin rows. */
export function checkRowCover({ circuits, lines, codes, weights, challenges }: RowClaim): Passed<undefined> {
  const margin = lines.filter(({ circuit }) => circuits[circuit]!.parameters.kind === 'margin');
  verifyCover(
    {
      points: weights?.curvePoints ?? [],
      blindOpening: weights === undefined ? ZERO : parseFieldElement(weights.zW),
      layouts: margin.map(({ circuit }) => circuits[circuit]!.parameters),
      covers: margin.map(({ proof }) => parseFieldElement(proof.K!)),
    },
    codes,
    challenges,
  );
  return { value: undefined, compared: `${margin.length} proofs of margin rows with the weighted totals` };
}

/** `[digest, L, (K,) z.., rho, x, (gamma)]` of one line. */
function signalsOf(
  { commitment, proof }: BundleLine,
  { parameters }: TrustedRowCircuit,
  { rho, x, gamma }: Challenges,
): readonly FieldElement[] {
  const isMargin = parameters.kind === 'margin';
  return [
    ...[commitment.digest, proof.L, ...(isMargin ? [proof.K!] : []), ...proof.z].map(parseFieldElement),
    rho,
    x,
    ...(isMargin ? [gamma] : []),
  ];
}
