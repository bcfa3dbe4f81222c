import {
  encodeBase64url,
  encodePoint,
  hashToPoint,
  reduceField,
  type InclusionFile,
  type Slot,
} from '../../src/protocol/index.js';
import { commitRun, listRows, pointOf, type Batch, type PlannedBatch, type PlannedRow } from './batches.js';
import { debt, equity, idOfUser, makeRow, ownerOf, planExchange, spot } from './exchange.js';
import { MARGIN_3, MARGIN_4, SPOT_1 } from './platform.js';
import { makeInclusion, type Published } from './world.js';
import { asAttack, publishBatches, type InclusionCase } from './case.js';

/** Exchanges one row of the honest exchange. */
export type Swap = readonly [batch: number, row: number, PlannedRow];

/** A platform that plans other rows, commits to them, lists and proves them, and gives out the files that fit. */
export function planned(
  name: string,
  [code, of, ...swaps]: readonly [InclusionCase['code'], string, ...Swap[]],
  edit?: (file: InclusionFile, published: Published) => void,
): InclusionCase {
  return {
    name: `rows: ${name}`,
    code,
    attack: (file) => {
      const plan = planExchange().map((batch) => ({ ...batch, rows: [...batch.rows] }));
      for (const [batch, row, made] of swaps) plan[batch]!.rows[row] = made;
      return giveOut(file, publishBatches(commitRun(plan)), { of, edit });
    },
  };
}

/** Gives a user the file that a bundle has for them. */
function giveOut(
  file: InclusionFile,
  published: Published,
  {
    of,
    edit,
  }: {
    readonly of: string;
    readonly edit?: ((file: InclusionFile, published: Published) => void) | undefined;
  },
) {
  const userId = idOfUser(of);
  Object.assign(file, makeInclusion(published, userId));
  edit?.(file, published);
  return { ...asAttack(published), userId };
}

const leo = (slots: readonly Slot[], change: Partial<PlannedRow> = {}): PlannedRow => ({
  ...makeRow(MARGIN_3, ownerOf('leo'), slots),
  ...change,
});
export const free = (layoutSlots: readonly Slot[], change: Partial<PlannedRow> = {}): PlannedRow => ({
  ...makeRow(SPOT_1, ownerOf('leo'), layoutSlots),
  ...change,
});

/** Rows that are in no one form: each is committed to, listed, counted and proven as it is shown. */
const forms: InclusionCase[] = [
  planned('one code twice, so that both are counted', [
    'slot-form',
    'leo',
    [2, 2, { owner: ownerOf('leo'), slots: [spot(0, 1n), spot(0, 1n)], netValue: 0n }],
  ]),
  planned('codes in falling order', [
    'slot-form',
    'leo',
    [2, 2, { owner: ownerOf('leo'), slots: [spot(1, 1n), spot(0, 1n)], netValue: 0n }],
  ]),
  planned('a debt before an equity', ['slot-form', 'leo', [3, 2, leo([debt(1, 1n), equity(0, 10n)])]]),
  planned('an equity and a debt of one code twice', [
    'slot-form',
    'leo',
    [3, 2, leo([equity(0, 9n), equity(0, 9n), debt(1, 1n)])],
  ]),
  planned('an amount of 0', [
    'slot-form',
    'leo',
    [2, 2, { owner: ownerOf('leo'), slots: [spot(0, 0n)], netValue: 0n }],
  ]),
  planned('an unused slot before a used one', [
    'slot-form',
    'leo',
    [2, 2, { owner: ownerOf('leo'), slots: [spot(0, 0n), spot(1, 5n)], netValue: 0n }],
  ]),
  planned('an index that is not listed', ['slot-form', 'leo', [0, 4, free([spot(5, 1n)])]]),
  planned('an index beyond the bits of its slot', [
    'slot-form',
    'leo',
    [0, 4, free([spot(1, 1n)], { shown: [spot(8, 1n)] })],
  ]),
  planned('more slots than its circuit has', [
    'slot-form',
    'leo',
    [0, 4, free([spot(1, 1n)], { shown: [spot(0, 1n), spot(1, 1n)] })],
  ]),
  planned('sides in a spot row', [
    'slot-form',
    'leo',
    [0, 4, free([spot(1, 1n)], { shown: [equity(1, 1n)] })],
  ]),
  planned('no sides in a margin row', [
    'slot-form',
    'leo',
    [3, 2, leo([equity(1, 1n)], { shown: [spot(1, 1n)] })],
  ]),
  planned('more debt than collateral covers', [
    'slot-form',
    'leo',
    [3, 2, leo([equity(0, 1n), debt(1, 10n ** 9n)], { netValue: 0n })],
  ]),
  planned('a debt alone', ['slot-form', 'leo', [3, 2, leo([debt(1, 1n)], { netValue: 0n })]]),
  planned('debt that only the collateral before its haircut covers', [
    'slot-form',
    'leo',
    [3, 2, leo([equity(0, 1_000_000n), debt(1, 599_000_000n)], { netValue: 0n })],
  ]),
  planned('debt in a row of a wide circuit that nothing covers', [
    'slot-form',
    'leo',
    [5, 1, { owner: ownerOf('leo'), slots: [equity(0, 1n), debt(1, 10n ** 9n)], netValue: 0n }],
  ]),
  planned('a row without a slot beside another part', [
    'slot-form',
    'leo',
    [0, 4, makeRow(SPOT_1, ownerOf('leo', [1, 2]), [])],
    [1, 4, makeRow(SPOT_1, ownerOf('leo', [2, 2]), [spot(0, 1n)])],
  ]),
  planned('two rows without a slot', [
    'slot-form',
    'leo',
    [0, 4, makeRow(SPOT_1, ownerOf('leo', [1, 2]), [])],
    [1, 4, makeRow(SPOT_1, ownerOf('leo', [2, 2]), [])],
  ]),
];

