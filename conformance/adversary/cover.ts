import {
  addField,
  encodePoint,
  FIELD_MODULUS,
  hashToPoint,
  invertMaskDistance,
  multiplyField,
  negateField,
  powerField,
  reduceField,
  sumField,
  type FieldElement,
} from '../../src/protocol/index.js';
import type { PlannedBatch } from './batches.js';
import { debt, equity, makeRow, ownerOf } from './exchange.js';
import { MARGIN_3 } from './platform.js';
import { codesOf, type Published } from './world.js';
import { batches, lie, publishBatches, publishLie, replaceRow, sealed, type BundleCase } from './case.js';

/** States another net value of a row than its slots have. */
const worth =
  (...changes: readonly (readonly [number, number, bigint])[]) =>
  (planned: PlannedBatch[]) => {
    for (const [batch, row, step] of changes) {
      const made = planned[batch]!.rows[row]!;
      replaceRow(planned, [batch, row], { ...made, netValue: made.netValue + step });
    }
  };

/** A row that owes more than it has, and says that it is worth nothing. */
const bankrupt = (planned: PlannedBatch[]) => {
  const row = makeRow(MARGIN_3, ownerOf('leo'), [equity(0, 1n), debt(1, 10n ** 12n)]);
  replaceRow(planned, [4, 2], { ...row, netValue: 0n });
};

export const COVER_CASES: readonly BundleCase[] = [
  lie('cover: a row that owes more than it has, stated as worth 0', 'cover', () => publishLie(bankrupt)),
  lie('cover: a row of a wide circuit that owes more than it has', 'cover', () =>
    publishLie((planned) => {
      replaceRow(planned, [5, 1], { owner: ownerOf('leo'), slots: [debt(1, 10n ** 12n)], netValue: 0n });
    }),
  ),
  lie('cover: a debt in a row of a dummy', 'cover', () =>
    publishLie((planned) => {
      replaceRow(planned, [3, 4], { slots: [debt(2, 1n)], netValue: 0n });
    }),
  ),
  lie('cover: one net value one too high', 'cover', () => publishLie(worth([3, 0, 1n]))),
  lie('cover: one net value one too low', 'cover', () => publishLie(worth([3, 0, -1n]))),
  lie('cover: a net value of a dummy', 'cover', () => publishLie(worth([3, 4, 5n]))),
  lie('cover: net values off by 7 and -7 in the same row of two batches', 'cover', () =>
    publishLie(worth([3, 0, 7n], [4, 0, -7n])),
  ),
  lie('cover: the same, with weights that begin anew in each batch', 'cover', () =>
    publishLie(worth([3, 0, 7n], [4, 0, -7n]), { offsets: (honest) => honest.map(() => 0) }),
  ),
  lie('cover: net values off by 7 and -7 in two rows of one batch', 'cover', () =>
    publishLie(worth([3, 0, 7n], [3, 1, -7n])),
  ),
  lie('cover: weights that begin anew in each batch', 'cover', () =>
    publishBatches(batches, { offsets: (honest) => honest.map(() => 0) }),
  ),
  lie('cover: weights in another order of batches', 'cover', () =>
    publishBatches(batches, { offsets: (honest) => [...honest].reverse() }),
  ),
  lie('cover: weights from one row later', 'cover', () =>
    publishBatches(batches, { offsets: (honest) => honest.map((offset) => offset + 1) }),
  ),
  lie('cover: the mask fitted to the point of the weighted totals before it', 'cover', fitMask),
  ...Array.from({ length: 11 }, (_, position) =>
    lie(`cover: weighted total ${position} is one more`, 'cover', () =>
      publishBatches(batches, {
        weigh: (values) =>
          values.map((value, index) => (index === position ? addField(value, 1n as FieldElement) : value)),
      }),
    ),
  ),
  lie('cover: weighted totals of two assets exchanged', 'cover', () =>
    publishBatches(batches, { weigh: ([mask, first, second, ...rest]) => [mask!, second!, first!, ...rest] }),
  ),
  lie('cover: weighted totals of equities and debts exchanged', 'cover', () =>
    publishBatches(batches, { weigh: ([mask, ...sums]) => [mask!, ...sums.slice(5), ...sums.slice(0, 5)] }),
  ),
  lie('cover: no debt in the weighted totals', 'cover', () =>
    publishBatches(batches, {
      weigh: (values) => values.map((value, index) => (index > 5 ? (0n as FieldElement) : value)),
    }),
  ),
  lie('cover: a point of weighted totals with its y negated', 'cover', () =>
    publishBatches(batches, {
      points: ([first, ...rest]) => {
        const other = Uint8Array.from(first!);
        other[0]! ^= 0x80;
        return [other, ...rest];
      },
    }),
  ),
  lie('cover: a weighted total under a generator of rows', 'cover', () =>
    publishBatches(batches, {
      points: ([first, , ...rest]) => [first!, encodePoint(hashToPoint('margin/3/3/1')), ...rest],
    }),
  ),
  lie('cover: K shifted from one batch to another, and proven', 'cover', () =>
    publishBatches(batches, {
      values: (values) =>
        values.map((value, index) => {
          const step = index === 3 ? 5n : index === 4 ? -5n : 0n;
          return value.cover === null ? value : { ...value, cover: reduceField(value.cover + step) };
        }),
    }),
  ),
  lie('cover: K of two batches exchanged, and proven', 'cover', () =>
    publishBatches(batches, {
      values: ([a, b, c, fourth, fifth, f]) => [
        a!,
        b!,
        c!,
        { ...fourth!, cover: fifth!.cover },
        { ...fifth!, cover: fourth!.cover },
        f!,
      ],
    }),
  ),
  lie('cover: K proven as 0', 'cover', () =>
    publishBatches(batches, {
      values: (values) =>
        values.map((value) => (value.cover === null ? value : { ...value, cover: 0n as FieldElement })),
    }),
  ),
  {
    name: 'cover: zW one more',
    code: 'cover',
    attack: ({ weights }) => {
      weights!.zW = (BigInt(weights!.zW) + 1n).toString();
      return undefined;
    },
  },
  {
    name: 'cover: zW of 0',
    code: 'cover',
    attack: ({ weights }) => {
      weights!.zW = '0';
      return undefined;
    },
  },
  sealed('cover: net values of a higher price than is published', 'cover', ({ assets }) => {
    assets[0]!.price = '59999';
  }),
  sealed('cover: net values of a lower price of debts than is published', 'cover', ({ assets }) => {
    assets[1]!.price = '1.01';
  }),
  sealed('cover: net values without the published haircut', 'cover', ({ assets }) => {
    assets[3]!.collateralRatio = '0.8';
  }),
];

/** W_mask is refitted once x is known, so that the equation holds at that x; but then x is another. */
function fitMask(): Published {
  const before = publishLie(bankrupt);
  const { x, gamma } = before.challenges;
  const weights = codesOf(before.manifest);
  // What the bankrupt row is short of, under its weight: row 3 behind the 5 of the batch before.
  const short = reduceField(weights[0]!.sigma + weights[6]!.sigma * 10n ** 12n);
  const missing = multiplyField(powerField(gamma, 8), short);
  const step = multiplyField(negateField(missing), powerField(invertMaskDistance(x), FIELD_MODULUS - 2n));
  return publishLie(bankrupt, { weigh: ([mask, ...sums]) => [sumField([mask!, step]), ...sums] });
}
