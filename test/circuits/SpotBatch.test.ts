import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { FIELD_MODULUS, poseidon, type BatchParameters } from '../../src/protocol/index.js';
import { countConstraints } from '../../src/keys/compile/index.js';
import {
  arbitraryBatch,
  computeBatchDigest,
  field,
  divide,
  holding,
  MAX_AMOUNT,
  spotSignals,
  ZERO,
  type Batch,
  type BatchSignals,
} from './statements.js';
import { TestedCircuit } from './tested-circuit.js';

/** Three assets and two index bits: index 3 can be written, and is no asset. */
const PARAMETERS: BatchParameters = {
  kind: 'spot',
  assets: 3,
  indexBits: 2,
  users: 3,
  slots: 2,
  netBits: 0,
  depth: 1,
  arity: 16,
};
const BATCH: Batch = {
  rows: [
    { account: field(101), holdings: [holding(0, 500n), holding(2, 7n)] },
    { account: field(102), holdings: [holding(1, MAX_AMOUNT)] },
    { account: field(103), holdings: [] },
  ],
  prices: [],
  blind: field(99),
};

let circuit: TestedCircuit;
let digestWire: number;
beforeAll(async () => {
  circuit = await TestedCircuit.ofParameters(PARAMETERS);
  digestWire = circuit.wireOf('main.digest');
});

/** The honest signals with some of them changed. */
function signalsWith(change: (signals: BatchSignals) => void, batch = BATCH): BatchSignals {
  const signals = spotSignals(PARAMETERS, batch);
  change(signals);
  return signals;
}