/** Rows that a circuit counts in another way than their users see. */
const opened: InclusionCase[] = [
  planned('42 shown, 1 counted', [
    'group-opening',
    'leo',
    [0, 4, free([spot(1, 1n)], { shown: [spot(1, 42n)] })],
  ]),
  planned('one unit more shown than counted', [
    'group-opening',
    'leo',
    [0, 4, free([spot(1, 41n)], { shown: [spot(1, 42n)] })],
  ]),
  planned('another asset shown than counted', [
    'group-opening',
    'leo',
    [0, 4, free([spot(2, 42n)], { shown: [spot(1, 42n)] })],
  ]),
  planned('a holding shown and none counted', [
    'group-opening',
    'leo',
    [0, 4, free([], { shown: [spot(1, 42n)] })],
  ]),
  planned('a debt counted and not shown', [
    'group-opening',
    'leo',
    [3, 2, leo([equity(0, 9n), debt(1, 1n)], { shown: [equity(0, 9n)] })],
  ]),
  planned('an equity counted as debt', [
    'group-opening',
    'leo',
    [3, 2, leo([equity(0, 9n), debt(1, 1n)], { shown: [equity(0, 9n), equity(1, 1n)] })],
  ]),
  planned('the second word of a wide row shown otherwise', [
    'group-opening',
    'leo',
    [
      5,
      1,
      makeWide(
        [equity(0, 9n), equity(1, 9n), equity(2, 9n), equity(3, 1n)],
        [equity(0, 9n), equity(1, 9n), equity(2, 9n), equity(3, 9n)],
      ),
    ],
  ]),
  planned('one unit shown more, and one less to a neighbour', [
    'group-opening',
    'leo',
    [1, 3, { ...makeRow(SPOT_1, ownerOf('leo'), [spot(0, 4n)]), shown: [spot(0, 5n)] }],
    [1, 4, { ...makeRow(SPOT_1, ownerOf('tim'), [spot(0, 4n)]), shown: [spot(0, 3n)] }],
  ]),
  planned('what a neighbour is shown is not what is counted', [
    'group-opening',
    'kim',
    [1, 2, { ...makeRow(SPOT_1, ownerOf('leo'), [spot(0, 4n)]), shown: [spot(0, 5n)] }],
  ]),
  planned('a neighbour’s point that opens to nothing', [
    'group-opening',
    'kim',
    [1, 2, { ...makeRow(SPOT_1, ownerOf('leo'), []), point: encodePoint(hashToPoint('any')) }],
  ]),
  {
    name: 'rows: 42 shown and 1 counted, with the mask point refitted once rho is known',
    code: 'group-hash',
    attack: (file) => refit(file, false),
  },
  {
    name: 'rows: 42 shown and 1 counted, with the mask point refitted and listed: rho is another',
    code: 'group-opening',
    attack: (file) => refit(file, true),
  },
];

function makeWide(slots: readonly Slot[], shown: readonly Slot[]): PlannedRow {
  return { ...makeRow(MARGIN_4, ownerOf('leo'), slots), shown };
}

/** Solves the opening of a group for its mask point at the rho that is known. */
function refit(file: InclusionFile, isListed: boolean) {
  const plan: PlannedBatch[] = planExchange().map((batch) => ({ ...batch, rows: [...batch.rows] }));
  const rows = [...plan[0]!.rows];
  rows[4] = free([spot(1, 1n)], { shown: [spot(1, 42n)] });
  plan[0] = { ...plan[0]!, rows };
  const made = commitRun(plan);
  const published = publishBatches(made);
  const { rho } = published.challenges;
  const [first] = made as [Batch, ...Batch[]];
  // Row 4 is the second of group 1: rho^2 times 41 units too many.
  const mask = reduceField(first.masks.groups[1]![0]! - 41n * rho * rho);
  const maskPoint = pointOf(SPOT_1, [mask], first.maskBlinds[1]!);
  const maskPoints = [first.maskPoints[0]!, maskPoint];
  if (isListed) {
    const relisted = { ...first, maskPoints, ...listRows(SPOT_1, { ...first, maskPoints }) };
    return giveOut(file, publishBatches([relisted, ...made.slice(1)]), { of: 'leo' });
  }
  return giveOut(file, published, {
    of: 'leo',
    edit: ({ groups: [group] }) => {
      group!.maskPoint = encodeBase64url(maskPoint);
    },
  });
}

export const ROW_CASES: readonly InclusionCase[] = [...forms, ...opened];
