import { beforeAll, describe, expect, it } from 'vitest';

import {
  EMPTY_ROW,
  FIELD_MODULUS,
  type Challenges,
  type FieldElement,
  type Row,
} from '../../../src/protocol/index.js';
import {
  batchOf,
  CHALLENGES,
  debt,
  equity,
  field,
  MARGIN_3,
  MAX_AMOUNT,
  MAX_NET,
  signalsOf,
  signalsWith,
  testCircuit,
  testMutant,
} from '../batches.js';
import { expectedSignals, publicOf } from '../checks.js';
import { coverAt, modulo, netValueOf, type Cover, type Prices } from '../equations.js';
import type { TestedCircuit } from '../tested-circuit.js';

const FILE = 'MarginRows.circom';
const PRICES: Prices = [
  { full: 7n, collateral: 7n },
  { full: 1n << 62n, collateral: 1n << 62n },
];
/** Owes 7 more than it holds. */
const BANKRUPT: Row['slots'] = [equity(0, 1n), debt(0, 2n)];
/** Far above water: 2^125. */
const WHALE: Row['slots'] = [equity(1, 1n << 63n)];
const EMPTY = [EMPTY_ROW, EMPTY_ROW, EMPTY_ROW];
/** Where public signals stand. */
const DIGEST = 0;
const K = 2;

/** Five rows, the first of which is bankrupt, with the net values that are claimed. */
function bankruptBatch(nets: readonly [bigint, bigint], second: Row['slots'] = WHALE) {
  return batchOf(MARGIN_3, [
    { slots: BANKRUPT, netValue: nets[0] },
    { slots: second, netValue: nets[1] },
    ...EMPTY,
  ]);
}

/** What the verifier computes from weighted totals of the true amounts. */
function coverOf({ rows, masks }: ReturnType<typeof bankruptBatch>, gamma: FieldElement): Cover {
  return { layout: MARGIN_3, prices: PRICES, rows, maskTotal: masks.cover, gamma };
}

const WHALE_NET = netValueOf(PRICES, { slots: WHALE });

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await testCircuit(MARGIN_3);
});

describe('MarginRows with less in its digest', () => {
  let mutant: TestedCircuit;
  beforeAll(async () => {
    mutant = await testMutant(
      MARGIN_3,
      { file: FILE, original: 'message[2] <== maskK;', mutant: 'message[2] <== 0;' },
      { file: FILE, original: '<== netBits[u].out[i];', mutant: '<== 0;' },
    );
  });

  it('would take another mask of K once x is known, for any cover, and does not', async () => {
    const batch = bankruptBatch([0n, WHALE_NET]);
    const { gamma, x } = CHALLENGES;
    const needed = coverAt(coverOf(batch, gamma), x);
    const claimed = expectedSignals(batch)[K]!;
    // K must be less by gamma * 7, so its mask by (x + 1) times that.
    const mask = modulo(batch.masks.cover - (claimed - needed) * (x + 1n));
    const isTaken = async (tested: TestedCircuit) => {
      const committed = publicOf(tested, await tested.expectAccepted(signalsOf(batch)));
      const refitted = signalsWith(batch, ({ maskK }) => (maskK![0] = mask));
      const chosen = publicOf(tested, await tested.expectAccepted(refitted));
      expect(chosen[K]).toBe(needed);
      expect(committed[K]).not.toBe(needed);
      return chosen[DIGEST] === committed[DIGEST];
    };
    expect(await isTaken(mutant)).toBe(true);
    expect(await isTaken(circuit)).toBe(false);
  });

  it('would take nets in range for a bankrupt row once gamma is known, and does not', async () => {
    const { gamma, first, second } = findSmallRelation();
    const challenges = { ...CHALLENGES, gamma };
    const committed = bankruptBatch([0n, WHALE_NET]);
    // first + gamma * second = 0: the true - 7 and 2^125, moved by it, are both in range.
    const chosen = bankruptBatch([first - 7n, WHALE_NET + second]);
    const needed = coverAt(coverOf(committed, gamma), challenges.x);
    const isTaken = async (tested: TestedCircuit) => {
      const before = publicOf(tested, await tested.expectAccepted(signalsOf(committed, challenges)));
      const after = publicOf(tested, await tested.expectAccepted(signalsOf(chosen, challenges)));
      expect(after[K]).toBe(needed);
      return after[DIGEST] === before[DIGEST];
    };
    expect(await isTaken(mutant)).toBe(true);
    expect(await isTaken(circuit)).toBe(false);
  });
});

