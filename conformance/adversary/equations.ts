import {
  addField,
  encodeBase64url,
  encodePoint,
  FIELD_MODULUS,
  hashToPoint,
  invertMaskDistance,
  multiplyField,
  negateField,
  powerField,
  reduceField,
  subtractField,
  sumField,
  type FieldElement,
} from '../../src/protocol/index.js';
import { commitBatch, commitRun, type Batch, type PlannedBatch } from './batches.js';
import { debt, equity, makeRow, ownerOf, planExchange } from './exchange.js';
import { MARGIN_3, SPOT_1, SPOT_3 } from './platform.js';
import { codesOf, makePlatform, publish, type Lies, type Published } from './world.js';
import { asAttack, batches, publishBatches, publishLie, sealed, type BundleCase } from './case.js';

/** A case in which the platform publishes other batches, or makes something of them in another way. */
const lie = (name: string, code: BundleCase['code'], make: () => Published): BundleCase => ({
  name,
  code,
  attack: () => asAttack(make()),
});

const SIDES = ['equity', 'debt'] as const;
/** A platform without debts. */
const spotOnly = makePlatform('honest', [SPOT_1, SPOT_3]);
const spotBatches = commitRun(planExchange().slice(0, 3));

const offByOne = SIDES.flatMap((side) =>
  [0, 1, 2, 3].flatMap((index) =>
    [1n, -1n]
      .filter((step) => step > 0n || side === 'equity' || index < 3)
      .map((step) =>
        sealed(
          `totals: ${side} of asset ${index} stated ${step > 0n ? 'one too high' : 'one too low'}`,
          'totals',
          ({ totals }) => {
            totals[index]![side] = (BigInt(totals[index]![side]) + step).toString();
          },
        ),
      ),
  ),
);

/** Changes the masks of totals, which honest platforms make add up to 0. */
const masked = (change: (masks: FieldElement[]) => FieldElement[]): Batch[] => {
  const masks = change(batches.map((batch) => batch.masks.total));
  return planExchange().map((planned, index) => commitBatch(planned, masks[index]!));
};

const lowered: Lies['manifest'] = ({ totals }) => (totals[0]!.equity = '1');

const totals: BundleCase[] = [
  ...offByOne,
  sealed('totals: everything stated as 0', 'totals', (manifest) => {
    manifest.totals = manifest.totals.map(({ asset }) => ({ asset, equity: '0', debt: '0' }));
  }),
  sealed('totals: equity lowered by the debt of its asset', 'totals', ({ totals: [, usdt] }) => {
    usdt!.equity = (BigInt(usdt!.equity) + 5n).toString();
    usdt!.debt = (BigInt(usdt!.debt) + 5n).toString();
  }),
  sealed('totals: no debt stated', 'totals', ({ totals: all }) => {
    for (const total of all) total.debt = '0';
  }),
  sealed('totals: of two assets exchanged', 'totals', ({ totals: [btc, , , eth] }) => {
    [btc!.equity, eth!.equity] = [eth!.equity, btc!.equity];
  }),
  sealed('totals: equity and debt exchanged', 'totals', ({ totals: [, usdt] }) => {
    [usdt!.equity, usdt!.debt] = [usdt!.debt, usdt!.equity];
  }),
  sealed('totals: the prices of two assets exchanged, and their rows with them', 'totals', (manifest) => {
    const { totals: stated } = manifest;
    [stated[1]!.equity, stated[4]!.equity] = [stated[4]!.equity, stated[1]!.equity];
  }),
  lie('totals: masks that add up to 1', 'totals', () =>
    publishBatches(masked(([first, ...rest]) => [addField(first!, 1n as FieldElement), ...rest])),
  ),
  lie('totals: masks that add up to what was left out', 'totals', () =>
    publishBatches(
      masked(([first, ...rest]) => [subtractField(first!, reduceField(550_000_004n)), ...rest]),
      { manifest: lowered },
    ),
  ),
  lie('totals: masks fitted to the point of another manifest', 'totals', () => {
    const other = publishBatches(batches);
    const { x } = other.challenges;
    const difference = multiplyField(reduceField(550_000_004n), powerField(x, -1n + (FIELD_MODULUS - 1n)));
    return publishBatches(
      masked(([first, ...rest]) => [subtractField(first!, difference), ...rest]),
      { manifest: lowered },
    );
  }),
  lie('totals: one batch proven without its mask', 'totals', () =>
    publishBatches(batches, {
      values: ([first, ...rest]) => [
        { ...first!, total: subtractField(first!.total, batches[0]!.masks.total) },
        ...rest,
      ],
    }),
  ),
  lie('totals: L of one batch proven as 0', 'totals', () =>
    publishBatches(batches, {
      values: ([first, ...rest]) => [{ ...first!, total: 0n as FieldElement }, ...rest],
    }),
  ),
  lie('totals: a batch in no total', 'totals', () =>
    publishBatches(batches, {
      manifest: (manifest) => {
        manifest.totals[2]!.equity = '3';
      },
    }),
  ),
  lie('totals: a row of margin under an index that is not listed', 'totals', () =>
    publishLie((planned) => {
      replaceRow(planned, [3, 4], makeRow(MARGIN_3, ownerOf('leo'), [equity(1, 7n)]));
      const row = planned[3]!.rows[4]!;
      replaceRow(planned, [3, 4], { ...row, slots: [equity(1, 7n), equity(6, 7n)] });
    }),
  ),
  {
    name: 'totals: debt stated in a run that has none',
    code: 'totals',
    attack: () => ({
      ...asAttack(
        publish(spotOnly, spotBatches, { manifest: (manifest) => (manifest.totals[1]!.debt = '5') }),
      ),
      trust: spotOnly.trust,
    }),
  },
  {
    name: 'totals: lowered by a debt in a run that has none',
    code: 'totals',
    attack: () => ({
      ...asAttack(
        publish(spotOnly, spotBatches, {
          manifest: ({ totals: [, usdt] }) => {
            usdt!.equity = (BigInt(usdt!.equity) + 5n).toString();
            usdt!.debt = '5';
          },
        }),
      ),
      trust: spotOnly.trust,
    }),
  },
  {
    name: 'totals: of one batch alone, one too low',
    code: 'totals',
    attack: () => {
      const only = makePlatform('honest', [SPOT_1]);
      const made = commitRun(planExchange().slice(0, 1));
      return {
        ...asAttack(
          publish(only, made, { manifest: (manifest) => (manifest.totals[1]!.equity = '9999999') }),
        ),
        trust: only.trust,
      };
    },
  },
];

