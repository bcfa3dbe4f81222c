import {
  derivePriceTable,
  encodeJsonLine,
  commitWeights,
  deriveChallenges,
  deriveRowChallenge,
  deriveWeightBlinds,
  encodeBase64url,
  encodePoint,
  hashManifest,
  listCodes,
  openWeightBlinds,
  type Challenges,
  type MarginBatch,
  type Manifest,
} from '../../protocol/index.js';

/** What follows from a sealed manifest, before any proof. */
export type WeighedRun = {
  /** h. */
  readonly manifestHash: Uint8Array;
  readonly challenges: Challenges;
  /** The bytes of `weights.json`; undefined in runs without margin batches. */
  readonly weights?: Uint8Array;
};

/**
 * The challenges of a run and its weighted totals: gamma of the manifest, W of gamma, x and rho of W.
 * @param marginBatches all margin batches of the run, in the order of commitments.
 * @throws SolventError `challenge-zero`, `point-at-infinity`.
 */
export function weighRun(
  manifest: Manifest,
  marginBatches: readonly MarginBatch[],
  runSeed: Uint8Array,
): WeighedRun {
  const manifestHash = hashManifest(manifest);
  if (marginBatches.length === 0) return { manifestHash, challenges: deriveChallenges(manifestHash, []) };
  const codes = listCodes(manifest.indexBits, derivePriceTable(manifest.assets).prices);
  const gamma = deriveRowChallenge(manifestHash);
  const blinds = deriveWeightBlinds(runSeed, manifestHash, codes.length + 1);
  const points = commitWeights(marginBatches, codes, { gamma, blinds }).map(encodePoint);
  const challenges = deriveChallenges(manifestHash, points);
  return {
    manifestHash,
    challenges,
    weights: encodeJsonLine({
      points: points.map(encodeBase64url),
      zW: openWeightBlinds(blinds, codes, challenges.x).toString(),
    }),
  };
}
