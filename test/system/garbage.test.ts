import { setImmediate as nextTurn } from 'node:timers/promises';

import { expect, it, vi } from 'vitest';

import { collectGarbage, relieveMemory } from '../../src/system/index.js';

const refer = () => new WeakRef({ bytes: new Uint8Array(1024) });

it('what nobody holds is gone, and what somebody holds stays', async () => {
  const held = { bytes: new Uint8Array(1024) };
  const [lost, kept] = [refer(), new WeakRef(held)];
  // What was looked at in this turn is kept to its end.
  await nextTurn();
  await collectGarbage();
  expect(lost.deref()).toBeUndefined();
  expect(kept.deref()).toBe(held);
});

it.each([
  [1e9, undefined],
  [1e8, expect.anything()],
])('where a process holds %d bytes, what nobody holds is %s', async (held, found) => {
  const rss = vi.spyOn(process.memoryUsage, 'rss').mockReturnValue(held);
  const lost = refer();
  await nextTurn();
  await relieveMemory();
  rss.mockRestore();
  expect(lost.deref()).toEqual(found);
});
