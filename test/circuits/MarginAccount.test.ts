import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import {
  FIELD_MODULUS,
  hashLeaf,
  netBitsFor,
  packLeaf,
  poseidon,
  type BatchParameters,
} from '../../src/protocol/index.js';
import { arbitraryBatch, marginSignals, MAX_AMOUNT } from './statements.js';
import { TestedCircuit, type Lie } from './tested-circuit.js';

const PARAMETERS: BatchParameters = {
  kind: 'margin',
  assets: 4,
  indexBits: 2,
  users: 1,
  slots: 2,
  netBits: netBitsFor(2),
  depth: 1,
  arity: 16,
};
const { indexBits, slots, netBits } = PARAMETERS;
const MAIN = `pragma circom 2.2.0;
include "MarginAccount.circom";
component main = MarginAccount(${indexBits}, ${slots}, ${netBits});
`;
const HONEST = { account: 7n, equity: [5n, 6n], debt: [0n, 2n], index: [1n, 3n], net: 11n };
const NET_LIMIT = 1n << BigInt(netBits);

/** All of a value in its lowest "bit": right as a sum, and not a bit. */
const WHOLE_VALUE_IN_ONE_BIT: Lie = {
  file: 'Num2Bits.circom',
  truth: 'out[i] <-- (in >> i) & 1;',
  lie: 'out[i] <-- i==0?in:0;',
};

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await TestedCircuit.ofMain('tested-margin-account', MAIN);
});

describe('MarginAccount', () => {
  it('takes a constraint for each bit, and the leaf', () => {
    const h3 = 261;
    expect(circuit.system.constraints).toHaveLength(2 * (64 + 64 + 2) + 130 + h3);
  });

  it('equals its twin on random accounts', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryBatch(PARAMETERS), async (batch) => {
        const { account, holdings } = batch.rows[0]!;
        const { equity, debt, index, net } = marginSignals(PARAMETERS, batch);
        const witness = await circuit.expectAccepted({
          account,
          equity: equity[0]!,
          debt: debt[0]!,
          index: index[0]!,
          net: net[0]!,
        });
        const expected = hashLeaf(poseidon, account, packLeaf(PARAMETERS, holdings, net[0]!));
        expect(witness[circuit.wireOf('main.leaf')]).toBe(expected);
      }),
      { seed: 7, numRuns: 10 },
    );
  });

  it('leaves no wire free', async () => {
    const witness = await circuit.expectAccepted(HONEST);
    expect(circuit.namesOf(circuit.system.freeWires(witness))).toEqual([]);
  });

  it.each([0n, MAX_AMOUNT])('takes an equity and a debt of %s', async (amount) => {
    await circuit.expectAccepted({ ...HONEST, equity: [amount, 6n] });
    await circuit.expectAccepted({ ...HONEST, debt: [0n, amount] });
  });

  it.each([MAX_AMOUNT + 1n, FIELD_MODULUS - 1n])('refuses an equity and a debt of %s', async (amount) => {
    await circuit.expectRefused({ ...HONEST, equity: [5n, amount] });
    await circuit.expectRefused({ ...HONEST, debt: [amount, 2n] });
  });

  it('takes indexes of B bits, and no others', async () => {
    await circuit.expectAccepted({ ...HONEST, index: [0n, 3n] });
    await circuit.expectRefused({ ...HONEST, index: [4n, 3n] });
    await circuit.expectRefused({ ...HONEST, index: [1n, FIELD_MODULUS - 1n] });
  });

  it('takes net values of VB bits, and no others: none that is negative', async () => {
    await circuit.expectAccepted({ ...HONEST, net: 0n });
    await circuit.expectAccepted({ ...HONEST, net: NET_LIMIT - 1n });
    await circuit.expectRefused({ ...HONEST, net: NET_LIMIT });
    await circuit.expectRefused({ ...HONEST, net: FIELD_MODULUS - 1n });
  });

  it('refuses bits that are not bits', async () => {
    const liar = await circuit.liar(WHOLE_VALUE_IN_ONE_BIT);
    const zeroOrOne = { account: 7n, equity: [1n, 0n], debt: [1n, 0n], index: [1n, 0n], net: 1n };
    expect(circuit.system.brokenBy(await liar(zeroOrOne))).toEqual([]);
    for (const lie of [
      { equity: [FIELD_MODULUS - 1n, 0n] },
      { debt: [1n, FIELD_MODULUS - 1n] },
      { index: [2n, 0n] },
      { net: FIELD_MODULUS - 1n },
    ]) {
      // Only the one false bit breaks a constraint: nothing else stands in this liar's way.
      expect(circuit.system.brokenBy(await liar({ ...zeroOrOne, ...lie }))).toHaveLength(1);
    }
  });
});
