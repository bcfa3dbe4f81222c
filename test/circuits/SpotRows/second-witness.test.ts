import { describe, expect, it } from 'vitest';

import {
  batchOf,
  debt,
  equity,
  MARGIN_3,
  MARGIN_WIDE,
  signalsOf,
  SPOT_1,
  SPOT_3,
  spotRow,
  testedRows,
} from '../row-batches.js';
import { countFreeDirections } from '../second-witness.js';
describe.each([
  ['a', SPOT_1],
  ['b', SPOT_3],
  ['c', MARGIN_3],
  ['d', MARGIN_WIDE],
] as const)('%s', (_, layout) => {
  it('x', async () => {
    const rows = Array.from({ length: layout.rows }, () =>
      layout.kind === 'spot' ? spotRow([2, 500n]) : { slots: [equity(1, 4n), debt(2, 5n)], netValue: 77n },
    );
    const c = await testedRows(layout);
    const w = await c.expectAccepted(signalsOf(batchOf(layout, rows)));
    const t = performance.now();
    expect(countFreeDirections(c.system, w)).toBe(0);
    console.log(
      layout.kind,
      performance.now() - t,
      c.system.constraints.length,
      c.system.wireCount - 1 - c.system.publicCount,
    );
    for (let i = 0; i < c.system.constraints.length; i += 97)
      expect(countFreeDirections(c.system, w, new Set([i])), String(i)).toBe(1);
    console.log(layout.kind, performance.now() - t, c.namesOf(c.system.freeWires(w)));
  });
});
