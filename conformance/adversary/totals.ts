import {
  addField,
  encodeInclusion,
  FIELD_MODULUS,
  multiplyField,
  powerField,
  reduceField,
  subtractField,
  type FieldElement,
} from '../../src/protocol/index.js';
import { commitBatch, commitRun, type Batch } from './batches.js';
import { equity, idOfUser, LISTED, makeRow, ownerOf, planExchange } from './exchange.js';
import { MARGIN_3, SPOT_1, SPOT_3 } from './platform.js';
import { invertScalar } from './simulated-key.js';
import { codesOf, makeInclusion, makePlatform, publish, toSource, type Lies } from './world.js';
import {
  asAttack,
  batches,
  honest,
  lie,
  publishBatches,
  publishLie,
  replaceRow,
  sealed,
  type BundleCase,
  type InclusionCase,
} from './case.js';

const SIDES = ['equity', 'debt'] as const;
/** A platform without debts. */
export const spotOnly = makePlatform('honest', [SPOT_1, SPOT_3]);
export const spotBatches = commitRun(planExchange().slice(0, 3));

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

export const TOTAL_CASES: readonly BundleCase[] = [
  ...offByOne,
  sealed('totals: everything stated as 0', 'totals', (manifest) => {
    manifest.totals = manifest.totals.map(({ asset }) => ({ asset, equity: '0', debt: '0' }));
    manifest.rounding = [];
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

/** Totals that whoever knows the trapdoor of a key states, with proofs that say so: to anybody without an account they are valid. */
export function publishWithTrapdoor(stated: { readonly asset: string; readonly equity: string }) {
  const position = LISTED.findIndex(({ symbol }) => symbol === stated.asset);
  return publishBatches(batches, {
    manifest: ({ totals }) => {
      totals[position]!.equity = stated.equity;
    },
    values: ([first, ...rest], { x }) => {
      const { totals } = honest.manifest;
      const missing = reduceField(BigInt(stated.equity) - BigInt(totals[position]!.equity));
      const { code } = codesOf(honest.manifest)[position]!;
      const weight = reduceField(invertScalar(subtractField(x, code)));
      return [{ ...first!, total: addField(first!.total, multiplyField(missing, weight)) }, ...rest];
    },
  });
}

export const TRAPDOOR_CASES: readonly InclusionCase[] = [
  {
    name: 'keys whose trapdoor is known: 1.5 BTC beside a total of 0.00000001',
    code: 'holding-above-total',
    of: 'ann',
    attack: () => {
      const published = publishWithTrapdoor({ asset: 'BTC', equity: '1' });
      return {
        source: toSource(published),
        bytes: encodeInclusion(makeInclusion(published, idOfUser('ann'))),
      };
    },
  },
];
