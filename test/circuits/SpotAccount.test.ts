import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import {
  FIELD_MODULUS,
  hashLeaf,
  packLeaf,
  poseidon,
  type BatchParameters,
} from '../../src/protocol/index.js';
import { arbitraryBatch, MAX_AMOUNT, spotSignals } from './statements.js';
import { TestedCircuit, type Lie } from './tested-circuit.js';

const PARAMETERS: BatchParameters = {
  kind: 'spot',
  assets: 4,
  indexBits: 2,
  users: 1,
  slots: 2,
  netBits: 0,
  depth: 1,
  arity: 16,
};
const MAIN = `pragma circom 2.2.0;
include "SpotAccount.circom";
component main = SpotAccount(${PARAMETERS.indexBits}, ${PARAMETERS.slots});
`;
const HONEST = { account: 7n, equity: [5n, 6n], index: [1n, 3n] };

/** All of a value in its lowest "bit": right as a sum, and not a bit. */
const WHOLE_VALUE_IN_ONE_BIT: Lie = {
  file: 'Num2Bits.circom',
  truth: 'out[i] <-- (in >> i) & 1;',
  lie: 'out[i] <-- i==0?in:0;',
};

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await TestedCircuit.ofMain('tested-spot-account', MAIN);
});

describe('SpotAccount', () => {
  it('takes a constraint for each bit, and the leaf', () => {
    const h2 = 240;
    expect(circuit.system.constraints).toHaveLength(2 * (64 + 2) + h2);
  });

  it('equals its twin on random accounts', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryBatch(PARAMETERS), async (batch) => {
        const { account, holdings } = batch.rows[0]!;
        const { equity, index } = spotSignals(PARAMETERS, batch);
        const witness = await circuit.expectAccepted({ account, equity: equity[0]!, index: index[0]! });
        const expected = hashLeaf(poseidon, account, packLeaf(PARAMETERS, holdings, 0n));
        expect(witness[circuit.wireOf('main.leaf')]).toBe(expected);
      }),
      { seed: 6, numRuns: 10 },
    );
  });

  it('leaves no wire free', async () => {
    const witness = await circuit.expectAccepted(HONEST);
    expect(circuit.namesOf(circuit.system.freeWires(witness))).toEqual([]);
  });

  it.each([0n, 1n, MAX_AMOUNT])('takes an equity of %s in any slot', async (amount) => {
    await circuit.expectAccepted({ ...HONEST, equity: [amount, 6n] });
    await circuit.expectAccepted({ ...HONEST, equity: [5n, amount] });
  });

  it.each([MAX_AMOUNT + 1n, FIELD_MODULUS - 1n])('refuses an equity of %s in any slot', async (amount) => {
    await circuit.expectRefused({ ...HONEST, equity: [amount, 6n] });
    await circuit.expectRefused({ ...HONEST, equity: [5n, amount] });
  });

  it('takes indexes of B bits, and no others', async () => {
    await circuit.expectAccepted({ ...HONEST, index: [0n, 3n] });
    await circuit.expectRefused({ ...HONEST, index: [4n, 3n] });
    await circuit.expectRefused({ ...HONEST, index: [1n, FIELD_MODULUS - 1n] });
  });

  it('refuses bits that are not bits', async () => {
    const liar = await circuit.liar(WHOLE_VALUE_IN_ONE_BIT);
    const zeroOrOne = { account: 7n, equity: [1n, 0n], index: [1n, 0n] };
    expect(circuit.system.brokenBy(await liar(zeroOrOne))).toEqual([]);
    for (const amount of [2n, FIELD_MODULUS - 1n]) {
      // Only the one false bit breaks a constraint: nothing else stands in this liar's way.
      const witness = await liar({ ...zeroOrOne, equity: [amount, 0n] });
      expect(circuit.system.brokenBy(witness)).toHaveLength(1);
    }
    expect(circuit.system.brokenBy(await liar({ ...zeroOrOne, index: [1n, 3n] }))).toHaveLength(1);
  });
});
