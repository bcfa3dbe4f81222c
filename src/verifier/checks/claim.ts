import {
  assertDebtsPriced,
  assertQuotePrice,
  bytesToHex,
  deriveChallenges,
  derivePriceTable,
  hashCommitments,
  hashManifest,
  listCodes,
  type Challenges,
  type ListedCode,
  type Manifest,
  type UnitPrice,
} from '../../protocol/index.js';
import { formatCount } from '../../presentation/index.js';
import type { Passed } from '../checklist.js';
import { refuse } from '../failure.js';
import type { TrustedCircuit } from './keys.js';
import type { CommitmentLines } from './lines.js';

/** The prices of the listed assets, and what their codes are worth. */
export type Listing = { readonly prices: readonly UnitPrice[]; readonly codes: readonly ListedCode[] };

/** A signed manifest under pinned circuits. */
export type Believed = Listing & {
  readonly manifest: Manifest;
  readonly circuits: readonly TrustedCircuit[];
};

/** What the proofs of a bundle must show: the pinned commitments, with what the verifier made itself of the bytes that it read. */
export type Claim = Believed &
  Pick<CommitmentLines, 'commitments' | 'weights'> & {
    /** h. */
    readonly manifestHash: Uint8Array;
    readonly challenges: Challenges;
  };

/** 4: the price table that the published prices determine, with the stated scale. */
export function deriveListing(manifest: Manifest): Passed<Listing> {
  const { prices, scale } = derivePriceTable(manifest.assets);
  if (scale !== manifest.scale) {
    throw refuse('scale-differs', `expected scale ${scale}, got ${manifest.scale}`);
  }
  assertDebtsPriced(manifest.assets, manifest.totals);
  assertQuotePrice(manifest.assets, manifest.quote);
  return {
    value: { prices, codes: listCodes(manifest.indexBits, prices) },
    compared: `${formatCount(prices.length, 'price')} at scale ${scale}`,
  };
}

/** 5: the commitments are those that the manifest pins; h, gamma, x and rho follow from the bytes that were read. */
export function deriveClaim(
  believed: Believed,
  { commitments, commitmentBytes, weights }: CommitmentLines,
): Passed<Claim> {
  const { manifest } = believed;
  const found = bytesToHex(hashCommitments(commitmentBytes));
  if (found !== manifest.commitmentsHash) {
    throw refuse(
      'commitments-hash',
      `expected commitments of hash ${manifest.commitmentsHash}, got ${found}`,
    );
  }
  const manifestHash = hashManifest(manifest);
  const challenges = deriveChallenges(manifestHash, weights?.pointBytes ?? []);
  return {
    value: { ...believed, commitments, weights, manifestHash, challenges },
    compared: `${formatCount(commitments.length, 'commitment')} with the manifest; challenges made of what was read`,
  };
}
