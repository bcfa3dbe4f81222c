import { beforeAll, describe, expect, it } from 'vitest';

import { FIELD_MODULUS } from '../../src/protocol/index.js';
import { TestedCircuit } from './tested-circuit.js';

const MAIN = `pragma circom 2.2.0;
include "Fraction.circom";
component main = Fraction();
`;

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await TestedCircuit.ofMain('tested-fraction', MAIN);
});

describe('Fraction', () => {
  it('takes one constraint', () => {
    expect(circuit.system.constraints).toHaveLength(1);
  });

  it('divides by the distance from the pole', async () => {
    const witness = await circuit.expectAccepted({ numerator: 84n, pole: 3n, x: 5n });
    expect(witness[circuit.wireOf('main.quotient')]).toBe(42n);
    await circuit.expectAccepted({ numerator: FIELD_MODULUS - 1n, pole: FIELD_MODULUS - 1n, x: 0n });
  });

  it('leaves no other quotient, and no wire free', async () => {
    const witness = await circuit.expectAccepted({ numerator: 84n, pole: 3n, x: 5n });
    expect(circuit.namesOf(circuit.system.freeWires(witness))).toEqual([]);
    const forged = [...witness];
    forged[circuit.wireOf('main.quotient')] = 0n;
    expect(circuit.system.brokenBy(forged)).toEqual([0]);
  });

  it('refuses a numerator at the pole itself, where only 0 is left', async () => {
    await circuit.expectRefused({ numerator: 1n, pole: 5n, x: 5n });
    await circuit.expectAccepted({ numerator: 0n, pole: 5n, x: 5n });
  });
});
