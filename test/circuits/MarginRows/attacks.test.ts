import { beforeAll, describe, expect, it } from 'vitest';

import { EMPTY_ROW, type Row } from '../../../src/protocol/index.js';
import { batchOf, CHALLENGES, debt, equity, MARGIN_3, signalsOf, testedRows } from '../row-batches.js';
import { modulo } from '../row-equations.js';
import { field } from '../statements.js';
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
  circuit = await testedRows(MARGIN_3);
});

describe('MarginRows against a prover whose hints are lies', () => {
  it('refuses the whole value in its lowest bit, by the constraint of that bit alone', async () => {
    const liar = await circuit.liar({
      file: 'Num2Bits.circom',
      truth: '(in >> i) & 1',
      lie: 'i==0 ? in : 0',
    });
    const { amount, code, net } = signalsOf(BATCH);
    const values = [...amount!, ...code!, ...net!];
    const broken = circuit.system.brokenBy(await liar(signalsOf(BATCH)));
    expect(broken).toHaveLength(values.filter((value) => value > 1n).length);
  });

  it('refuses shares and a mask that are no quotients, by their constraints alone', async () => {
    const liar = await circuit.liar({
      file: 'Fraction.circom',
      truth: 'quotient <-- numerator / (x - pole)',
      lie: 'quotient <-- numerator',
    });
    const broken = circuit.system.brokenBy(await liar(signalsOf(BATCH)));
    const mask = 1;
    expect(broken).toHaveLength(ROWS.flatMap(({ slots }) => slots).length + mask);
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