describe('SpotBatch', () => {
  it('takes as many constraints as the model says', () => {
    expect(circuit.system.constraints).toHaveLength(countConstraints(PARAMETERS));
    expect(circuit.system.publicCount).toBe(1);
  });

  it('equals its twin on random batches, and makes the digest its one public signal', async () => {
    expect(digestWire).toBe(1);
    await fc.assert(
      fc.asyncProperty(arbitraryBatch(PARAMETERS), async (batch) => {
        const witness = await circuit.expectAccepted(spotSignals(PARAMETERS, batch));
        expect(witness[digestWire]).toBe(computeBatchDigest(PARAMETERS, batch));
      }),
      { seed: 8, numRuns: 10 },
    );
  });

  it('takes a batch of nobody, and one that is full to the brim', async () => {
    const nobody = { account: field(5), holdings: [] };
    await circuit.expectAccepted(spotSignals(PARAMETERS, { ...BATCH, rows: [nobody, nobody, nobody] }));
    const whale = { account: field(6), holdings: [holding(0, MAX_AMOUNT), holding(1, MAX_AMOUNT)] };
    await circuit.expectAccepted(spotSignals(PARAMETERS, { ...BATCH, rows: [whale, whale, whale] }));
  });

  it('leaves no wire free', async () => {
    const witness = await circuit.expectAccepted(spotSignals(PARAMETERS, BATCH));
    expect(circuit.namesOf(circuit.system.freeWires(witness))).toEqual([]);
  });

  it.each([
    ['a changed equity', (s: BatchSignals) => (s.equity[0]![0] = 499n)],
    ['an equity that is left out', (s: BatchSignals) => (s.equity[1]![0] = 0n)],
    ['a changed index', (s: BatchSignals) => (s.index[0]![0] = 1n)],
    ['a total one below the sum', (s: BatchSignals) => (s.totalEquity[0]! -= 1n)],
    ['a total one above the sum', (s: BatchSignals) => (s.totalEquity[2]! += 1n)],
    ['totals of two assets exchanged', (s: BatchSignals) => s.totalEquity.reverse()],
    ['an index beyond the assets', (s: BatchSignals) => (s.index[1]![0] = 3n)],
    ['an index beyond its bits', (s: BatchSignals) => (s.index[1]![0] = 4n)],
    ['a negative index', (s: BatchSignals) => (s.index[1]![0] = FIELD_MODULUS - 1n)],
  ])('refuses %s', async (_, change) => {
    await circuit.expectRefused(signalsWith(change));
  });

  it('refuses a negative equity, even where the total agrees', async () => {
    await circuit.expectRefused(
      signalsWith((signals) => {
        signals.equity[2]![0] = FIELD_MODULUS - 400n;
        signals.totalEquity[0] = 100n;
      }),
    );
  });

  it('refuses an equity of 2^64, even where the total agrees', async () => {
    await circuit.expectRefused(
      signalsWith((signals) => {
        signals.equity[1]![0] = MAX_AMOUNT + 1n;
        signals.totalEquity[1] = MAX_AMOUNT + 1n;
      }),
    );
  });

  it('refuses equity at an index that is no asset, whatever the totals say', async () => {
    for (const asset of [0, 1, 2]) {
      await circuit.expectRefused(
        signalsWith((signals) => {
          signals.equity[2]![0] = 50n;
          signals.index[2]![0] = 3n;
          signals.totalEquity[asset]! += 50n;
        }),
      );
    }
  });

  it('takes such an index where the slot is empty, for it adds nothing', async () => {
    await circuit.expectAccepted(signalsWith((signals) => (signals.index[2]![0] = 3n)));
  });

  it('refuses slots exchanged between two accounts under the digest of the honest batch', async () => {
    const honest = await circuit.expectAccepted(spotSignals(PARAMETERS, BATCH));
    const exchanged = spotSignals(PARAMETERS, {
      ...BATCH,
      rows: BATCH.rows.map((row, place) => ({ ...row, holdings: BATCH.rows[(place + 1) % 3]!.holdings })),
    });
    const witness = await circuit.expectAccepted(exchanged);
    expect(witness[digestWire]).not.toBe(honest[digestWire]);
    expect(circuit.system.brokenBy(circuit.splice(witness, /^main\.digest$/, honest))).not.toEqual([]);
    // The other way round: the honest hashes, over the bits and shares of the exchange.
    const slots = /Num2Bits_\d+_\d+\.out|slotShare/;
    expect(circuit.system.brokenBy(circuit.splice(honest, slots, witness))).not.toEqual([]);
  });

  it.each([
    ['account', (s: BatchSignals) => (s.account[0] = 1n)],
    ['blind', (s: BatchSignals) => (s.blind = 1n)],
  ])('ties the digest to the %s', async (_, change) => {
    const honest = await circuit.expectAccepted(spotSignals(PARAMETERS, BATCH));
    const witness = await circuit.expectAccepted(signalsWith(change));
    expect(circuit.system.brokenBy(circuit.splice(witness, /^main\.digest$/, honest))).not.toEqual([]);
  });

  describe('against a prover whose challenge comes from another digest', () => {
    const lie = {
      file: 'SpotBatch.circom',
      truth: 'Poseidon(1)([digest])',
      lie: 'Poseidon(1)([0])',
    };
    const knownChallenge = poseidon([ZERO]);

    it('refuses false totals that agree at the challenge that they were made for', async () => {
      // 400 / (x - 0) = surplus / (x - 1): asset 0 lacks 400, and asset 1 makes up for it at this x.
      const surplus = divide(400n * (knownChallenge - 1n), knownChallenge);
      const lowered = signalsWith((signals) => {
        signals.totalEquity[0] = 100n;
        signals.totalEquity[1] = (signals.totalEquity[1]! + surplus) % FIELD_MODULUS;
      });
      await circuit.expectRefused(lowered);
      const liar = await circuit.liar(lie);
      // Only the two products that the digest enters the hash of the challenge by: all else agrees.
      expect(circuit.system.brokenBy(await liar(lowered))).toHaveLength(2);
    });

    it('refuses true totals as well', async () => {
      const liar = await circuit.liar(lie);
      expect(circuit.system.brokenBy(await liar(spotSignals(PARAMETERS, BATCH)))).toHaveLength(2);
    });
  });
});
