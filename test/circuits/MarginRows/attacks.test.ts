import { beforeAll, describe, expect, it } from 'vitest';

import { EMPTY_ROW, type Row } from '../../../src/protocol/index.js';
import {
  batchOf,
  CHALLENGES,
  debt,
  equity,
  field,
  MARGIN_3,
  NO_QUOTIENT,
  signalsOf,
  testCircuit,
  WHOLE_IN_LOWEST_BIT,
} from '../batches.js';
import { modulo } from '../equations.js';
import type { TestedCircuit } from '../tested-circuit.js';

const ROWS: readonly Row[] = [
  { slots: [equity(0, 500n), equity(2, 7n), debt(2, 40n)], netValue: 77n },
  { slots: [equity(1, 9n)], netValue: 1n << 100n },
  EMPTY_ROW,
  { slots: [equity(2, 20n), debt(0, 50n)], netValue: 0n },
  { slots: [equity(0, 1n), equity(1, 1n), equity(2, 1n)], netValue: 1n },
];
const BATCH = batchOf(MARGIN_3, ROWS);

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await testCircuit(MARGIN_3);
});

describe('MarginRows against a prover whose hints are lies', () => {
  it('refuses each bit and each quotient that is not what it is, by its own constraint alone', async () => {
    const liar = await circuit.liar(WHOLE_IN_LOWEST_BIT, NO_QUOTIENT);
    const { amount, code, net, maskK } = signalsOf(BATCH);
    const bits = [...amount!, ...code!, ...net!].filter((value) => value > 1n);
    const quotients = [...maskK!, ...ROWS.flatMap(({ slots }) => slots)];
    expect(circuit.system.brokenBy(await liar(signalsOf(BATCH)))).toHaveLength(
      bits.length + quotients.length,
    );
  });
});

describe('MarginRows where x is a pole', () => {
  it('leaves the share of an empty slot free at a code, so that no verifier may take such an x', async () => {
    const batch = batchOf(MARGIN_3, [...ROWS.slice(1), EMPTY_ROW].map(withoutCodeZero));
    const witness = await circuit.expectAccepted(signalsOf(batch, { ...CHALLENGES, x: field(0) }));
    const forged = [...witness];
    const move = (name: string, by: bigint) => {
      const wire = circuit.wireOf(`main.${name}`);
      forged[wire] = modulo(witness[wire]! + by);
    };
    let by = 1_000_000n;
    move('row[4].slotShare[0]', by);
    move('L', by);
    for (let row = 4; row >= 0; row--) {
      by = modulo(by * CHALLENGES.gamma);
      move(`tail[${row}]`, by);
    }
    move('K', by);
    expect(circuit.system.brokenBy(forged)).toEqual([]);
  });

  it('has no K at all at -1 under a mask that is not 0', async () => {
    await circuit.expectRefused(signalsOf(BATCH, { ...CHALLENGES, x: modulo(-1n) }));
  });
});

function withoutCodeZero(row: Row): Row {
  return { ...row, slots: row.slots.filter((slot) => slot.assetIndex !== 0) };
}
