import { setImmediate } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { openLanes } from '../../src/keys/lanes.js';

/** Work that ends when the test says so. */
function handDriven() {
  const begun: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const work = (name: string) => () =>
    new Promise<string>((resolve, reject) => {
      begun.push(name);
      const end = () => {
        resolve(name);
      };
      ends.set(name, { resolve: end, reject });
    });
  return { begun, ends, work };
}

describe('lanes', () => {
  it('do so many pieces of work at a time, in the order in which they come', async () => {
    const { begun, ends, work } = handDriven();
    const run = openLanes(2);
    const done = ['a', 'b', 'c', 'd'].map((name) => run(work(name)));
    await setImmediate();
    expect(begun).toEqual(['a', 'b']);
    ends.get('b')!.resolve();
    await setImmediate();
    expect(begun).toEqual(['a', 'b', 'c']);
    ends.get('a')!.resolve();
    ends.get('c')!.resolve();
    await setImmediate();
    ends.get('d')!.resolve();
    expect(await Promise.all(done)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('have one lane at least', async () => {
    expect(await openLanes(0)(() => Promise.resolve('done'))).toBe('done');
  });

  it('begin nothing after a failure, in any lanes that halt together, and finish what runs', async () => {
    const { begun, ends, work } = handDriven();
    const halt = new AbortController();
    const [run, other] = [openLanes(2, halt), openLanes(1, halt)];
    const done = ['a', 'b', 'c'].map((name) => run(work(name)));
    await setImmediate();
    const failure = new Error('no room');
    ends.get('a')!.reject(failure);
    await expect(done[0]).rejects.toBe(failure);
    await expect(done[2]).rejects.toBe(failure);
    await expect(other(work('d'))).rejects.toBe(failure);
    ends.get('b')!.resolve();
    expect(await done[1]).toBe('b');
    expect(begun).toEqual(['a', 'b']);
  });
});
