import { describe, expect, it } from 'vitest';

import { cacheDirectory } from '../../../src/system/index.js';
import {
  nameOfLayout,
  NET_BITS,
  publicSignalCount,
  PROFILES,
  type RowLayout,
} from '../../../src/protocol/index.js';
import { addWideCircuit, countConstraints, countDomainRows, domainPower } from '../../../src/keys/index.js';
import { compileCircuit, largestLayout } from '../../../src/keys/compile/index.js';

const layOut = (
  kind: RowLayout['kind'],
  { rows, slots, groupRows }: { rows: number; slots: number; groupRows: number },
): RowLayout => ({ kind, indexBits: 10, rows, slots, netBits: kind === 'margin' ? NET_BITS : 0, groupRows });

/** Besides the sizes that test/circuits/SpotRows and MarginRows count. */
const SIZES: readonly RowLayout[] = [
  layOut('spot', { rows: 40, slots: 1, groupRows: 32 }),
  layOut('spot', { rows: 5, slots: 8, groupRows: 32 }),
  layOut('margin', { rows: 6, slots: 8, groupRows: 2 }),
];

describe('the cost model', () => {
  it.each(SIZES.map((layout) => [describeLayout(layout), layout] as const))(
    'equals what the compiler makes of %s',
    async (_, layout) => {
      const made = await compileCircuit(layout, { cacheDirectory: cacheDirectory() });
      expect(countConstraints(layout)).toBe(made.constraintCount);
      expect(publicSignalCount(layout)).toBe(made.publicOutputCount + made.publicInputCount);
    },
  );

  it('is what the compiler made of every full-size circuit, measured once', () => {
    const counted = [...PROFILES.values()].map(({ name, layouts }) => [
      name,
      ...layouts.map((layout) => [nameOfLayout(layout), countConstraints(layout)]),
    ]);
    expect(counted).toEqual([
      ['tiny', ['spot-1', 7_675], ['spot-3', 7_995], ['margin-3', 7_624], ['margin-64', 6_830]],
      ['small', ['spot-1', 32_229], ['spot-3', 32_652], ['margin-3', 32_623], ['margin-128', 13_519]],
      ['standard', ['spot-1', 262_065], ['spot-3', 262_004], ['margin-3', 262_106], ['margin-128', 13_519]],
    ]);
  });

  it('finds no layout where not one row fits', () => {
    const wide = { kind: 'margin', indexBits: 10, slots: 128, netBits: NET_BITS } as const;
    expect(largestLayout(wide, 13)).toBeUndefined();
    expect(largestLayout(wide, 14)?.rows).toBe(1);
  });

  it('has a wide row of 2,048 slots in 2^18, complete for every listing', () => {
    const { layouts } = addWideCircuit(PROFILES.get('standard')!, 2048);
    expect(layouts.map(nameOfLayout)).toEqual(['spot-1', 'spot-3', 'margin-3', 'margin-128', 'margin-2048']);
    expect([countConstraints(layouts.at(-1)!), domainPower(layouts.at(-1)!)]).toEqual([206_303, 18]);
  });
});

describe.each([
  ['tiny', 13],
  ['small', 15],
  ['standard', 18],
])('the profile %s', (name, power) => {
  const { layouts } = PROFILES.get(name)!;

  it('fills the domain of each circuit but the wide one: no more rows would fit', () => {
    for (const layout of layouts.slice(0, -1)) {
      expect(largestLayout(layout, power)).toEqual(layout);
      expect(countDomainRows(layout)).toBeLessThanOrEqual(2 ** power);
    }
  });

  it('has one wide row, which fits as well', () => {
    const wide = layouts.at(-1)!;
    expect(wide.rows).toBe(1);
    expect(countDomainRows(wide)).toBeLessThanOrEqual(2 ** power);
  });

  it('has one number of index bits', () => {
    expect(new Set(layouts.map(({ indexBits }) => indexBits)).size).toBe(1);
  });
});

function describeLayout({ kind, rows, slots, groupRows }: RowLayout): string {
  return `${kind} with ${rows} rows of ${slots} slots, groups of ${groupRows}`;
}
