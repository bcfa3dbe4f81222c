import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FIELD_MODULUS, multiplyField, type FieldElement } from '../../../src/protocol/index.js';
import * as rows from '../../../src/protocol/index.js';
import { equity, HONEST_PLAN, makeRun, SPOT, verifyEquations } from './honest-run.js';

const refusal = (code: string) => expect.objectContaining({ code, errorClass: 'verification' }) as Error;
const element = fc.bigInt({ min: 1n, max: FIELD_MODULUS - 1n }).map(rows.reduceField);
const point = fc.bigInt({ min: 1n << 34n, max: (1n << 248n) - 1n }).map(rows.reduceField);

/** A listing of 1 to 2^B assets, a spot and a margin batch of it with every V right, masks that add up to 0, challenges. */
const runs = fc
  .record({ assets: fc.integer({ min: 1, max: 8 }), spare: fc.integer({ min: 0, max: 2 }) })
  .chain(({ assets, spare }) => {
    const indexBits = Math.max(1, Math.ceil(Math.log2(assets))) + spare;
    const spot: rows.RowLayout = { kind: 'spot', indexBits, rows: 3, slots: 3, netBits: 0, groupRows: 2 };
    const margin: rows.RowLayout = { ...spot, kind: 'margin', rows: 4, netBits: 126, groupRows: 3 };
    const amount = fc.bigInt({ min: 1n, max: (1n << 60n) - 1n });
    const prices = fc.array(
      fc.bigInt({ min: 1n, max: (1n << 60n) - 1n }).map((full) => ({ full, collateral: full - full / 10n })),
      { minLength: assets, maxLength: assets },
    );
    const slot = fc.record({ amount, asset: fc.nat(assets - 1) });
    return fc.record({
      spot: fc.constant(spot),
      margin: fc.constant(margin),
      prices,
      spotSlots: fc.array(slot, { minLength: 3, maxLength: 3 }),
      marginSlots: fc.array(fc.record({ held: slot, owed: slot }), { minLength: 4, maxLength: 4 }),
      masks: fc.array(element, { minLength: 20, maxLength: 20 }),
      challenges: fc.record({ gamma: element, x: point, rho: element }),
    });
  });

type Drawn = typeof runs extends fc.Arbitrary<infer T> ? T : never;

function buildRows({ prices, spotSlots, marginSlots }: Drawn) {
  const spotRows = spotSlots.map(({ amount, asset }) => ({ slots: [equity(amount, asset)], netValue: 0n }));
  const marginRows = marginSlots.map(({ held, owed }): rows.Row => {
    // As much debt as is covered, or none.
    const worth = held.amount * prices[held.asset]!.collateral;
    const covered = worth / prices[owed.asset]!.full;
    const debtUnits = owed.amount < covered ? owed.amount : covered;
    const slots: rows.MarginSlot[] = [{ amountUnits: held.amount, assetIndex: held.asset, side: 0 }];
    if (debtUnits > 0n) slots.push({ amountUnits: debtUnits, assetIndex: owed.asset, side: 1 });
    return { slots, netValue: rows.valueSlots(slots, prices) };
  });
  return { spotRows, marginRows };
}

function masksOf(
  layout: rows.RowLayout,
  drawn: readonly FieldElement[],
  total: FieldElement,
): rows.BatchMasks {
  const groups = Array.from({ length: rows.groupCount(layout) }, (_, group) =>
    Array.from({ length: rows.wordCount(layout) }, (__, word) => drawn[3 * group + word]!),
  );
  return { blind: drawn[10]!, total, cover: drawn[11]!, groups };
}

