import { beforeAll, describe, expect, it } from 'vitest';

import { EMPTY_ROW } from '../../../src/protocol/index.js';
import {
  batchOf,
  CHALLENGES,
  field,
  NO_QUOTIENT,
  signalsOf,
  SPOT_3,
  spotRow,
  testCircuit,
  WHOLE_IN_LOWEST_BIT,
} from '../batches.js';
import { publicOf } from '../checks.js';
import { modulo } from '../equations.js';
import type { TestedCircuit } from '../tested-circuit.js';

const ROWS = [
  spotRow([1, 500n], [4, 7n]),
  spotRow([2, 9n]),
  EMPTY_ROW,
  spotRow([0, 42n]),
  spotRow([5, 1n], [9, 2n], [1023, 3n]),
  EMPTY_ROW,
  spotRow([7, 9n]),
];
const BATCH = batchOf(SPOT_3, ROWS);

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await testCircuit(SPOT_3);
});

describe('SpotRows against a prover whose hints are lies', () => {
  it('refuses each bit and each share that is not what it is, by its own constraint alone', async () => {
    const liar = await circuit.liar(WHOLE_IN_LOWEST_BIT, NO_QUOTIENT);
    const { amount, code } = signalsOf(BATCH);
    const bits = [...amount!, ...code!].filter((value) => value > 1n);
    const shares = ROWS.flatMap(({ slots }) => slots);
    expect(circuit.system.brokenBy(await liar(signalsOf(BATCH)))).toHaveLength(bits.length + shares.length);
  });

  it('refuses bits of another weight with the same sum', async () => {
    const witness = await circuit.expectAccepted(signalsOf(BATCH));
    // Two of bit i and one less of bit i + 1: every amount, word and element is what it was.
    for (let bit = 0; bit < 62; bit += 7) {
      const [low, high] = [bit, bit + 1].map((index) => circuit.wireOf(`main.batch.bit[${index}]`)) as [
        number,
        number,
      ];
      const forged = witness.with(low, witness[low]! + 2n).with(high, modulo(witness[high]! - 1n));
      const broken = circuit.system.brokenBy(forged);
      expect(broken.length).toBeGreaterThanOrEqual(1);
      expect(broken.length).toBeLessThanOrEqual(2);
    }
  });
});

describe('SpotRows where x is a code', () => {
  it('leaves the share of an empty slot free, so that no verifier may take such an x', async () => {
    const challenges = { ...CHALLENGES, x: field(0) };
    const rows = BATCH.rows.map(() => spotRow([1, 1n], [2, 1n], [3, 1n])).with(6, EMPTY_ROW);
    const witness = await circuit.expectAccepted(signalsOf(batchOf(SPOT_3, rows), challenges));
    const forged = [...witness];
    forged[circuit.wireOf('main.row[6].slotShare[0]')]! += 1_000_000n;
    forged[circuit.wireOf('main.L')] = modulo(witness[circuit.wireOf('main.L')]! + 1_000_000n);
    expect(circuit.system.brokenBy(forged)).toEqual([]);
    expect(publicOf(circuit, forged)[0]).toBe(publicOf(circuit, witness)[0]);
  });

  it('leaves none free where x is no code', async () => {
    const witness = await circuit.expectAccepted(signalsOf(BATCH));
    const forged = [...witness];
    forged[circuit.wireOf('main.row[6].slotShare[1]')]! += 1_000_000n;
    forged[circuit.wireOf('main.L')] = modulo(witness[circuit.wireOf('main.L')]! + 1_000_000n);
    expect(circuit.system.brokenBy(forged)).toHaveLength(1);
  });
});
