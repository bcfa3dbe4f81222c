import { addField, multiplyField, type FieldElement } from '../field.js';
import { powerField, reduceField, sumField, ZERO } from '../arithmetic.js';
import type { Challenges } from './challenges.js';
import { invertDistances, invertMaskDistance, type ListedCode } from './codes.js';
import type { BatchMasks } from './commitments.js';
import { groupSize, type RowLayout } from './layout.js';
import { codeOf, packWords, type Row } from './packing.js';
import { combinePoints, blindGenerator, weightsGenerator, type CurvePoint } from './points.js';

/** The values that a batch's proof shows beside its digest. */
export type BatchValues = {
  /** L = maskL + the sum over all slots of amount/(x - code). */
  readonly total: FieldElement;
  /** K = maskK/(x + 1) + sum of gamma^(u+1) (T_u + V_u); null in spot batches. */
  readonly cover: FieldElement | null;
  /** z_(g,i): Gn*W values, group after group. */
  readonly openings: readonly FieldElement[];
};

/** A batch whose rows carry debt, as the weighted totals need it. */
export type MarginBatch = {
  readonly layout: RowLayout;
  readonly rows: readonly Row[];
  /** maskK. */
  readonly coverMask: FieldElement;
};

/**
 * T_u: the sum over a row's slots of amount/(x - code).
 * @param indexBits B.
 */
export function sumShares(indexBits: number, row: Row, x: FieldElement): FieldElement {
  const inverses = invertDistances(
    x,
    row.slots.map((slot) => reduceField(codeOf(indexBits, slot))),
  );
  return sumField(
    row.slots.map((slot, index) => multiplyField(reduceField(slot.amountUnits), inverses[index]!)),
  );
}

/** T_u of every row, with one inversion for all codes that are in use. */
function sumAllShares(indexBits: number, rows: readonly Row[], x: FieldElement): FieldElement[] {
  const codes = new Set(rows.flatMap(({ slots }) => slots.map((slot) => codeOf(indexBits, slot))));
  const used = [...codes].map(reduceField);
  const inverses = invertDistances(x, used);
  const inverseOf = new Map(used.map((code, index) => [code as bigint, inverses[index]!]));
  return rows.map(({ slots }) =>
    sumField(
      slots.map((slot) =>
        multiplyField(reduceField(slot.amountUnits), inverseOf.get(codeOf(indexBits, slot))!),
      ),
    ),
  );
}

/** What a circuit computes of a batch, made without it: the values of its public signals. */
export function evaluateBatch(
  layout: RowLayout,
  batch: { readonly rows: readonly Row[]; readonly masks: BatchMasks },
  challenges: Challenges,
): BatchValues {
  const { rows, masks } = batch;
  const { gamma, x, rho } = challenges;
  const shares = sumAllShares(layout.indexBits, rows, x);
  const cover = addField(
    multiplyField(masks.cover, invertMaskDistance(x)),
    evaluateFromFirstPower(
      rows.map((row, index) => addField(shares[index]!, reduceField(row.netValue))),
      gamma,
    ),
  );
  return {
    total: addField(masks.total, sumField(shares)),
    cover: layout.kind === 'margin' ? cover : null,
    openings: masks.groups.flatMap((groupMasks, group) =>
      openGroup(layout, { rows, groupMasks, group }, rho),
    ),
  };
}

/** z_(g,i) = mask_(g,i) + sum over the group's rows of rho^t w_(t,i), for i = 1 .. W. */
function openGroup(
  layout: RowLayout,
  batch: {
    readonly rows: readonly Row[];
    readonly groupMasks: readonly FieldElement[];
    readonly group: number;
  },
  rho: FieldElement,
): FieldElement[] {
  const first = batch.group * layout.groupRows;
  const words = batch.rows
    .slice(first, first + groupSize(layout, batch.group))
    .map((row) => packWords(layout, row.slots));
  return batch.groupMasks.map((mask, index) =>
    addField(
      mask,
      evaluateFromFirstPower(
        words.map((row) => row[index]!),
        rho,
      ),
    ),
  );
}

/** z_(g,r) = r_(g,0) + sum over the group's rows of rho^t r_t: opens the blinds of a group. */
export function openBlinds(
  maskBlind: FieldElement,
  rowBlinds: readonly FieldElement[],
  rho: FieldElement,
): FieldElement {
  return addField(maskBlind, evaluateFromFirstPower(rowBlinds, rho));
}

