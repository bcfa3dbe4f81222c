import {
  derivePriceTable,
  parseFieldElement,
  type FieldElement,
  deriveGroupBlinds,
  groupCount,
  listCodes,
  openBlinds,
  parseBase64url,
  parsePoint,
  parseWeightedTotals,
  listCoverTerms,
  listOpeningTerms,
  refuseCover,
  refuseGroupOpening,
  spellPoint,
  verifyTotals,
  wordCount,
  type Challenges,
  type PointTerms,
  type RowLayout,
  type Manifest,
} from '../../protocol/index.js';
import { createPairing, type PairingBackend } from '../../verifier/index.js';
import { ofGroup } from '../commit/commit-batch.js';
import { loadBatchPoints } from '../commit/batch-file.js';
import type { RunPaths } from '../run/paths.js';
import type { FinishedProof } from '../pool/task.js';
import { refuseProver } from '../errors.js';

/** A run whose proofs are all there. */
export type ProvenRun = {
  readonly manifest: Manifest;
  readonly challenges: Challenges;
  /** The bytes of `weights.json`. */
  readonly weights?: Uint8Array;
  /** The layout of each batch and what its finished proof shows, in the order of commitments. */
  readonly batches: readonly (Pick<FinishedProof, 'values'> & { readonly layout: RowLayout })[];
};

/**
 * Makes, before anybody sees the bundle, the checks in which one wrong bit voids all of it: the totals, the cover of
 * debts, and the opening of one group of each batch.
 * @param onChecked told after each batch.
 * @throws SolventError `bundle-refused` with the check that does not pass as its cause.
 */
export async function checkSums(
  run: ProvenRun,
  paths: RunPaths,
  onChecked: (batch: number) => void = () => undefined,
): Promise<void> {
  try {
    const pairing = await createPairing();
    await checkEquations(run, pairing);
    for (const index of run.batches.keys()) {
      await checkOneGroup(run, index, { paths, pairing });
      onChecked(index);
    }
  } catch (cause) {
    throw refuseProver('bundle-refused', {
      expected: 'proofs that add up to the totals',
      found: 'others',
      cause,
    });
  }
}

async function checkEquations(
  { manifest, challenges, weights, batches }: ProvenRun,
  pairing: PairingBackend,
): Promise<void> {
  const codes = listCodes(manifest.indexBits, derivePriceTable(manifest.assets).prices);
  const totals = {
    equity: manifest.totals.map(({ equity }) => BigInt(equity)),
    debt: manifest.totals.map(({ debt }) => BigInt(debt)),
  };
  verifyTotals(
    batches.map(({ values }) => values.total),
    totals,
    { codes, x: challenges.x },
  );
  const margin = batches.filter(({ layout }) => layout.kind === 'margin');
  const read = weights && parseWeightedTotals(weights);
  const cover = {
    points: read?.points.map((point) => parsePoint(parseBase64url(point, 32))) ?? [],
    blindOpening: read === undefined ? (0n as FieldElement) : parseFieldElement(read.zW),
    layouts: margin.map(({ layout }) => layout),
    covers: margin.map(({ values }) => values.cover!),
  };
  if (!(await isZero(listCoverTerms(cover, codes, challenges), pairing))) throw refuseCover();
}

/** Another group in each batch, so that all are looked at over many. */
async function checkOneGroup(
  { batches, challenges }: ProvenRun,
  index: number,
  { paths, pairing }: { readonly paths: RunPaths; readonly pairing: PairingBackend },
): Promise<void> {
  const { layout, values } = batches[index]!;
  const { seed, maskPoints, rowPoints } = await loadBatchPoints(paths.batch(index), layout);
  const group = index % groupCount(layout);
  const { maskBlind, rowBlinds } = deriveGroupBlinds(layout, seed, group);
  const words = wordCount(layout);
  const terms = listOpeningTerms(
    layout,
    {
      index: group,
      maskPoint: parsePoint(maskPoints[group]!),
      entries: ofGroup(layout, group, rowPoints).map(parsePoint),
      openings: values.openings.slice(group * words, (group + 1) * words),
      blindOpening: openBlinds(maskBlind, rowBlinds, challenges.rho),
    },
    challenges.rho,
  );
  if (!(await isZero(terms, pairing))) throw refuseGroupOpening();
}

/** By the library of pairings, which adds points many times as fast as the protocol's readable way. */
function isZero({ points, scalars }: PointTerms, pairing: PairingBackend): Promise<boolean> {
  return pairing.isSumZero(points.map(spellPoint), scalars);
}
