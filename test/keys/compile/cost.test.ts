import { describe, expect, it } from 'vitest';

import { cacheDirectory } from '../../../src/system/index.js';
import {
  circuitName,
  circuitsOf,
  netBitsFor,
  PROFILES,
  treeDepthFor,
  type BatchParameters,
  type CircuitParameters,
  type Profile,
} from '../../../src/protocol/index.js';
import {
  compileCircuit,
  compileProfile,
  countConstraints,
  countRows,
} from '../../../src/keys/compile/index.js';

const SMALL = PROFILES.get('small')!;
const STANDARD = PROFILES.get('standard')!;

/** Sizes that the profiles do not have: leaves of one word and of more than fifteen, a level too many, one child. */
const ODD_SIZES: readonly CircuitParameters[] = [
  {
    kind: 'spot',
    assets: 5,
    indexBits: 3,
    users: 17,
    slots: 1,
    netBits: 0,
    depth: 3,
    arity: 16,
  },
  {
    kind: 'margin',
    assets: 2,
    indexBits: 1,
    users: 1,
    slots: 30,
    netBits: netBitsFor(30),
    depth: 1,
    arity: 16,
  },
  { kind: 'aggregate', assets: 1, children: 1, arity: 16 },
];
/** Compiling five circuits takes a minute on two idle cores. */
const COMPILE_TIMEOUT_MS = 600_000;

function batchOf(profile: Profile, name: string): BatchParameters {
  return profile.batches.find((batch) => circuitName(batch) === name)!;
}

describe('the cost model', () => {
  it(
    'equals what the compiler makes of every circuit of the small profile',
    async () => {
      const compiled = await compileProfile(SMALL, { cacheDirectory: cacheDirectory() });
      expect(compiled.map((circuit) => circuit.name)).toEqual(circuitsOf(SMALL).map(circuitName));
      expect(compiled.map((circuit) => circuit.constraintCount)).toEqual(
        circuitsOf(SMALL).map(countConstraints),
      );
    },
    COMPILE_TIMEOUT_MS,
  );

  it.each(ODD_SIZES.map((parameters) => [describeSizes(parameters), parameters] as const))(
    'equals it for %s',
    async (_, parameters) => {
      const { constraintCount } = await compileCircuit(parameters, { cacheDirectory: cacheDirectory() });
      expect(countConstraints(parameters)).toBe(constraintCount);
    },
  );

  it('is what `npm run constraints -- --profile standard --compile` measured on every circuit', () => {
    expect(
      circuitsOf(STANDARD).map((parameters) => [circuitName(parameters), countConstraints(parameters)]),
    ).toEqual([
      ['spot-4', 261_664],
      ['spot-16', 261_899],
      ['margin-4', 261_014],
      ['margin-16', 260_606],
      ['margin-64', 253_522],
      ['aggregate', 310_856],
    ]);
  });
});

describe('the standard profile', () => {
  it.each([
    ['spot-4', 620],
    ['margin-4', 1_130],
    ['margin-16', 3_120],
  ])('proves an account of %s for at most %i constraints', (name, bound) => {
    const batch = batchOf(STANDARD, name);
    expect(countConstraints(batch) / batch.users).toBeLessThanOrEqual(bound);
  });
});

describe.each([
  [SMALL, 15, 16],
  [STANDARD, 18, 19],
] as const)('a profile ($0.name)', (profile, batchPower, aggregatePower) => {
  it('fills the domain of each batch: one more user would not fit', () => {
    for (const batch of profile.batches) {
      expect(countRows(batch)).toBeLessThanOrEqual(2 ** batchPower);
      const users = batch.users + 1;
      expect(countRows({ ...batch, users, depth: treeDepthFor(users) })).toBeGreaterThan(2 ** batchPower);
    }
  });

  it('fits its aggregates into a domain of their own', () => {
    expect(countRows(profile.aggregate)).toBeLessThanOrEqual(2 ** aggregatePower);
    expect(countRows(profile.aggregate)).toBeGreaterThan(2 ** (aggregatePower - 1));
  });
});

function describeSizes(parameters: CircuitParameters): string {
  return parameters.kind === 'aggregate'
    ? `an aggregate of ${parameters.children}`
    : `${parameters.kind} with ${parameters.users} users, ${parameters.slots} slots, depth ${parameters.depth}`;
}