/** The sum of base^(n+1) value_n, n from 0: Horner's rule from the last value. */
export function evaluateFromFirstPower(values: readonly FieldElement[], base: FieldElement): FieldElement {
  return values.reduceRight((sum, value) => multiplyField(base, addField(sum, value)), ZERO);
}

/** o_b of each margin batch: the rows of all margin batches before it, so that no two rows of a run share a weight. */
export function deriveOffsets(layouts: readonly RowLayout[]): number[] {
  let before = 0;
  return layouts.map(({ rows }) => {
    const offset = before;
    before += rows;
    return offset;
  });
}

/**
 * X_i: the sum, weighted with gamma^(o_b+u+1), of the amounts over all margin slots of code_i.
 * @param batches all margin batches of the run, in the order of commitments.
 */
export function sumWeightedAmounts(
  batches: readonly MarginBatch[],
  codes: readonly ListedCode[],
  gamma: FieldElement,
): FieldElement[] {
  const indexOf = new Map(codes.map(({ code }, index) => [code as bigint, index]));
  const sums = codes.map(() => ZERO);
  let weight = 1n as FieldElement;
  for (const { layout, rows } of batches) {
    for (const row of rows) {
      weight = multiplyField(weight, gamma);
      for (const slot of row.slots) {
        const index = indexOf.get(codeOf(layout.indexBits, slot));
        if (index === undefined) throw new RangeError('expected slots of listed codes, got another');
        sums[index] = addField(sums[index]!, multiplyField(weight, reduceField(slot.amountUnits)));
      }
    }
  }
  return sums;
}

/** The sum over the margin batches of gamma^(o_b) times a value of each: K_b for a verifier, maskK_b for a prover. */
export function weighBatches(
  layouts: readonly RowLayout[],
  values: readonly FieldElement[],
  gamma: FieldElement,
): FieldElement {
  return sumField(
    deriveOffsets(layouts).map((offset, batch) => multiplyField(powerField(gamma, offset), values[batch]!)),
  );
}

/**
 * The 2A + 1 points of a run with margin batches: W_mask = (sum of gamma^(o_b) maskK_b) Gw + t_0 H, then
 * W_i = X_i Gw + t_(1+i) H.
 * @param blinds t_0 .. t_2A.
 */
export function commitWeights(
  batches: readonly MarginBatch[],
  codes: readonly ListedCode[],
  { gamma, blinds }: { readonly gamma: FieldElement; readonly blinds: readonly FieldElement[] },
): CurvePoint[] {
  if (blinds.length !== codes.length + 1) throw new RangeError(`expected ${codes.length + 1} blinds`);
  return weighTotals(batches, codes, gamma).map((value, index) =>
    combinePoints([weightsGenerator(), blindGenerator()], [value, blinds[index]!]),
  );
}

/** What those 2A + 1 points hide: sum of gamma^(o_b) maskK_b, then X_i of each code. */
export function weighTotals(
  batches: readonly MarginBatch[],
  codes: readonly ListedCode[],
  gamma: FieldElement,
): FieldElement[] {
  const mask = weighBatches(
    batches.map(({ layout }) => layout),
    batches.map(({ coverMask }) => coverMask),
    gamma,
  );
  return [mask, ...sumWeightedAmounts(batches, codes, gamma)];
}

/**
 * The scalars that (C) multiplies the 2A + 1 points with: 1/(x + 1), then 1/(x - code_i) + sigma_i.
 */
export function deriveCoverFactors(codes: readonly ListedCode[], x: FieldElement): FieldElement[] {
  const inverses = invertDistances(
    x,
    codes.map(({ code }) => code),
  );
  return [invertMaskDistance(x), ...codes.map(({ sigma }, index) => addField(inverses[index]!, sigma))];
}

/** z_W = t_0/(x + 1) + sum of (1/(x - code_i) + sigma_i) t_(1+i): opens the blinds of the weighted totals. */
export function openWeightBlinds(
  blinds: readonly FieldElement[],
  codes: readonly ListedCode[],
  x: FieldElement,
): FieldElement {
  return sumField(deriveCoverFactors(codes, x).map((factor, index) => multiplyField(factor, blinds[index]!)));
}
