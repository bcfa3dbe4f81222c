import { describe, expect, it } from 'vitest';

import * as rows from '../../../src/protocol/index.js';

const SPOT: rows.RowLayout = { kind: 'spot', indexBits: 10, rows: 995, slots: 3, netBits: 0, groupRows: 32 };
const refusal = (code: string) => expect.objectContaining({ code, errorClass: 'format' }) as Error;

describe('a layout', () => {
  it.each<[string, Partial<rows.RowLayout>]>([
    ['index bits', { indexBits: 33 }],
    ['no index bits', { indexBits: 0 }],
    ['slots', { slots: 2049, rows: 1 }],
    ['no rows', { rows: 0 }],
    ['half a row', { rows: 1.5 }],
    ['slots of a batch', { rows: 1 << 18, slots: 1, groupRows: 1024 }],
    ['rows of a group', { groupRows: 1025 }],
    ['net bits of the other kind', { netBits: 126 }],
    ['margin rows without net bits', { kind: 'margin' }],
    ['signals', { rows: 200_000, slots: 1, groupRows: 32 }],
  ])('is refused with too many or wrong %s', (_, change) => {
    rows.assertLayout(SPOT);
    rows.assertLayout({ ...SPOT, rows: (1 << 18) - 1, slots: 1, groupRows: 1024 });
    expect(() => {
      rows.assertLayout({ ...SPOT, ...change });
    }).toThrow(refusal('layout-malformed'));
  });

  it('has a tag that hangs on every one of its fields, and on nothing else', () => {
    const changes: Partial<rows.RowLayout>[] = [
      {},
      { kind: 'margin' },
      { indexBits: 9 },
      { rows: 994 },
      { slots: 2 },
      { netBits: 126 },
      { groupRows: 64 },
    ];
    const tags = changes.map((change) => rows.deriveCircuitTag({ ...SPOT, ...change }));
    expect(new Set(tags).size).toBe(changes.length);
    const more = { ...SPOT, assets: 64 };
    expect(rows.deriveCircuitTag(more)).toBe(tags[0]);
  });

  it('names its circuit, and takes groups of 64 rows above 1,500', () => {
    expect(rows.nameOfLayout(SPOT)).toBe('spot-3');
    expect([1500, 1501].map(rows.groupRowsFor)).toEqual([32, 64]);
  });

  it('places every row in one group, the last of which may be short', () => {
    const sizes = Array.from({ length: rows.groupCount(SPOT) }, (_, group) => rows.groupSize(SPOT, group));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(995);
    expect([sizes.at(-1), rows.groupOf(SPOT, 31), rows.groupOf(SPOT, 32), rows.groupOf(SPOT, 994)]).toEqual([
      3,
      { group: 0, position: 32 },
      { group: 1, position: 1 },
      { group: 31, position: 3 },
    ]);
    expect(() => rows.groupSize(SPOT, 32)).toThrow(refusal('group-out-of-range'));
  });
});
