import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

import { lendThreads } from '../../src/verifier/node/threads.js';

// A worker thread runs compiled code only.
const entry = pathToFileURL(resolve(import.meta.dirname, '../../dist/src/verifier/node/worker.js'));

describe('threads', () => {
  it('rest after their work and are lent again, to one borrower at a time', async () => {
    const first = await lendThreads({ entry, threads: 1 }, (lent) => Promise.resolve([...lent]));
    const second = await lendThreads({ entry, threads: 2 }, async (lent) => {
      const others = await lendThreads({ entry, threads: 1 }, (more) => Promise.resolve([...more]));
      expect(lent).not.toContain(others[0]);
      return [...lent];
    });
    expect(second).toContain(first[0]);
    expect(new Set(second).size).toBe(2);
  });

  it('are ended, and lent no more, where the work fails', async () => {
    let failing: unknown;
    const work = lendThreads({ entry, threads: 1 }, ([thread]) => {
      failing = thread;
      return Promise.reject(new Error('no answer'));
    });
    await expect(work).rejects.toThrow('no answer');
    const next = await lendThreads({ entry, threads: 4 }, (lent) => Promise.resolve([...lent]));
    expect(next).not.toContain(failing);
  });

  it('that end at rest are lent no more', async () => {
    const [gone] = await lendThreads({ entry, threads: 1 }, (lent) => Promise.resolve([...lent]));
    await gone!.terminate();
    const next = await lendThreads({ entry, threads: 8 }, (lent) => Promise.resolve([...lent]));
    expect(next).not.toContain(gone);
  });
});
