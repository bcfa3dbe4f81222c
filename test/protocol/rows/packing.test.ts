import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import * as rows from '../../../src/protocol/index.js';
import { debt, equity, marginEquity } from './honest-run.js';

const SPOT: rows.RowLayout = { kind: 'spot', indexBits: 5, rows: 4, slots: 5, netBits: 0, groupRows: 2 };
const MARGIN: rows.RowLayout = { ...SPOT, kind: 'margin', netBits: 126 };
const ASSET_COUNT = 20;
const refusal = (code: string) => expect.objectContaining({ code, errorClass: 'format' }) as Error;

/** Canonical rows of a layout. */
const rowOf = (layout: rows.RowLayout) =>
  fc
    .record({
      codes: fc.uniqueArray(
        fc.integer({ min: 0, max: ASSET_COUNT * (layout.kind === 'margin' ? 2 : 1) - 1 }),
        {
          maxLength: layout.slots,
        },
      ),
      amounts: fc.array(fc.bigInt({ min: 1n, max: (1n << 64n) - 1n }), {
        minLength: layout.slots,
        maxLength: layout.slots,
      }),
      netValue: fc.bigInt({ min: 0n, max: layout.kind === 'margin' ? (1n << 126n) - 1n : 0n }),
    })
    .map(({ codes, amounts, netValue }): rows.Row => ({
      slots: codes
        .sort((a, b) => a - b)
        .map((code, position) => {
          const [assetIndex, isDebt] = [code % ASSET_COUNT, code >= ASSET_COUNT];
          if (layout.kind === 'spot') return equity(amounts[position]!, assetIndex);
          return (isDebt ? debt : marginEquity)(amounts[position]!, assetIndex);
        }),
      netValue,
    }));

/** Reads packed bits back, slot by slot: the inverse of packing, in another style. */
function unpackBatch(layout: rows.RowLayout, elements: readonly bigint[]): rows.Row[] {
  const bits = elements
    .map((element) => element.toString(2).padStart(252, '0').split('').reverse().join(''))
    .join('');
  let at = 0;
  const take = (count: number) => {
    const digits = bits
      .slice(at, (at += count))
      .split('')
      .reverse()
      .join('');
    return digits === '' ? 0n : BigInt(`0b${digits}`);
  };
  return Array.from({ length: layout.rows }, () => {
    const all = Array.from({ length: layout.slots }, () => {
      const slot = { amountUnits: take(64), assetIndex: Number(take(layout.indexBits)) };
      return layout.kind === 'margin' ? { ...slot, side: Number(take(1)) as rows.Side } : slot;
    });
    return { slots: all.filter(({ amountUnits }) => amountUnits > 0n), netValue: take(layout.netBits) };
  });
}

describe('packing', () => {
  it.each([
    ['spot', SPOT],
    ['margin', MARGIN],
  ])('keeps every bit of a batch of %s rows: elements read back give the rows', (_, layout) => {
    fc.assert(
      fc.property(fc.array(rowOf(layout), { minLength: layout.rows, maxLength: layout.rows }), (batch) => {
        const elements = rows.packElements(layout, batch);
        expect(elements).toHaveLength(rows.elementCount(layout));
        expect(elements.every((element) => element < 1n << 252n)).toBe(true);
        expect(unpackBatch(layout, elements)).toEqual(batch);
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it('gives different words to different rows, and none of V', () => {
    fc.assert(
      fc.property(rowOf(MARGIN), rowOf(MARGIN), (a, b) => {
        const [first, second] = [a, b].map(({ slots }) => rows.packWords(MARGIN, slots).join());
        expect(rows.packWords(MARGIN, a.slots)).toHaveLength(rows.wordCount(MARGIN));
        expect(first === second).toBe(JSON.stringify(texts(a.slots)) === JSON.stringify(texts(b.slots)));
      }),
      { seed: 12, numRuns: 60 },
    );
    expect(rows.packWords(MARGIN, [marginEquity(1n, 0), debt(3n, 2)])).toEqual([
      1n + (3n << 70n) + (2n << 134n) + (1n << 139n),
      0n,
    ]);
  });

  it.each<[string, rows.RowLayout, rows.Slot[], string]>([
    ['an amount of 0', SPOT, [equity(0n, 0)], 'slot-amount-out-of-range'],
    ['an amount of 2^64', SPOT, [equity(1n << 64n, 0)], 'slot-amount-out-of-range'],
    ['a negative amount', SPOT, [equity(-1n, 0)], 'slot-amount-out-of-range'],
    ['an index of A', SPOT, [equity(1n, ASSET_COUNT)], 'slot-index-out-of-range'],
    ['half an index', SPOT, [equity(1n, 0.5)], 'slot-index-out-of-range'],
    ['a negative index', SPOT, [equity(1n, -1)], 'slot-index-out-of-range'],
    ['a side in a spot slot', SPOT, [debt(1n, 0)], 'slot-side-malformed'],
    ['no side in a margin slot', MARGIN, [equity(1n, 0)], 'slot-side-malformed'],
    ['a side of 2', MARGIN, [{ ...debt(1n, 0), side: 2 as rows.Side }], 'slot-side-malformed'],
    ['falling codes', SPOT, [equity(1n, 2), equity(1n, 1)], 'slots-not-rising'],
    ['a code twice', MARGIN, [debt(1n, 2), debt(1n, 2)], 'slots-not-rising'],
    ['debt before equity', MARGIN, [debt(1n, 0), marginEquity(1n, 1)], 'slots-not-rising'],
    ['too many slots', SPOT, [0, 1, 2, 3, 4, 5].map((index) => equity(1n, index)), 'slots-too-many'],
  ])('refuses %s', (_, layout, slots, code) => {
    expect(() => {
      rows.assertSlots(layout, slots, ASSET_COUNT);
    }).toThrow(refusal(code));
  });

  it.each([
    ['of 2^126', MARGIN, 1n << 126n],
    ['below 0', MARGIN, -1n],
    ['in a spot row', SPOT, 1n],
  ])('refuses a net value %s', (_, layout, netValue) => {
    rows.assertRow(MARGIN, { slots: [], netValue: (1n << 126n) - 1n }, ASSET_COUNT);
    expect(() => {
      rows.assertRow(layout, { slots: [], netValue }, ASSET_COUNT);
    }).toThrow(refusal('net-value-out-of-range'));
  });

  it('refuses a batch that has not all of its rows', () => {
    expect(() => rows.packElements(SPOT, [rows.EMPTY_ROW])).toThrow(refusal('row-count-differs'));
  });
});

function texts(slots: readonly rows.Slot[]): string[] {
  return slots.map((slot) => `${slot.amountUnits.toString()}/${slot.assetIndex}/${rows.sideOf(slot)}`);
}
