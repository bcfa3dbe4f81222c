import { beforeAll, describe, expect, it } from 'vitest';

import {
  EMPTY_ROW,
  FIELD_MODULUS,
  packElements,
  type FieldElement,
  type Row,
} from '../../../src/protocol/index.js';
import { poseidon } from '../../../src/prover/poseidon/poseidon.js';
import type { ProvenBatch } from '../../../src/prover/commit/commit-batch.js';
import {
  batchOf,
  type BatchSignals,
  field,
  signalsOf,
  signalsWith,
  SPOT_3,
  spotLayout,
  spotRow,
  testCircuit,
  testMutant,
  ZERO,
} from '../batches.js';
import { expectedSignals, publicOf } from '../checks.js';
import type { TestedCircuit } from '../tested-circuit.js';

const FILE = 'SpotRows.circom';
const BATCH = batchOf(SPOT_3, [
  spotRow([1, 1n], [4, 7n]),
  spotRow([2, 9n]),
  spotRow([0, 1n]),
  spotRow([0, 42n]),
  spotRow([5, 1n], [9, 2n], [1023, 3n]),
  spotRow([2, 4n]),
  spotRow([7, 9n], [8, 9n], [9, 9n]),
]);
/** Where public signals stand. */
const DIGEST = 0;
const L = 1;
const Z = 2;

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await testCircuit(SPOT_3);
});

describe('SpotRows with less in its digest', () => {
  let mutant: TestedCircuit;
  beforeAll(async () => {
    // Each attack below changes what one of these mutations is about, and nothing else.
    mutant = await testMutant(
      SPOT_3,
      { file: FILE, original: 'message[1] <== maskL;', mutant: 'message[1] <== 0;' },
      { file: FILE, original: '<== mask[g][i];', mutant: '<== 0;' },
      {
        file: FILE,
        original: '<== batch.word[e];',
        mutant: '<== e == elements - 1 ? 0 : batch.word[e];',
      },
      {
        file: FILE,
        original: 'word[u] <== row[u].word;',
        mutant: 'for (var i = 0; i < words; i++) { word[u][i] <-- row[u].word[i] + 41; }',
      },
    );
  });

  it.each<[string, (signals: BatchSignals) => void, number]>([
    ['another mask of L, for any totals', ({ maskL }) => (maskL![0]! += 1_000_000n), L],
    ['another mask of a group, for any opening', ({ mask }) => (mask![0]! += 41n), Z],
    ['another amount in the last slot of the batch', ({ amount }) => (amount![20]! += 1n << 60n), L],
  ])('would take %s once x and rho are known, and does not', async (_, change, moved) => {
    const isTaken = async (tested: TestedCircuit) => {
      const committed = publicOf(tested, await tested.expectAccepted(signalsOf(BATCH)));
      const chosen = publicOf(tested, await tested.expectAccepted(signalsWith(BATCH, change)));
      expect(chosen[moved]).not.toBe(committed[moved]);
      return chosen[DIGEST] === committed[DIGEST];
    };
    expect(await isTaken(mutant)).toBe(true);
    expect(await isTaken(circuit)).toBe(false);
  });

  it('would show 42 to a user and count 1 where words are of other bits, and does not', async () => {
    const shown: ProvenBatch = {
      ...BATCH,
      rows: BATCH.rows.map(({ slots: [first, ...rest] }): Row => {
        return { slots: [{ ...first!, amountUnits: first!.amountUnits + 41n }, ...rest], netValue: 0n };
      }),
    };
    const signals = publicOf(mutant, await mutant.expectAccepted(signalsOf(BATCH)));
    expect(signals[L]).toBe(expectedSignals(BATCH)[L]);
    expect(signals.slice(Z)).toEqual(expectedSignals(shown).slice(Z));

    const honest = await circuit.expectAccepted(signalsOf(BATCH));
    const forged = honest.with(1 + Z, expectedSignals(shown)[Z]!);
    expect(circuit.system.brokenBy(forged)).not.toEqual([]);
  });
});

