import { describe, expect, it } from 'vitest';

import { formatAge, formatDuration } from '../../src/presentation/index.js';

describe('a duration', () => {
  it.each([
    [4.21, '4.2 s'],
    [59.97, '1 min 0 s'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
  ])('of %d seconds is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('an age', () => {
  it.each([
    [0n, '0 s'],
    [999n, '999 ns'],
    [2_500_000_000n, '2 s 500 ms'],
    [3_900_000_000_000n, '1 h 5 min'],
    [90_061_000_000_001n, '1 d 1 h'],
  ])('of %d nanoseconds is %s', (ageNs, text) => {
    expect(formatAge(ageNs)).toBe(text);
  });
});
