import {
  derivePriceTable,
  encodeJsonLine,
  deriveChallenges,
  deriveRowChallenge,
  deriveWeightBlinds,
  encodeBase64url,
  hashManifest,
  listCodes,
  openWeightBlinds,
  weighTotals,
  type Challenges,
  type MarginBatch,
  type Manifest,
  type RunSecret,
  deriveBatchMasks,
  deriveBatchSecrets,
  deriveBatchSeed,
  deriveRunSeed,
  deriveTotalMasks,
  encodeManifestContent,
  hashBatchContent,
  hashRunContent,
  type BatchMasks,
  type BatchSecrets,
  type RunSalt,
  type FieldElement,
} from '../../protocol/index.js';
import type { CutBatch } from './cut-rows.js';
import { PointMaker } from './fixed-base.js';

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
export async function weighRun(
  manifest: Manifest,
  marginBatches: readonly MarginBatch[],
  runSeed: Uint8Array,
): Promise<WeighedRun> {
  const manifestHash = hashManifest(manifest);
  if (marginBatches.length === 0) return { manifestHash, challenges: deriveChallenges(manifestHash, []) };
  const codes = listCodes(manifest.indexBits, derivePriceTable(manifest.assets).prices);
  const gamma = deriveRowChallenge(manifestHash);
  const blinds = deriveWeightBlinds(runSeed, manifestHash, codes.length + 1);
  const maker = await PointMaker.open();
  const points = maker.commitWeights(weighTotals(marginBatches, codes, gamma), blinds);
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

/** The manifest before anything is committed to. */
export type ManifestContent = Omit<Manifest, 'commitmentsHash'>;

/** What the random values of one batch follow from. */
export type BatchSeed = {
  /** seed_b. */
  readonly seed: Uint8Array;
  /** maskL, which hangs on all batches of the run. */
  readonly totalMask: FieldElement;
};

/** Everything random of a run, before it is spread out: it hangs on all rows, the whole manifest, secret and salt. */
export type RunSeeds = {
  readonly runSeed: Uint8Array;
  /** In the order of commitments. */
  readonly batches: readonly BatchSeed[];
};

/** content_b of every batch of a run, in order. */
export function hashContents(batches: readonly CutBatch[]): Uint8Array[] {
  return batches.map(({ layout, rows }) => hashBatchContent(layout, rows));
}

/**
 * The seeds of a run.
 * @param contents content_b of every batch, in the order of commitments.
 */
export function deriveRunSeeds(
  contents: readonly Uint8Array[],
  content: ManifestContent,
  { secret, salt }: { readonly secret: RunSecret; readonly salt: RunSalt },
): RunSeeds {
  const runContent = hashRunContent({
    salt,
    batchContents: contents,
    manifestJson: encodeManifestContent(content),
  });
  const runSeed = deriveRunSeed(secret, runContent);
  const seeds = contents.map((_, batch) => deriveBatchSeed(runSeed, batch));
  const totalMasks = deriveTotalMasks(seeds);
  return { runSeed, batches: seeds.map((seed, batch) => ({ seed, totalMask: totalMasks[batch]! })) };
}

/** The masks of one batch, which its proof is made with. */
export function spreadMasks(
  { layout }: Pick<CutBatch, 'layout'>,
  { seed, totalMask }: BatchSeed,
): BatchMasks {
  return deriveBatchMasks(layout, seed, totalMask);
}

/** Everything random of one batch. */
export function spreadSeed(
  { layout }: Pick<CutBatch, 'layout'>,
  { seed, totalMask }: BatchSeed,
): BatchSecrets {
  return deriveBatchSecrets(layout, seed, totalMask);
}
