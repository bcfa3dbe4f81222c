import { beforeAll, describe, expect, it } from 'vitest';

import { AMOUNT_BITS, EMPTY_ROW, FIELD_MODULUS, NET_BITS, type Row } from '../../../src/protocol/index.js';
import {
  batchOf,
  CHALLENGES,
  debt,
  equity,
  field,
  MARGIN_3,
  MARGIN_WIDE,
  MAX_AMOUNT,
  MAX_NET,
  signalsOf,
  signalsWith,
  testCircuit,
} from '../batches.js';
import {
  expectAlone,
  expectedSignals,
  expectInputsBound,
  expectRange,
  expectSizes,
  expectTwin,
  publicOf,
} from '../checks.js';
import { coverAt, modulo, totalsAt, valuedRow, type Prices } from '../equations.js';
import type { TestedCircuit } from '../tested-circuit.js';

const PRICES: Prices = [
  { full: 20_000n, collateral: 18_000n },
  { full: 30_000n, collateral: 0n },
  { full: 50_000n, collateral: 50_000n },
];
const BATCH_3 = batchOf(MARGIN_3, [
  valuedRow(PRICES, equity(0, 500n), equity(2, 7n), debt(2, 40n)),
  valuedRow(PRICES, equity(1, MAX_AMOUNT)),
  EMPTY_ROW,
  valuedRow(PRICES, equity(2, 20n), debt(0, 50n)),
  valuedRow(PRICES, equity(0, 1n), equity(1, 1n), equity(2, 1n)),
]);
const BATCH_WIDE = batchOf(MARGIN_WIDE, [
  valuedRow(PRICES, equity(0, 900n), equity(1, 5n), equity(2, 7n), debt(0, 3n), debt(1, 4n), debt(2, 100n)),
]);
const LARGEST = field(FIELD_MODULUS - 1n);

describe.each([
  ['three slots', BATCH_3],
  ['eight slots, one row', BATCH_WIDE],
])('MarginRows with rows of %s', (_, batch) => {
  const { layout, rows, masks } = batch;
  const { x, gamma } = CHALLENGES;
  let circuit: TestedCircuit;
  beforeAll(async () => {
    circuit = await testCircuit(layout);
  });

  it('takes as many constraints and public signals as the protocol says, in its order', () => {
    expectSizes(circuit, layout);
  });

  it('equals its twin on random batches', async () => {
    await expectTwin(circuit, layout);
  });

  it('outputs the totals at x, and what covers debt, under their masks', async () => {
    const [, L, K] = publicOf(circuit, await circuit.expectAccepted(signalsOf(batch)));
    expect(L).toBe(modulo(masks.total + totalsAt(layout, rows, x)));
    expect(K).toBe(coverAt({ layout, prices: PRICES, rows, maskTotal: masks.cover, gamma }, x));
  });

  it.each<[string, readonly Row[]]>([
    ['one low', [{ slots: [equity(0, 499n), equity(2, 7n), debt(2, 40n)], netValue: 0n }]],
    ['moved between assets', [{ slots: [equity(0, 507n), debt(2, 40n)], netValue: 0n }]],
    ['netted against debt', [{ slots: [equity(0, 500n), debt(2, 33n)], netValue: 0n }]],
    ['with a side exchanged', [{ slots: [equity(0, 500n), equity(2, 47n)], netValue: 0n }]],
    ['of an index of no asset', [{ slots: [equity(0, 500n), equity(1023, 7n), debt(2, 40n)], netValue: 0n }]],
  ])('outputs an L that totals %s do not equal', async (_, published) => {
    const slots = [equity(0, 500n), equity(2, 7n), debt(2, 40n)];
    const one = {
      ...batch,
      rows: rows.map((row, position) => (position === 0 ? { ...row, slots } : EMPTY_ROW)),
    };
    const [, L] = publicOf(circuit, await circuit.expectAccepted(signalsOf(one)));
    expect(L).toBe(modulo(masks.total + totalsAt(layout, one.rows, x)));
    expect(L).not.toBe(modulo(masks.total + totalsAt(layout, published, x)));
  });

  it('takes net values that are wrong, which the check of cover then refuses', async () => {
    for (const by of [1n, -1n]) {
      const wrong = signalsWith(batch, ({ net }) => (net![0]! += by));
      const [, , K] = publicOf(circuit, await circuit.expectAccepted(wrong));
      expect(K).not.toBe(coverAt({ layout, prices: PRICES, rows, maskTotal: masks.cover, gamma }, x));
    }
  });

  it('takes a batch of dummies, and one that is full to the brim', async () => {
    await circuit.expectAccepted(signalsOf({ ...batch, rows: rows.map(() => EMPTY_ROW) }));
    const full = signalsWith(batch, ({ amount, code, net }) => {
      amount!.fill(MAX_AMOUNT);
      code!.fill((1n << BigInt(layout.indexBits + 1)) - 1n);
      net!.fill(MAX_NET);
    });
    await circuit.expectAccepted(full);
  });

  it('takes any field element as blind, mask and challenge', async () => {
    for (const value of [field(0), LARGEST]) {
      const groups = masks.groups.map((group) => group.map(() => value));
      const extreme = { ...batch, masks: { blind: value, total: value, cover: value, groups } };
      const challenges = { rho: value, gamma: value, x: field(FIELD_MODULUS - 2n) };
      const witness = await circuit.expectAccepted(signalsOf(extreme, challenges));
      expect(publicOf(circuit, witness)).toEqual(expectedSignals(extreme, challenges));
    }
  });

  it('binds every private input to the digest', async () => {
    await expectInputsBound(circuit, batch);
  });

  it('leaves no second witness beside an honest one', async () => {
    expectAlone(circuit, await circuit.expectAccepted(signalsOf(batch)));
  });

  it('refuses every public signal that is one more', async () => {
    const witness = await circuit.expectAccepted(signalsOf(batch));
    for (let wire = 1; wire <= circuit.system.publicCount; wire++) {
      const forged = witness.with(wire, modulo(witness[wire]! + 1n));
      expect(circuit.system.brokenBy(forged), circuit.namesOf([wire]).join()).not.toEqual([]);
    }
  });
});

describe('MarginRows against values out of range', () => {
  let circuit: TestedCircuit;
  beforeAll(async () => {
    circuit = await testCircuit(MARGIN_3);
  });

  it('holds amounts to 64 bits, codes to B and a side, nets to 126, in the first and the last place', async () => {
    for (const row of [0, MARGIN_3.rows - 1]) {
      const position = row * MARGIN_3.slots;
      await expectRange(circuit, BATCH_3, { name: 'amount', position, bits: AMOUNT_BITS });
      await expectRange(circuit, BATCH_3, { name: 'code', position, bits: MARGIN_3.indexBits + 1 });
      await expectRange(circuit, BATCH_3, { name: 'net', position: row, bits: NET_BITS });
    }
  });

  it('refuses a debt of - 5, which would be equity', async () => {
    await circuit.expectRefused(signalsWith(BATCH_3, ({ amount }) => (amount![2] = FIELD_MODULUS - 5n)));
  });
});
