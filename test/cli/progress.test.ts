import { describe, expect, it } from 'vitest';

import { createProgress, type ProgressEvent } from '../../src/cli/progress.js';

/** Lines that are shown for events at some seconds. */
function show(events: readonly (readonly [second: number, event: ProgressEvent])[], quiet = false): string[] {
  const lines: string[] = [];
  let nowMs = 0;
  const progress = createProgress({
    quiet,
    now: () => nowMs,
    output: { isTTY: false, write: (line: string) => lines.push(line) > 0 },
  });
  for (const [second, event] of events) {
    nowMs = second * 1000;
    progress.report(event);
  }
  progress.finish();
  return lines.map((line) => line.trimEnd());
}

const proving = (done: number, total = 40): ProgressEvent => ({
  stage: 'Proving batches',
  done,
  total,
  unit: 'proofs',
});

describe('progress', () => {
  it('says no time left from the first proof, which waits for keys to be loaded', () => {
    // Half a minute for the first, three seconds for each after it.
    const events = Array.from(
      { length: 16 },
      (_, done) => [done === 0 ? 0 : 27 + 3 * done, proving(done)] as const,
    );
    const lines = show(events);
    expect(lines.slice(0, 2)).toEqual(['Proving batches 0 of 40 proofs', 'Proving batches 1 of 40 proofs']);
    expect(lines[2]).toBe('Proving batches 5 of 40 proofs, 0.33 a second, about 1 min 45 s left');
    expect(lines.filter((line) => line.includes('left')).every((line) => line.includes('about 1 min'))).toBe(
      true,
    );
  });

  it('tells the time left of a resumed run by the proofs that it makes, and not by those that it finds', () => {
    // A hundred are read in two seconds; each after them takes three.
    const found = Array.from({ length: 101 }, (_, done) => [done / 50, proving(done, 300)] as const);
    const made = Array.from(
      { length: 60 },
      (_, done) => [2 + 3 * (done + 1), proving(101 + done, 300)] as const,
    );
    const lines = show([...found, ...made]);
    expect(lines.at(-1)).toBe('Proving batches 159 of 300 proofs, 0.33 a second, about 7 min 3 s left');
  });

  it('says no time left where few steps are no measure', () => {
    const lines = show([0, 30, 60].map((second, done) => [second, proving(done, 3)] as const));
    expect(lines.join('\n')).not.toContain('left');
    expect(
      show([
        [0, proving(0, 1)],
        [2, proving(1, 1)],
      ])[1],
    ).toBe('Proving batches 1 of 1 proof, 0.50 a second, took 2.0 s');
  });

  it('counts bytes in megabytes, and what has no unit by its share or not at all', () => {
    const scan = (done: number) => ({ stage: 'Scanning', done, total: 52_400_000, unit: 'bytes' });
    expect(
      show([
        [0, scan(0)],
        [11, scan(26_200_000)],
      ])[1],
    ).toBe('Scanning 26.2 of 52.4 MB');
    const part = (done: number, total: number) => ({ stage: 'Writing', done, total });
    expect(show([[0, part(1, 4)]])).toEqual(['Writing 25 %']);
    expect(
      show([
        [0, part(0, 1)],
        [0, part(1, 1)],
      ]),
    ).toEqual(['Writing', 'Writing done']);
  });

  it('is silent where it is asked to be', () => {
    expect(
      show(
        [
          [0, proving(0)],
          [20, proving(40)],
        ],
        true,
      ),
    ).toEqual([]);
  });
});
