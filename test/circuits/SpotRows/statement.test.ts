import { beforeAll, describe, expect, it } from 'vitest';

import { AMOUNT_BITS, EMPTY_ROW, FIELD_MODULUS } from '../../../src/protocol/index.js';
import {
  batchOf,
  CHALLENGES,
  field,
  MAX_AMOUNT,
  signalsOf,
  signalsWith,
  SPOT_1,
  SPOT_3,
  spotRow,
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
import { modulo, totalsAt } from '../equations.js';
import type { TestedCircuit } from '../tested-circuit.js';

const BATCH_1 = batchOf(SPOT_1, [
  spotRow([2, 500n]),
  spotRow([1, 7n]),
  EMPTY_ROW,
  spotRow([3, MAX_AMOUNT]),
  spotRow([0, 42n]),
]);
const BATCH_3 = batchOf(SPOT_3, [
  spotRow([1, 500n], [4, 7n]),
  spotRow([2, MAX_AMOUNT]),
  EMPTY_ROW,
  spotRow([0, 42n]),
  spotRow([5, 1n], [9, 2n], [1023, 3n]),
  EMPTY_ROW,
  spotRow([7, 9n]),
]);
const LARGEST = field(FIELD_MODULUS - 1n);

describe.each([
  ['one slot', BATCH_1],
  ['three slots', BATCH_3],
])('SpotRows with rows of %s', (_, batch) => {
  const { layout } = batch;
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

  it('outputs the totals at x under a mask', async () => {
    const [, L] = publicOf(circuit, await circuit.expectAccepted(signalsOf(batch)));
    const { x } = CHALLENGES;
    expect(L).toBe(modulo(batch.masks.total + totalsAt(layout, batch.rows, x)));
  });

  it('takes a batch of dummies, and one that is full to the brim', async () => {
    const rows = batch.rows.map(() => EMPTY_ROW);
    await circuit.expectAccepted(signalsOf({ ...batch, rows }));
    const full = signalsWith(batch, (signals) => {
      signals.amount!.fill(MAX_AMOUNT);
      signals.code!.fill((1n << BigInt(layout.indexBits)) - 1n);
    });
    await circuit.expectAccepted(full);
  });

  it('takes any field element as blind, mask and challenge', async () => {
    for (const value of [field(0), LARGEST]) {
      const groups = batch.masks.groups.map((group) => group.map(() => value));
      const extreme = { ...batch, masks: { ...batch.masks, blind: value, total: value, groups } };
      const challenges = { ...CHALLENGES, rho: value, x: field(FIELD_MODULUS - 2n) };
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

describe('SpotRows against values out of range', () => {
  let circuit: TestedCircuit;
  beforeAll(async () => {
    circuit = await testCircuit(SPOT_3);
  });

  it('holds amounts to 64 bits and codes to B, in the first and the last slot', async () => {
    const lastSlot = SPOT_3.rows * SPOT_3.slots - 1;
    for (const position of [0, lastSlot]) {
      await expectRange(circuit, BATCH_3, { name: 'amount', position, bits: AMOUNT_BITS });
      await expectRange(circuit, BATCH_3, { name: 'code', position, bits: SPOT_3.indexBits });
    }
  });

  it('refuses - 5 and + 5 under one code, listed or not, though the sum is right', async () => {
    for (const code of [0n, 3n]) {
      const signals = signalsWith(BATCH_3, ({ amount, code: codes }) => {
        [amount![0], amount![1]] = [FIELD_MODULUS - 5n, 5n];
        [codes![0], codes![1]] = [code, code];
      });
      await circuit.expectRefused(signals);
    }
  });
});
