import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { commitTotals, deriveTotalsIv, poseidon } from '../../src/protocol/index.js';
import { arbitraryField } from './statements.js';
import { TestedCircuit } from './tested-circuit.js';

const ASSETS = 8;
const MAIN = `pragma circom 2.2.0;
include "Totals.circom";
component main = Totals(${deriveTotalsIv(ASSETS).toString()}, ${ASSETS});
`;

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await TestedCircuit.ofMain('tested-totals', MAIN);
});

describe('Totals', () => {
  it('takes a sponge of a blind and 2A sums', () => {
    const h16 = 609;
    const padding = 30 - (1 + 2 * ASSETS);
    expect(circuit.system.constraints).toHaveLength(2 * h16 - 3 * (padding + 1));
  });

  it('equals its twin on random input', async () => {
    const sums = fc.array(arbitraryField, { minLength: ASSETS, maxLength: ASSETS });
    await fc.assert(
      fc.asyncProperty(arbitraryField, sums, sums, async (blind, equity, debt) => {
        const witness = await circuit.expectAccepted({ blind, equity, debt });
        const expected = commitTotals(poseidon, { equity, debt }, blind);
        expect(witness[circuit.wireOf('main.totals')]).toBe(expected);
      }),
      { seed: 4, numRuns: 5 },
    );
  });

  it('leaves no wire free, and tells equity, debt and blind apart', async () => {
    const sums = Array.from({ length: ASSETS }, (_, index) => BigInt(index + 1));
    const honest = { blind: 9n, equity: sums, debt: sums.with(0, 0n) };
    const witness = await circuit.expectAccepted(honest);
    expect(circuit.namesOf(circuit.system.freeWires(witness))).toEqual([]);
    const swapped = { ...honest, equity: honest.debt, debt: honest.equity };
    for (const changed of [swapped, { ...honest, blind: 10n }]) {
      const other = await circuit.expectAccepted(changed);
      expect(circuit.system.brokenBy(circuit.splice(other, /^main\.totals$/, witness))).not.toEqual([]);
    }
  });
});
