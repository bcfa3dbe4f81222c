import { SolventError, refuseProtocol } from '../errors.js';
import { multiplyField, type FieldElement } from '../field.js';
import { negateField, ONE, powerField, reduceField, sumField } from '../arithmetic.js';
import type { Challenges } from './challenges.js';
import { invertDistances, type ListedCode } from './codes.js';
import { groupSize, wordCount, type RowLayout } from './layout.js';
import { blindGenerator, combinePoints, generatorsOf, weightsGenerator, type CurvePoint } from './points.js';
import { deriveCoverFactors, weighBatches } from './sums.js';

export type EquationCode = 'totals' | 'weights-form' | 'cover' | 'group-opening';

/** Totals of each listed asset, in proof units; each an integer from 0 to 2^108 - 1. Both of length A. */
export type ListedTotals = { readonly equity: readonly bigint[]; readonly debt: readonly bigint[] };

/**
 * (T): the sum of L over all lines, spot and margin, equals the sum of E_j/(x - j) + D_j/(x - 2^B - j). Nothing is added
 * to either side.
 * @param batchTotals L of every line of the bundle.
 * @throws SolventError `totals`.
 */
export function verifyTotals(
  batchTotals: readonly FieldElement[],
  totals: ListedTotals,
  { codes, x }: { readonly codes: readonly ListedCode[]; readonly x: FieldElement },
): void {
  const amounts = [...totals.equity, ...totals.debt];
  if (amounts.length !== codes.length || totals.equity.length !== totals.debt.length) {
    throw new RangeError(`expected ${codes.length} totals, got ${amounts.length}`);
  }
  const inverses = invertDistances(
    x,
    codes.map(({ code }) => code),
  );
  const stated = sumField(
    amounts.map((amount, index) => multiplyField(reduceField(amount), inverses[index]!)),
  );
  if (stated !== sumField(batchTotals)) {
    throw refuse('totals', 'the proofs to add up to the published totals, got another sum');
  }
}

/**
 * (C): 1/(x+1) W_mask + sum of (1/(x - code_i) + sigma_i) W_i = (sum of gamma^(o_b) K_b) Gw + z_W H.
 * @param run.points W_mask, W_0 .. W_(2A-1), read in their one form.
 * @param run.layouts the pinned layout of each margin line, in the order of commitments, whose N make o_b.
 * @param run.covers K of each margin line.
 * @throws SolventError `weights-form` where there are not 2A + 1 points, or points in a run without margin batches;
 * `cover`.
 */
export function verifyCover(run: CoverClaim, codes: readonly ListedCode[], challenges: Challenges): void {
  const { points, scalars } = listCoverTerms(run, codes, challenges);
  if (!combinePoints(points, scalars).is0()) throw refuseCover();
}

/** What (C) is about. */
export type CoverClaim = {
  readonly points: readonly CurvePoint[];
  readonly blindOpening: FieldElement;
  readonly layouts: readonly RowLayout[];
  readonly covers: readonly FieldElement[];
};

/** Points and their factors, as many of either: the sum that an equation says is infinity. */
export type PointTerms = {
  readonly points: readonly CurvePoint[];
  readonly scalars: readonly FieldElement[];
};

/** What is said where (C) does not hold. */
export function refuseCover(): SolventError<EquationCode> {
  return refuse('cover', 'every row to be covered, got weighted totals that differ');
}

/**
 * The points of (C) and their factors, which add up to infinity where it holds; none in a run without margin batches.
 * @throws SolventError `weights-form` as `verifyCover`.
 */
export function listCoverTerms(
  run: CoverClaim,
  codes: readonly ListedCode[],
  { gamma, x }: Challenges,
): PointTerms {
  if (run.layouts.length !== run.covers.length) throw new RangeError('expected a K for each margin line');
  const expected = run.layouts.length === 0 ? 0 : codes.length + 1;
  if (run.points.length !== expected) {
    throw refuse('weights-form', `${expected} points of weighted totals, got ${run.points.length}`);
  }
  if (expected === 0) return { points: [], scalars: [] };
  return {
    points: [...run.points, weightsGenerator(), blindGenerator()],
    scalars: [
      ...deriveCoverFactors(codes, x),
      negateField(weighBatches(run.layouts, run.covers, gamma)),
      negateField(run.blindOpening),
    ],
  };
}

/**
 * U9: C_(g,0) + sum of rho^t C_t = sum of z_(g,i) G_i + z_(g,r) H: the rows of a group open to the words that its circuit
 * counted.
 * @param group.entries the points of the group's rows, in order.
 * @param group.openings z_(g,1) .. z_(g,W) of the batch's proof line.
 * @param group.blindOpening z_(g,r).
 * @throws SolventError `group-opening`.
 */
export function verifyGroupOpening(layout: RowLayout, group: GroupClaim, rho: FieldElement): void {
  const { points, scalars } = listOpeningTerms(layout, group, rho);
  if (!combinePoints(points, scalars).is0()) throw refuseGroupOpening();
}

/** What U9 is about. */
export type GroupClaim = {
  readonly index: number;
  readonly maskPoint: CurvePoint;
  readonly entries: readonly CurvePoint[];
  readonly openings: readonly FieldElement[];
  readonly blindOpening: FieldElement;
};

/** What is said where U9 does not hold. */
export function refuseGroupOpening(): SolventError<EquationCode> {
  return refuse('group-opening', 'the rows of a group to open to the proven values, got others');
}

/** The points of U9 and their factors, which add up to infinity where it holds. */
export function listOpeningTerms(layout: RowLayout, group: GroupClaim, rho: FieldElement): PointTerms {
  const { entries, openings } = group;
  if (entries.length !== groupSize(layout, group.index) || openings.length !== wordCount(layout)) {
    throw new RangeError('expected the rows and openings of one group of the layout, got other counts');
  }
  const generators = generatorsOf(layout);
  return {
    points: [group.maskPoint, ...entries, ...generators.words, generators.blind],
    scalars: [
      ONE,
      ...entries.map((_, index) => powerField(rho, index + 1)),
      ...openings.map(negateField),
      negateField(group.blindOpening),
    ],
  };
}

function refuse(code: EquationCode, expected: string): SolventError<EquationCode> {
  return refuseProtocol(code, `expected ${expected}`);
}
