import { describe, expect, it } from 'vitest';

import { deriveDigestIv, NET_BITS, PROFILES, type RowLayout } from '../../../src/protocol/index.js';
import { compileCircuit, generateMain } from '../../../src/keys/compile/index.js';

const SPOT: RowLayout = { kind: 'spot', indexBits: 2, rows: 5, slots: 3, netBits: 0, groupRows: 4 };
const MARGIN: RowLayout = { ...SPOT, kind: 'margin', netBits: NET_BITS };

const refusal = expect.objectContaining({ errorClass: 'format', code: 'layout-malformed' }) as Error;

describe('the main file of a circuit', () => {
  it('names the template, its constant, its sizes and its public inputs', () => {
    expect(generateMain(SPOT)).toBe(
      `pragma circom 2.2.0;

include "SpotRows.circom";

component main {public [rho, x]} = SpotRows(${deriveDigestIv(SPOT)}, 2, 5, 3, 4);
`,
    );
    expect(generateMain(MARGIN)).toContain(
      `component main {public [rho, x, gamma]} = MarginRows(${deriveDigestIv(MARGIN)}, 2, 5, 3, 126, 4);`,
    );
  });

  it('is another for each circuit of each profile', () => {
    const layouts = [...PROFILES.values()].flatMap((profile) => profile.layouts);
    // Profiles may share a circuit: it is the same one, under the same tag.
    const different = new Set(layouts.map((layout) => JSON.stringify(layout))).size;
    expect(new Set(layouts.map(generateMain)).size).toBe(different);
    expect(different).toBeGreaterThan(PROFILES.size);
  });

  it.each<[string, RowLayout]>([
    ['no index bits', { ...SPOT, indexBits: 0 }],
    ['more index bits than an index has', { ...SPOT, indexBits: 33 }],
    ['no rows', { ...SPOT, rows: 0 }],
    ['a part of a row', { ...SPOT, rows: 2.5 }],
    ['no slots', { ...SPOT, slots: 0 }],
    ['more slots than a row has', { ...SPOT, slots: 2049 }],
    ['more slots than a batch has', { ...SPOT, rows: 2 ** 18 }],
    ['no rows in a group', { ...SPOT, groupRows: 0 }],
    ['net values without debt', { ...SPOT, netBits: NET_BITS }],
    ['debt without net values', { ...MARGIN, netBits: 0 }],
    ['more public signals than a proof has', { ...SPOT, rows: 2000, groupRows: 1 }],
  ])('is refused for %s, before the compiler runs', async (_, layout) => {
    expect(() => generateMain(layout)).toThrow(refusal);
    await expect(compileCircuit(layout, { cacheDirectory: '/nowhere' })).rejects.toEqual(refusal);
  });
});