function replaceRow(
  planned: PlannedBatch[],
  [batch, row]: readonly [number, number],
  made: PlannedBatch['rows'][number],
): void {
  const rows = [...planned[batch]!.rows];
  rows[row] = made;
  planned[batch] = { ...planned[batch]!, rows };
}

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

const cover: BundleCase[] = [
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
  ...Array.from({ length: 11 }, (_, place) =>
    lie(`cover: weighted total ${place} is one more`, 'cover', () =>
      publishBatches(batches, {
        weigh: (values) =>
          values.map((value, index) => (index === place ? addField(value, 1n as FieldElement) : value)),
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

const POINT = encodePoint(hashToPoint('any'));

/** Weighted totals that are not 2A + 1 points in their one form. */
const forms: BundleCase[] = [
  lie('weights: a point less', 'weights-form', () =>
    publishBatches(batches, { points: (points) => points.slice(0, -1) }),
  ),
  lie('weights: a point more', 'weights-form', () =>
    publishBatches(batches, { points: (points) => [...points, POINT] }),
  ),
  lie('weights: three points', 'weights-form', () =>
    publishBatches(batches, { points: (points) => points.slice(0, 3) }),
  ),
  lie('weights: no point', 'schema-violated', () => publishBatches(batches, { points: () => [] })),
  {
    name: 'weights: some in a run without debts',
    code: 'weights-form',
    attack: ({ weights }) => ({
      ...asAttack({ ...publish(spotOnly, spotBatches), weights }),
      trust: spotOnly.trust,
    }),
  },
  ...Object.entries({
    'of zeros': new Uint8Array(32),
    'with bit 254 set': Uint8Array.from(POINT, (byte, index) => (index === 0 ? byte | 0x40 : byte)),
    'of a coordinate that is p or more': new Uint8Array(32).fill(0x3f),
    'of no point of the curve': Uint8Array.from(new Uint8Array(32), (_, index) => (index === 31 ? 4 : 0)),
    'of ones': new Uint8Array(32).fill(0xff),
  }).map(([name, point]) =>
    lie(`weights: a point ${name}`, 'point-form', () =>
      publishBatches(batches, { points: ([first, , ...rest]) => [first!, point, ...rest] }),
    ),
  ),
  ...Object.entries({
    'with padding': (text: string) => `${text}=`,
    'with bits too many': (text: string) =>
      `${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(42) + 1)}`,
    'in the other alphabet': (text: string) => `+/${text.slice(2)}`,
    'a character less': (text: string) => text.slice(1),
    'a character more': (text: string) => `A${text}`,
    'that is empty': () => '',
    'with a space': (text: string) => ` ${text.slice(1)}`,
  }).map(([name, respell]): BundleCase => ({
    name: `weights: a point as text ${name}`,
    code: 'schema-violated',
    attack: ({ weights }) => {
      weights!.points[1] = respell(encodeBase64url(POINT));
      return undefined;
    },
  })),
  {
    name: 'weights: zW plus the field’s modulus',
    code: 'schema-violated',
    attack: ({ weights }) => {
      weights!.zW = (BigInt(weights!.zW) + FIELD_MODULUS).toString();
      return undefined;
    },
  },
  {
    name: 'weights: of another run',
    code: 'proof',
    attack: (published) => {
      const other = publishBatches(batches, { manifest: (manifest) => (manifest.quote = 'EUR') });
      published.weights = other.weights;
      return undefined;
    },
  },
  {
    name: 'weights: two points exchanged after the proofs',
    code: 'proof',
    attack: ({ weights }) => {
      weights!.points.unshift(weights!.points.pop()!);
      return undefined;
    },
  },
];

export const EQUATION_CASES: readonly BundleCase[] = [...totals, ...cover, ...forms];
