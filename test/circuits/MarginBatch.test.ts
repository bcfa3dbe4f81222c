import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import {
  computeNetValue,
  deriveSumChallenges,
  FIELD_MODULUS,
  gammaLabel,
  hashPrices,
  netBitsFor,
  poseidon,
  type BatchParameters,
  type FieldElement,
} from '../../src/protocol/index.js';
import { countConstraints } from '../../src/keys/compile/index.js';
import {
  arbitraryBatch,
  computeBatchDigest,
  divide,
  field,
  holding,
  marginSignals,
  MAX_AMOUNT,
  weighSlots,
  ZERO,
  type Batch,
  type MarginSignals,
} from './statements.js';
import { TestedCircuit, type Liar } from './tested-circuit.js';

/** Three assets and two index bits: index 3 can be written, and is no asset. */
const PARAMETERS: BatchParameters = {
  kind: 'margin',
  assets: 3,
  indexBits: 2,
  users: 3,
  slots: 2,
  netBits: netBitsFor(2),
  depth: 1,
  arity: 16,
};
const BATCH: Batch = {
  rows: [
    { account: field(101), holdings: [holding(0, 500n), holding(2, 7n, 40n)] },
    { account: field(102), holdings: [holding(1, MAX_AMOUNT)] },
    { account: field(103), holdings: [] },
  ],
  prices: [
    { full: 20_000n, collateral: 18_000n },
    { full: 30_000n, collateral: 0n },
    { full: 50_000n, collateral: 50_000n },
  ],
  blind: field(99),
};
const TRUE_NET = BATCH.rows.map(({ holdings }) => computeNetValue(BATCH.prices, holdings));
const HIGHEST_PRICE = { full: MAX_AMOUNT, collateral: MAX_AMOUNT };

let circuit: TestedCircuit;
let unchecked: Liar;
beforeAll(async () => {
  circuit = await TestedCircuit.ofParameters(PARAMETERS);
  unchecked = await circuit.liar();
});

/**
 * The honest signals of a batch with some of them changed, and X and Y made to fit the changed slots and the gamma
 * that the circuit then draws: so that a refusal is of the change itself.
 */
async function signalsWith(change: (signals: MarginSignals) => void, batch = BATCH): Promise<MarginSignals> {
  const signals = marginSignals(PARAMETERS, batch);
  change(signals);
  const witness = await unchecked(signals);
  return weighSlots(signals, field(witness[circuit.wireOf('main.gamma')]!));
}

const NO_CHANGE = () => undefined;

