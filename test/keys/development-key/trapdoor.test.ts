import { describe, expect, it } from 'vitest';

import { FIELD_MODULUS } from '../../../src/protocol/index.js';
import { bytesToInteger } from '../../../src/keys/development-key/integers.js';
import { drawTrapdoor, wipeTrapdoor } from '../../../src/keys/development-key/trapdoor.js';

describe('a trapdoor', () => {
  it('has four different secrets above 1 and below the modulus, and no two trapdoors share one', () => {
    const secrets = Array.from({ length: 64 }, () => Object.values(drawTrapdoor()))
      .flat()
      .map(bytesToInteger);
    expect(secrets.every((secret) => secret > 1n && secret < FIELD_MODULUS)).toBe(true);
    expect(new Set(secrets).size).toBe(4 * 64);
  });

  it('reaches the top of the field: nothing above it is folded down', () => {
    // Of 256 uniform secrets, none above three quarters of the modulus would be one chance in 2^106.
    const secrets = Array.from({ length: 64 }, () => Object.values(drawTrapdoor()))
      .flat()
      .map(bytesToInteger);
    expect(secrets.some((secret) => secret > (FIELD_MODULUS * 3n) / 4n)).toBe(true);
  });

  it('is overwritten', () => {
    const trapdoor = drawTrapdoor();
    wipeTrapdoor(trapdoor);
    for (const secret of Object.values(trapdoor)) expect(bytesToInteger(secret)).toBe(0n);
  });
});
