import { describe, expect, it } from 'vitest';

import { parseBeaconValue } from '../../../src/keys/ceremony/index.js';

const VALUE = '5a16b5cbfd9ba9dc3a4c8d1f0d2b7e916f3d02c1b7a45d8e90ab63cd17fe2840';
/** README of snarkjs, sections 6 and 16. */
const TUTORIAL = '0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const refusal = expect.objectContaining({ code: 'beacon-unfit' }) as Error;

describe('the value of a beacon', () => {
  it('is hexadecimal, in whatever case, and hashed 2^10 times unless more is asked for', () => {
    expect(parseBeaconValue(VALUE)).toEqual({ value: VALUE, iterationsExponent: 10 });
    expect(parseBeaconValue(`0x${VALUE.toUpperCase()}\n`, 20)).toEqual({
      value: VALUE,
      iterationsExponent: 20,
    });
  });

  it.each([
    ['the one of snarkjs’s tutorial', TUTORIAL],
    ['the same, longer', `${TUTORIAL}20`],
    ['the same byte again and again', 'aa'.repeat(32)],
    ['bytes that fall by one', Array.from({ length: 32 }, (_, at) => (200 - at).toString(16)).join('')],
  ])('is not %s', (_, text) => {
    expect(() => parseBeaconValue(text)).toThrow(refusal);
    expect(() => parseBeaconValue(text)).toThrow('anyone would try');
  });

  it.each([
    ['empty', ''],
    ['an odd number of digits', VALUE.slice(1)],
    ['another text', `${VALUE.slice(2)}zz`],
    ['short', VALUE.slice(0, 62)],
    ['long', VALUE.repeat(3)],
  ])('is not %s', (_, text) => {
    expect(() => parseBeaconValue(text)).toThrow(refusal);
  });

  it.each([9, 25, 10.5, Number.NaN])('is not hashed 2^%d times', (exponent) => {
    expect(() => parseBeaconValue(VALUE, exponent)).toThrow(refusal);
  });
});
