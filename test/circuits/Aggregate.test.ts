import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { FIELD_MODULUS, type AggregateParameters } from '../../src/protocol/index.js';
import { countConstraints } from '../../src/keys/compile/index.js';
import {
  aggregateSignals,
  arbitraryField,
  computeAggregateDigest,
  field,
  MAX_TOTAL,
  missingChild,
  type AggregateSignals,
  type Child,
} from './statements.js';
import { TestedCircuit } from './tested-circuit.js';

const PARAMETERS: AggregateParameters = { kind: 'aggregate', assets: 2, children: 2, arity: 16 };
const FIRST: Child = {
  tag: field(11),
  root: field(12),
  totals: { equity: [100n, 0n], debt: [3n, 4n] },
  blind: field(13),
};
const SECOND: Child = {
  tag: field(21),
  root: field(22),
  totals: { equity: [5n, MAX_TOTAL], debt: [0n, MAX_TOTAL] },
  blind: field(23),
};
const BLIND = field(99);

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await TestedCircuit.ofParameters(PARAMETERS);
});

function signalsWith(change: (signals: AggregateSignals) => void): AggregateSignals {
  const signals = aggregateSignals([FIRST, SECOND], BLIND);
  change(signals);
  return signals;
}

async function expectTwin(children: readonly Child[], blind = BLIND): Promise<bigint[]> {
  const witness = await circuit.expectAccepted(aggregateSignals(children, blind));
  expect(witness[circuit.wireOf('main.digest')]).toBe(computeAggregateDigest(PARAMETERS, children, blind));
  return witness;
}

describe('Aggregate', () => {
  it('takes as many constraints as the model says', () => {
    expect(circuit.system.constraints).toHaveLength(countConstraints(PARAMETERS));
    expect(circuit.system.publicCount).toBe(2);
  });

  it('equals its twin on random children, digest and context its public signals', async () => {
    expect(circuit.wireOf('main.digest')).toBe(1);
    expect(circuit.wireOf('main.context')).toBe(2);
    const sums = fc.array(fc.bigInt({ min: 0n, max: MAX_TOTAL }), { minLength: 2, maxLength: 2 });
    const child = fc.record({
      tag: arbitraryField,
      root: arbitraryField,
      totals: fc.record({ equity: sums, debt: sums }),
      blind: arbitraryField,
    });
    await fc.assert(
      fc.asyncProperty(child, child, arbitraryField, async (first, second, blind) => {
        const witness = await expectTwin([first, second], blind);
        expect(witness[2]).toBe(42n);
      }),
      { seed: 10, numRuns: 8 },
    );
  });

  it('makes NULL of a child that is missing', async () => {
    const missing = missingChild(PARAMETERS.assets);
    await expectTwin([FIRST, missing]);
    await expectTwin([missing, missing]);
  });

  it('leaves no wire free', async () => {
    const witness = await expectTwin([FIRST, SECOND]);
    expect(circuit.namesOf(circuit.system.freeWires(witness))).toEqual([]);
  });

  it.each(['childEquity', 'childDebt'] as const)('takes each of %s from 0 to 2^104 - 1', async (sums) => {
    for (const child of [0, 1]) {
      for (const total of [0n, MAX_TOTAL]) {
        await circuit.expectAccepted(signalsWith((signals) => (signals[sums][child]![1] = total)));
      }
    }
  });

  it.each(['childEquity', 'childDebt'] as const)('refuses any of %s from 2^104 on', async (sums) => {
    for (const child of [0, 1]) {
      for (const total of [MAX_TOTAL + 1n, FIELD_MODULUS - 1n]) {
        await circuit.expectRefused(signalsWith((signals) => (signals[sums][child]![0] = total)));
      }
    }
  });

  it.each([
    ['tag of a child', (s: AggregateSignals) => (s.childTag[0] = 1n)],
    ['root of a child', (s: AggregateSignals) => (s.childRoot[1] = 1n)],
    ['blind of a child', (s: AggregateSignals) => (s.childBlind[0] = 1n)],
    ['equity of a child', (s: AggregateSignals) => (s.childEquity[0]![0] = 99n)],
    ['debt of a child', (s: AggregateSignals) => (s.childDebt[0]![1] = 0n)],
    [
      'order of the children',
      (s: AggregateSignals) => [s.childTag, s.childRoot].map((list) => list.reverse()),
    ],
    [
      'share of the children in a sum that stays the same',
      (s: AggregateSignals) => {
        s.childEquity[0]![0] = 99n;
        s.childEquity[1]![0] = 6n;
      },
    ],
    ['blind', (s: AggregateSignals) => (s.blind = 1n)],
  ])('ties the digest to the %s', async (_, change) => {
    const honest = await expectTwin([FIRST, SECOND]);
    const witness = await circuit.expectAccepted(signalsWith(change));
    expect(circuit.system.brokenBy(circuit.splice(witness, /^main\.digest$/, honest))).not.toEqual([]);
  });

  it('refuses another digest of a child than its own', async () => {
    const honest = await expectTwin([FIRST, SECOND]);
    const other = await circuit.expectAccepted(signalsWith((signals) => (signals.childRoot[0] = 1n)));
    expect(circuit.system.brokenBy(circuit.splice(honest, /^main\.childDigest\[0\]$/, other))).not.toEqual(
      [],
    );
  });

  it('refuses the context of another snapshot for a finished proof', async () => {
    const honest = await expectTwin([FIRST, SECOND]);
    const other = await circuit.expectAccepted(signalsWith((signals) => (signals.context = 43n)));
    expect(circuit.system.brokenBy(circuit.splice(honest, /^main\.context$/, other))).toHaveLength(1);
  });
});