describe('MarginBatch', () => {
  it('takes as many constraints as the model says', () => {
    expect(circuit.system.constraints).toHaveLength(countConstraints(PARAMETERS));
    expect(circuit.system.publicCount).toBe(2);
  });

  it('equals its twin on random batches, digest and prices its public signals', async () => {
    expect(circuit.wireOf('main.digest')).toBe(1);
    expect(circuit.wireOf('main.pricesHash')).toBe(2);
    await fc.assert(
      fc.asyncProperty(arbitraryBatch(PARAMETERS), async (batch) => {
        const witness = await circuit.expectAccepted(marginSignals(PARAMETERS, batch));
        expect(witness[1]).toBe(computeBatchDigest(PARAMETERS, batch));
        expect(witness[2]).toBe(hashPrices(poseidon, batch.prices));
      }),
      { seed: 9, numRuns: 10 },
    );
  });

  it('draws x and y as its twin does', async () => {
    const signals = marginSignals(PARAMETERS, BATCH);
    const witness = await circuit.expectAccepted(signals);
    const gamma = field(witness[circuit.wireOf('main.gamma')]!);
    const { weightedEquity: equity, weightedDebt: debt } = signals;
    const expected = deriveSumChallenges(poseidon, gamma, { equity, debt });
    expect(witness[circuit.wireOf('main.x')]).toBe(expected.x);
    expect(witness[circuit.wireOf('main.y')]).toBe(expected.y);
  });

  it('takes a batch of nobody, and one that is full to the brim', async () => {
    const nobody = { account: field(5), holdings: [] };
    await circuit.expectAccepted(marginSignals(PARAMETERS, { ...BATCH, rows: [nobody, nobody, nobody] }));
    const whale = {
      account: field(6),
      holdings: [holding(0, MAX_AMOUNT, MAX_AMOUNT), holding(1, MAX_AMOUNT, MAX_AMOUNT)],
    };
    const prices = [HIGHEST_PRICE, HIGHEST_PRICE, HIGHEST_PRICE];
    await circuit.expectAccepted(
      marginSignals(PARAMETERS, { ...BATCH, rows: [whale, whale, whale], prices }),
    );
  });

  it('takes an account whose collateral covers its debt to the last unit, and not one unit less', async () => {
    const batchOwing = (debtUnits: bigint): Batch => ({
      ...BATCH,
      rows: BATCH.rows.with(0, { account: field(7), holdings: [holding(0, 25n), holding(2, 0n, debtUnits)] }),
    });
    await circuit.expectAccepted(marginSignals(PARAMETERS, batchOwing(9n)));
    await circuit.expectRefused(
      await signalsWith((signals) => {
        signals.debt[0]![1] = 10n;
        signals.totalDebt[2] = 10n;
        signals.net[0] = FIELD_MODULUS - 50_000n;
      }, batchOwing(9n)),
    );
  });

  it('leaves no wire free', async () => {
    const witness = await circuit.expectAccepted(marginSignals(PARAMETERS, BATCH));
    expect(circuit.namesOf(circuit.system.freeWires(witness))).toEqual([]);
  });

  it('takes changed signals that agree with each other, so that refusals below are of what does not', async () => {
    await circuit.expectAccepted(await signalsWith(NO_CHANGE));
    await circuit.expectAccepted(
      await signalsWith((signals) => {
        signals.equity[0]![0] = 499n;
        signals.totalEquity[0] = 499n;
        signals.net[0]! -= 18_000n;
      }),
    );
  });

  it.each([
    ['a changed equity', (s: MarginSignals) => (s.equity[1]![0]! -= 1n)],
    ['an equity that is left out', (s: MarginSignals) => (s.equity[1]![0] = 0n)],
    ['a debt that is left out of the total', (s: MarginSignals) => (s.totalDebt[2] = 0n)],
    ['a changed debt', (s: MarginSignals) => (s.debt[1]![0] = 1n)],
    ['a changed index', (s: MarginSignals) => (s.index[0]![0] = 1n)],
    ['a total equity one below the sum', (s: MarginSignals) => (s.totalEquity[0]! -= 1n)],
    ['a total equity one above the sum', (s: MarginSignals) => (s.totalEquity[0]! += 1n)],
    ['a total debt one below the sum', (s: MarginSignals) => (s.totalDebt[2]! -= 1n)],
    [
      'equity and debt exchanged',
      (s: MarginSignals) => ([s.totalEquity, s.totalDebt] = [s.totalDebt, s.totalEquity]),
    ],
    ['a net value one above the true one', (s: MarginSignals) => (s.net[0]! += 1n)],
    ['a net value one below the true one', (s: MarginSignals) => (s.net[0]! -= 1n)],
    ['a net value for nobody', (s: MarginSignals) => (s.net[2] = 1n)],
    ['net values of two accounts exchanged', (s: MarginSignals) => s.net.reverse()],
    ['a price that the net values do not follow', (s: MarginSignals) => (s.price[2] = 49_999n)],
    ['a collateral price likewise', (s: MarginSignals) => (s.collateralPrice[0] = 18_001n)],
    ['an index beyond the assets', (s: MarginSignals) => (s.index[1]![0] = 3n)],
    ['an index beyond its bits', (s: MarginSignals) => (s.index[1]![0] = 4n)],
  ])('refuses %s', async (_, change) => {
    await circuit.expectRefused(await signalsWith(change));
  });

  it.each([
    ['weighted equity', (s: MarginSignals) => (s.weightedEquity[0]! += 1n)],
    ['weighted debt', (s: MarginSignals) => (s.weightedDebt[2]! += 1n)],
    ['weighted equity of an asset of no collateral', (s: MarginSignals) => (s.weightedEquity[1]! += 1n)],
    [
      'pair of weighted totals whose worth is unchanged',
      (s: MarginSignals) => {
        s.weightedEquity[0]! += 50_000n;
        s.weightedDebt[2]! += 18_000n;
      },
    ],
  ])('refuses a changed %s', async (_, change) => {
    const signals = marginSignals(PARAMETERS, BATCH);
    change(signals);
    await circuit.expectRefused(signals);
  });

  it('refuses weighted totals made with the gamma of another digest', async () => {
    const signals = marginSignals(PARAMETERS, BATCH);
    const otherDigest = computeBatchDigest(PARAMETERS, { ...BATCH, blind: field(1) });
    const gamma = poseidon([gammaLabel(), otherDigest, hashPrices(poseidon, BATCH.prices)]);
    await circuit.expectRefused(weighSlots(signals, gamma));
  });

  it('refuses a negative equity and a negative debt, even where totals and net value agree', async () => {
    await circuit.expectRefused(
      await signalsWith((signals) => {
        signals.equity[2]![0] = FIELD_MODULUS - 400n;
        signals.index[2]![0] = 1n;
        signals.totalEquity[1]! -= 400n;
      }),
    );
    await circuit.expectRefused(
      await signalsWith((signals) => {
        signals.debt[2]![0] = FIELD_MODULUS - 5n;
        signals.totalDebt[0] = FIELD_MODULUS - 5n;
        signals.net[2] = 100_000n;
      }),
    );
  });

  it('refuses debt at an index that is no asset, which would have no price', async () => {
    for (const asset of [0, 1, 2]) {
      await circuit.expectRefused(
        await signalsWith((signals) => {
          signals.debt[2]![0] = 50n;
          signals.index[2]![0] = 3n;
          signals.totalDebt[asset]! += 50n;
        }),
      );
    }
  });

  it('takes such an index where the slot is empty, for it adds nothing', async () => {
    await circuit.expectAccepted(await signalsWith((signals) => (signals.index[2]![0] = 3n)));
  });

  it.each([
    ['0', [TRUE_NET[0]!, 0n, 0n]],
    ['its debt alone as a gain', [TRUE_NET[0]!, 30_000n, 0n]],
    ['what it is, which is negative', [TRUE_NET[0]!, FIELD_MODULUS - 30_000n, 0n]],
    ['0 while another bears its debt', [TRUE_NET[0]! - 30_000n, 0n, 0n]],
  ])('refuses an account that is under water and claims a net value of %s', async (_, claimed) => {
    await circuit.expectRefused(
      await signalsWith((signals) => {
        signals.debt[1]![0] = 1n;
        signals.totalDebt[1] = 1n;
        signals.net = [...claimed];
      }),
    );
  });

  it('refuses slots exchanged between two accounts that keep their net values', async () => {
    const exchange = (signals: MarginSignals) => {
      for (const slots of [signals.equity, signals.debt, signals.index]) {
        [slots[0], slots[1]] = [slots[1]!, slots[0]!];
      }
    };
    await circuit.expectRefused(await signalsWith(exchange));
    await circuit.expectAccepted(
      await signalsWith((signals) => {
        exchange(signals);
        [signals.net[0], signals.net[1]] = [signals.net[1]!, signals.net[0]!];
      }),
    );
  });

  it('refuses other prices under the hash of the published ones, even where every value follows them', async () => {
    const honest = await circuit.expectAccepted(marginSignals(PARAMETERS, BATCH));
    const prices = BATCH.prices.with(2, { full: 1n, collateral: 1n });
    const witness = await circuit.expectAccepted(marginSignals(PARAMETERS, { ...BATCH, prices }));
    expect(circuit.system.brokenBy(circuit.splice(witness, /^main\.pricesHash$/, honest))).not.toEqual([]);
  });

  it.each([
    ['account', { ...BATCH, rows: BATCH.rows.with(2, { account: field(1), holdings: [] }) }],
    ['blind', { ...BATCH, blind: field(1) }],
    ['net values', { ...BATCH, prices: BATCH.prices.with(0, { full: 20_000n, collateral: 17_000n }) }],
  ])('ties the digest to the %s', async (_, batch) => {
    const honest = await circuit.expectAccepted(marginSignals(PARAMETERS, BATCH));
    const witness = await circuit.expectAccepted(marginSignals(PARAMETERS, batch));
    expect(circuit.system.brokenBy(circuit.splice(witness, /^main\.digest$/, honest))).not.toEqual([]);
  });

  describe('against a prover whose gamma comes from another digest', () => {
    it('refuses false net values that agree at the gamma that they were made for', async () => {
      const rows = [1n, 2n, 3n].map((account) => ({
        account: field(account),
        holdings: [holding(0, MAX_AMOUNT)],
      }));
      const prices = [HIGHEST_PRICE, HIGHEST_PRICE, HIGHEST_PRICE];
      const gamma = poseidon([gammaLabel(), ZERO, hashPrices(poseidon, prices)]);
      const [first, second] = findSmallRelation(gamma);
      const signals = await signalsWith(
        (changed) => {
          changed.net[0]! += first;
          changed.net[1]! += second;
        },
        { ...BATCH, rows, prices },
      );
      await circuit.expectRefused(signals);

      const liar = await circuit.liar({
        file: 'MarginBatch.circom',
        truth: 'Poseidon(3)([GAMMA, digest, pricesHash])',
        lie: 'Poseidon(3)([GAMMA, 0, pricesHash])',
      });
      // Only the two products that the digest enters the hash of gamma by: all else agrees.
      expect(circuit.system.brokenBy(await liar(weighSlots(signals, gamma)))).toHaveLength(2);
    });
  });

  describe('against a prover whose x and y do not come from the weighted totals', () => {
    const file = 'MarginBatch.circom';
    const lies = [
      { file, truth: 'Poseidon(2)([h, 1])', lie: 'Poseidon(2)([0, 1])' },
      { file, truth: 'Poseidon(2)([h, 2])', lie: 'Poseidon(2)([0, 2])' },
    ];
    const x = poseidon([ZERO, field(1)]);
    const y = poseidon([ZERO, field(2)]);

    it.each<[string, (signals: MarginSignals) => void]>([
      [
        // 400 / (x - 0) = surplus / (x - 1): asset 0 lacks 400, and asset 1 makes up for it at this x.
        'totals of two assets',
        ({ totalEquity }) => {
          totalEquity[0]! -= 400n;
          totalEquity[1] = (totalEquity[1]! + divide(400n * (x - 1n), x)) % FIELD_MODULUS;
        },
      ],
      [
        // equity = y * debt.
        'totals of equity and debt',
        ({ totalEquity, totalDebt }) => {
          totalEquity[0]! -= 400n;
          totalDebt[0] = (totalDebt[0]! + divide(400n, y)) % FIELD_MODULUS;
        },
      ],
    ])('refuses false %s that agree at the challenges that they were made for', async (_, change) => {
      const signals = await signalsWith(change);
      await circuit.expectRefused(signals);
      const liar = await circuit.liar(...lies);
      // Only the products that h enters the two hashes by: all else agrees.
      expect(circuit.system.brokenBy(await liar(signals))).toHaveLength(4);
    });
  });
});

/** Two integers of about half the field's bits, not both 0, with first + gamma * second = 0 in the field. */
function findSmallRelation(gamma: FieldElement): [first: bigint, second: bigint] {
  // Euclid's algorithm keeps remainder = factor * gamma modulo the field, and is stopped half way.
  let [previous, remainder] = [FIELD_MODULUS as bigint, gamma as bigint];
  let [previousFactor, factor] = [0n, 1n];
  while (remainder >= 1n << 127n) {
    const quotient = previous / remainder;
    [previous, remainder] = [remainder, previous - quotient * remainder];
    [previousFactor, factor] = [factor, previousFactor - quotient * factor];
  }
  return [remainder, -factor];
}