describe('sums and cover', () => {
  it('hold for any listing, rows and challenges, and for no total, V or K that is one off', () => {
    fc.assert(
      fc.property(runs, (drawn) => {
        const { spot, margin, prices, masks, challenges } = drawn;
        const { spotRows, marginRows } = buildRows(drawn);
        const codes = rows.listCodes(spot.indexBits, prices);
        const spotMasks = masksOf(spot, masks, masks[12]!);
        const marginMasks = masksOf(margin, masks, rows.negateField(masks[12]!));
        const first = rows.evaluateBatch(spot, { rows: spotRows, masks: spotMasks }, challenges);
        const second = rows.evaluateBatch(margin, { rows: marginRows, masks: marginMasks }, challenges);
        const sums = rows.sumSlots([...spotRows, ...marginRows]);
        const of = (side: 'equityUnits' | 'debtUnits') =>
          prices.map((_, index) => sums.find(({ assetIndex }) => assetIndex === index)?.[side] ?? 0n);
        const totals = { equity: of('equityUnits'), debt: of('debtUnits') };
        const shown = [first.total, second.total];
        rows.verifyTotals(shown, totals, { codes, x: challenges.x });
        for (const side of ['equity', 'debt'] as const) {
          const lie = {
            ...totals,
            [side]: totals[side].map((total, asset) => total + (asset === 0 ? 1n : 0n)),
          };
          expect(() => {
            rows.verifyTotals(shown, lie, { codes, x: challenges.x });
          }).toThrow(refusal('totals'));
        }

        const blinds = [...codes, 0].map((_, position) => masks[position]!);
        const points = rows.commitWeights(
          [{ layout: margin, rows: marginRows, coverMask: marginMasks.cover }],
          codes,
          { gamma: challenges.gamma, blinds },
        );
        const cover = {
          points,
          blindOpening: rows.openWeightBlinds(blinds, codes, challenges.x),
          layouts: [margin],
          covers: [second.cover!],
        };
        rows.verifyCover(cover, codes, challenges);
        const richer = marginRows.map((row, position) =>
          position === 2 ? { ...row, netValue: row.netValue + 1n } : row,
        );
        const lied = rows.evaluateBatch(margin, { rows: richer, masks: marginMasks }, challenges);
        expect(() => {
          rows.verifyCover({ ...cover, covers: [lied.cover!] }, codes, challenges);
        }).toThrow(refusal('cover'));
      }),
      { seed: 41, numRuns: 12 },
    );
  });

  it('count an amount under a code that is not listed, so that no totals come out', () => {
    const honest = makeRun();
    verifyEquations(honest);
    for (const assetIndex of [3, 15]) {
      const run = makeRun({
        ...HONEST_PLAN,
        placed: HONEST_PLAN.placed.map((part) =>
          part.userId === 'bob'
            ? { ...part, slots: [...part.slots.slice(0, 1), equity(1n, assetIndex)] }
            : part,
        ),
      });
      expect(() => {
        verifyEquations(run);
      }).toThrow(refusal('totals'));
    }
    // Side 1 has no place in a spot row.
    expect(() => rows.packWords(SPOT, [{ amountUnits: 1n, assetIndex: 0, side: 1 }])).toThrow(
      expect.objectContaining({ code: 'slot-side-malformed' }) as Error,
    );
  });

  it('are those of the formulas: one slot, no mask', () => {
    const [x, gamma, rho] = [1n << 40n, 3n, 5n].map(rows.reduceField) as [
      FieldElement,
      FieldElement,
      FieldElement,
    ];
    const layout: rows.RowLayout = {
      kind: 'margin',
      indexBits: 4,
      rows: 1,
      slots: 1,
      netBits: 126,
      groupRows: 32,
    };
    const batchRows = [{ slots: [{ amountUnits: 7n, assetIndex: 2, side: 1 as const }], netValue: 11n }];
    const masks = { blind: rows.ZERO, total: rows.ZERO, cover: rows.ZERO, groups: [[rows.ZERO]] };
    const { total, cover, openings } = rows.evaluateBatch(
      layout,
      { rows: batchRows, masks },
      { x, gamma, rho },
    );
    const share = multiplyField(rows.reduceField(7n), rows.invertField(rows.reduceField(x - 18n)));
    expect(total).toBe(share);
    expect(cover).toBe(rows.reduceField(3n * (share + 11n)));
    expect(openings).toEqual([rows.reduceField(5n * (7n + (2n << 64n) + (1n << 68n)))]);
  });

  it('list codes of equities, then of debts, and no more assets than index bits hold', () => {
    expect(rows.listCodes(1, [{ collateral: 4n, full: 5n }])).toEqual([
      { code: 0n, sigma: 4n },
      { code: 2n, sigma: FIELD_MODULUS - 5n },
    ]);
    const three = new Array(3).fill({ collateral: 1n, full: 1n }) as { collateral: bigint; full: bigint }[];
    expect(() => rows.listCodes(1, three)).toThrow(RangeError);
  });
});
