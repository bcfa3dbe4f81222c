import {
  derivePriceTable,
  parseFieldElement,
  SolventError,
  type FieldElement,
} from '../../protocol/index.js';
import {
  groupCount,
  listCodes,
  parseBase64url,
  parsePoint,
  parseWeightedTotals,
  verifyCover,
  verifyGroupOpening,
  verifyTotals,
  wordCount,
  type Challenges,
  type RowLayout,
  type Manifest,
} from '../../protocol/rows/index.js';
import { recordGroups } from '../commit/group-records.js';
import { loadRowBatch } from '../commit/row-batch-file.js';
import { spreadSeed } from '../commit/run-seeds.js';
import type { ProverCode } from '../errors.js';
import type { RowRunPaths } from './paths.js';
import type { FinishedProof } from './proof-lines.js';

/** A run whose proofs are all there. */
export type FinishedRun = {
  readonly manifest: Manifest;
  readonly challenges: Challenges;
  /** The bytes of `weights.json`. */
  readonly weights?: Uint8Array;
  /** The layout and the finished proof of each batch, in the order of commitments. */
  readonly batches: readonly (FinishedProof & { readonly layout: RowLayout })[];
};

/**
 * Makes the checks that void a whole bundle where one bit of it is wrong, before anybody sees it: the totals, the cover
 * of debts, and the opening of one group of each batch.
 * @throws SolventError `bundle-refused` with the check that does not pass as its cause.
 */
export async function checkFinishedRun(run: FinishedRun, paths: RowRunPaths): Promise<void> {
  try {
    checkSums(run);
    for (const index of run.batches.keys()) await checkOneGroup(run, index, paths);
  } catch (cause) {
    throw new SolventError<ProverCode>(
      'invariant',
      'bundle-refused',
      'expected proofs that add up to the totals, got others: nothing was published, start a new run directory',
      { cause },
    );
  }
}

function checkSums({ manifest, challenges, weights, batches }: FinishedRun): void {
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
  verifyCover(cover, codes, challenges);
}

/** Another group in each batch, so that all are looked at over many. */
async function checkOneGroup(
  { batches, challenges }: FinishedRun,
  index: number,
  paths: RowRunPaths,
): Promise<void> {
  const { layout, values } = batches[index]!;
  const { seed, points } = await loadRowBatch(paths.batch(index), layout);
  const records = recordGroups(
    layout,
    { index, points, secrets: spreadSeed({ layout }, seed) },
    challenges.rho,
  );
  const group = index % groupCount(layout);
  const { maskPoint, entries, blindOpening } = records[group]!;
  const words = wordCount(layout);
  verifyGroupOpening(
    layout,
    {
      index: group,
      maskPoint: parsePoint(parseBase64url(maskPoint, 32)),
      entries: entries.map(({ point }) => parsePoint(parseBase64url(point, 32))),
      openings: values.openings.slice(group * words, (group + 1) * words),
      blindOpening: parseFieldElement(blindOpening),
    },
    challenges.rho,
  );
}
