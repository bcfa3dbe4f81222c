import { beforeAll, describe, expect, it } from 'vitest';

import { FIELD_MODULUS } from '../../src/protocol/index.js';
import { modulo } from './equations.js';
import { divide, MAX_AMOUNT } from './batches.js';
import { TestedCircuit } from './tested-circuit.js';

/** Four slots of 67 bits: the last lies in two words. */
const SLOTS = 4;
const CODE_BITS = 3;
const MAIN = `pragma circom 2.2.0;
include "Row.circom";
component main = Row(${CODE_BITS}, ${SLOTS});
`;
const X = 1n << 200n;
const SIGNALS = { amount: [500n, MAX_AMOUNT, 0n, 42n], code: [1n, 7n, 0n, 5n], x: X };

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await TestedCircuit.ofMain('tested-row', MAIN);
});

describe('Row', () => {
  it('puts slots into words, lowest bits first, and adds their shares', async () => {
    const witness = await circuit.expectAccepted(SIGNALS);
    const bits = SIGNALS.amount.reduce(
      (sum, amount, slot) => sum | ((amount | (SIGNALS.code[slot]! << 64n)) << BigInt(67 * slot)),
      0n,
    );
    expect(witness[circuit.wireOf('main.word[0]')]).toBe(BigInt.asUintN(252, bits));
    expect(witness[circuit.wireOf('main.word[1]')]).toBe(bits >> 252n);
    const share = SIGNALS.amount.reduce(
      (sum, amount, slot) => sum + divide(amount, X - SIGNALS.code[slot]!),
      0n,
    );
    expect(witness[circuit.wireOf('main.share')]).toBe(modulo(share));
  });

  it('leaves no wire free', async () => {
    const witness = await circuit.expectAccepted(SIGNALS);
    expect(circuit.namesOf(circuit.system.freeWires(witness))).toEqual([]);
  });

  it('refuses what has more bits, and what is at x', async () => {
    const { amount, code } = SIGNALS;
    await circuit.expectRefused({ ...SIGNALS, amount: amount.with(0, 1n << 64n) });
    await circuit.expectRefused({ ...SIGNALS, amount: amount.with(2, FIELD_MODULUS - 1n) });
    await circuit.expectRefused({ ...SIGNALS, code: code.with(3, 8n) });
    await circuit.expectRefused({ ...SIGNALS, x: 7n });
  });
});
