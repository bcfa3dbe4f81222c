import { describe, expect, it } from 'vitest';

import { FIELD_MODULUS } from '../../../src/protocol/index.js';
import { littleEndianToBigint } from '../../../src/iden3/index.js';
import { drawTrapdoor, wipeTrapdoor } from '../../../src/keys/development-key/trapdoor.js';

describe('a trapdoor', () => {
  it('has four different secrets above 1 and below the modulus, and no two trapdoors share one', () => {
    const secrets = Array.from({ length: 64 }, () => Object.values(drawTrapdoor()))
      .flat()
      .map(littleEndianToBigint);
    expect(secrets.every((secret) => secret > 1n && secret < FIELD_MODULUS)).toBe(true);
    expect(new Set(secrets).size).toBe(4 * 64);
  });

  it('reaches the top of the field: nothing above it is folded down', () => {
    // Of 256 uniform secrets, none above three quarters of the modulus would be one chance in 2^106.
    const secrets = Array.from({ length: 64 }, () => Object.values(drawTrapdoor()))
      .flat()
      .map(littleEndianToBigint);
    expect(secrets.some((secret) => secret > (FIELD_MODULUS * 3n) / 4n)).toBe(true);
  });

  it('is overwritten', () => {
    const trapdoor = drawTrapdoor();
    wipeTrapdoor(trapdoor);
    for (const secret of Object.values(trapdoor)) expect(littleEndianToBigint(secret)).toBe(0n);
  });
});