describe('SpotRows with fewer checks', () => {
  let mutant: TestedCircuit;
  beforeAll(async () => {
    mutant = await testMutant(
      SPOT_3,
      {
        file: 'Num2Bits.circom',
        original: 'out[i] <-- ((in >> i) & one) == one;\n        out[i] * (1 - out[i]) === 0;',
        mutant: 'out[i] <-- i == 0 ? in : 0;',
      },
      {
        file: 'GroupOpenings.circom',
        original: 'tail[u][i] <== rho * (next + word[u][i]);',
        mutant: 'tail[u][i] <== next + word[u][i];',
      },
    );
  });

  it('would take - 5 and + 5 under one code where amounts have no range, and does not', async () => {
    const empty = batchOf(
      SPOT_3,
      BATCH.rows.map(() => EMPTY_ROW),
    );
    const negative = signalsWith(empty, ({ amount, code }) => {
      [amount![0], amount![1]] = [FIELD_MODULUS - 5n, 5n];
      [code![0], code![1]] = [1000n, 1000n];
    });
    const signals = publicOf(mutant, await mutant.expectAccepted(negative));
    expect(signals[L]).toBe(expectedSignals(empty)[L]);
    await circuit.expectRefused(negative);
  });

  it('would take a code beyond B bits, a debt elsewhere, and does not', async () => {
    const beyond = signalsWith(BATCH, ({ code }) => (code![0] = 1n << 10n));
    await mutant.expectAccepted(beyond);
    await circuit.expectRefused(beyond);
  });

  it('would open points of two rows to words of each other under one factor, and does not', async () => {
    const exchanged = { ...BATCH, rows: [BATCH.rows[1]!, BATCH.rows[0]!, ...BATCH.rows.slice(2)] };
    const opening = async (tested: TestedCircuit, batch: ProvenBatch) =>
      publicOf(tested, await tested.expectAccepted(signalsOf(batch)))[Z];
    expect(await opening(mutant, exchanged)).toBe(await opening(mutant, BATCH));
    expect(await opening(circuit, exchanged)).not.toBe(await opening(circuit, BATCH));
  });
});

describe('SpotRows whose sponge starts at the blind', () => {
  /** 15 values and 4 more; and 4: zero in place of the blind, maskL, masks of the groups, elements. */
  const LONG = spotLayout({ indexBits: 2, rows: 13, slots: 1, groupRows: 1 });
  const SHORT = spotLayout({ indexBits: 2, rows: 2, slots: 1, groupRows: 2 });
  const mutations = [
    { file: FILE, original: '(DIV, message)', mutant: '(blind, message)' },
    { file: FILE, original: 'message[0] <== blind;', mutant: 'message[0] <== 0;' },
  ];
  /** Rows 0 to 3 are empty, so that the first element, where the last block begins, is 0. */
  const longBatch = batchOf(
    LONG,
    Array.from({ length: 13 }, (_, row) => (row < 4 ? EMPTY_ROW : spotRow([row % 4, BigInt(row) << 40n]))),
  );

  it('would open one digest to batches of two layouts, and does not', async () => {
    const batches = [longBatch, readLastBlock()];
    const digests: (bigint | undefined)[] = [];
    for (const batch of batches) {
      const mutant = await testMutant(batch.layout, ...mutations);
      digests.push(publicOf(mutant, await mutant.expectAccepted(signalsOf(batch)))[DIGEST]);
    }
    expect(digests[0]).toBe(digests[1]);
    const [long, short] = batches.map((batch) => expectedSignals(batch)[DIGEST]);
    expect(long).not.toBe(short);
  });

  /** The last block of the long batch as a short batch, with the state before it as the blind. */
  function readLastBlock(): ProvenBatch {
    const { masks, rows } = longBatch;
    const [, maskL, mask, rest] = packElements(LONG, rows) as [bigint, FieldElement, FieldElement, bigint];
    const readRow = (bits: bigint) =>
      spotRow([Number(BigInt.asUintN(2, bits >> 64n)), BigInt.asUintN(64, bits)]);
    return {
      ...batchOf(SHORT, [readRow(rest), readRow(rest >> 66n)]),
      masks: {
        blind: poseidon([masks.blind, ZERO, masks.total, ...masks.groups.flat()]),
        total: field(maskL),
        cover: ZERO,
        groups: [[mask]],
      },
    };
  }
});