describe('MarginRows with other checks', () => {
  let mutant: TestedCircuit;
  beforeAll(async () => {
    mutant = await testMutant(
      MARGIN_3,
      { file: FILE, original: 'maskShare <== Fraction()(maskK, -1, x);', mutant: 'maskShare <== maskK;' },
      {
        file: 'Num2Bits.circom',
        original: 'out[i] <-- ((in >> i) & one) == one;\n        out[i] * (1 - out[i]) === 0;',
        mutant: 'out[i] <-- i == 0 ? in : 0;',
      },
    );
  });

  it('would let a constant mask of K pay a debt before x is known, and does not', async () => {
    const batch = bankruptBatch([0n, WHALE_NET]);
    const { gamma } = CHALLENGES;
    // The claimed nets are 7 more than the true ones: so much, weighted, is added to the mask that is published.
    const fitted: Cover = { ...coverOf(batch, gamma), maskTotal: batch.masks.cover + gamma * 7n };
    const isTaken = async (
      tested: TestedCircuit,
      x: FieldElement,
      cover: Cover,
      maskFactor?: (x: bigint) => bigint,
    ) => {
      const witness = await tested.expectAccepted(signalsOf(batch, { ...CHALLENGES, x }));
      return publicOf(tested, witness)[K] === coverAt(cover, x, maskFactor);
    };
    const points = [CHALLENGES.x, field(CHALLENGES.x + 1_000n)] as const;
    for (const x of points) {
      expect(await isTaken(mutant, x, fitted, () => 1n)).toBe(true);
      expect(await isTaken(circuit, x, fitted)).toBe(false);
    }
    // At the pole it can be fitted to one x, which is drawn after it, and is then false at any other.
    const maskTotal = batch.masks.cover + gamma * 7n * (points[0] + 1n);
    const fittedToOne = { ...coverOf(batch, gamma), maskTotal };
    expect(await isTaken(circuit, points[0], fittedToOne)).toBe(true);
    expect(await isTaken(circuit, points[1], fittedToOne)).toBe(false);
  });

  it('would take a negative net value, and does not', async () => {
    const batch = bankruptBatch([FIELD_MODULUS - 7n, WHALE_NET]);
    const witness = await mutant.expectAccepted(signalsOf(batch));
    expect(publicOf(mutant, witness)[K]).toBe(
      coverAt(coverOf(batch, CHALLENGES.gamma), CHALLENGES.x, () => 1n),
    );
    await circuit.expectRefused(signalsOf(batch));
  });

  it('would take a side of 2, which is neither equity nor debt, and does not', async () => {
    const batch = bankruptBatch([0n, WHALE_NET]);
    const beyond = signalsWith(batch, ({ code }) => (code![0] = 2n << 10n));
    await mutant.expectAccepted(beyond);
    await circuit.expectRefused(beyond);
  });
});

describe('MarginRows with one weight for all rows', () => {
  it('would let one row bear the debt of another, and does not', async () => {
    const mutant = await testMutant(MARGIN_3, {
      file: FILE,
      original: 'tail[u] <== gamma * (next + row[u].share + net[u]);',
      mutant: 'tail[u] <== next + gamma * (row[u].share + net[u]);',
    });
    const second = [equity(0, MAX_AMOUNT)];
    const net = netValueOf(PRICES, { slots: second });
    const truth = bankruptBatch([FIELD_MODULUS - 7n, net], second);
    const claimed = bankruptBatch([0n, net - 7n], second);
    const isTaken = async (tested: TestedCircuit, trueCover: bigint) =>
      publicOf(tested, await tested.expectAccepted(signalsOf(claimed)))[K] === trueCover;
    expect(await isTaken(mutant, coverWithOneWeight(truth, CHALLENGES))).toBe(true);
    expect(await isTaken(circuit, expectedCover(truth))).toBe(false);
  });

  function coverWithOneWeight(batch: ReturnType<typeof bankruptBatch>, { gamma, x }: Challenges): bigint {
    const cover = coverOf(batch, gamma);
    const shares = batch.rows.map((row) => coverAt({ ...cover, rows: [row], maskTotal: 0n }, x));
    const mask: bigint = coverAt({ ...cover, rows: [] }, x);
    return modulo(shares.reduce<bigint>((sum, share) => sum + share, mask));
  }

  function expectedCover(batch: ReturnType<typeof bankruptBatch>): bigint {
    return coverAt(coverOf(batch, CHALLENGES.gamma), CHALLENGES.x);
  }
});

/**
 * Some gamma with integers first + gamma * second = 0 in the field, such that 7 <= first < 2^126 and second is below 2^125:
 * about every second gamma has them, and a prover may draw many.
 */
function findSmallRelation(): { gamma: FieldElement; first: bigint; second: bigint } {
  for (let attempt = 1n; attempt < 100n; attempt++) {
    const gamma = modulo(CHALLENGES.gamma * attempt ** 5n);
    // Euclid's algorithm keeps remainder = factor * gamma modulo the field.
    let [previous, remainder] = [FIELD_MODULUS as bigint, gamma as bigint];
    let [previousFactor, factor] = [0n, 1n];
    while (remainder > MAX_NET) {
      const quotient = previous / remainder;
      [previous, remainder] = [remainder, previous - quotient * remainder];
      [previousFactor, factor] = [factor, previousFactor - quotient * factor];
    }
    const isSmall = factor < 1n << 125n && factor > -1n << 125n;
    if (remainder >= 7n && isSmall) return { gamma, first: remainder, second: -factor };
  }
  throw new Error('expected a gamma with a small relation among a hundred, got none');
}
