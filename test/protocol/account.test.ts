import { describe, expect, it } from 'vitest';

import {
  deriveIdHash,
  deriveInclusionName,
  isCanonicalInstant,
  normalizeName,
  parseFieldElement,
  parseInstant,
  parseName,
  toFieldElement,
  FIELD_MODULUS,
} from '../../src/protocol/index.js';

const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('ids', () => {
  it.each([
    ['', 'name-empty'],
    [' \t', 'name-empty'],
    ['a\u0000b', 'name-has-control-character'],
    ['a\u2028b', 'name-has-control-character'],
    ['\ud800', 'name-has-control-character'],
    // A soft hyphen, a joiner, an isolate, a filler, a variation selector, Braille's blank, and spaces that are none.
    ...[0xad, 0x200d, 0x2066, 0x3164, 0xfe0f, 0xe0041, 0x2800, 0xa0, 0x2009, 0x3000].map(
      (code): [string, string] => [`a${String.fromCodePoint(code)}b`, 'name-has-invisible-character'],
    ),
    [' alice', 'name-not-normal'],
    ['e\u0301', 'name-not-normal'],
    ['é'.repeat(129), 'name-too-long'],
  ])('refuses %j as it stands', (text, code) => {
    expect(() => parseName(text)).toThrow(refusal(code));
  });

  it('takes what a person typed for the id that they mean', () => {
    expect(normalizeName(' zoe\u0301@example.com\n')).toBe('zo\u00e9@example.com');
  });

  it('hash to different numbers for different users and platforms, with no way to shift the border', () => {
    const hashes = [
      deriveIdHash('p', 'alice'),
      deriveIdHash('p', 'bob'),
      deriveIdHash('pa', 'lice'),
      deriveIdHash('palice', ''),
    ];
    expect(new Set(hashes).size).toBe(4);
    expect(hashes.every((hash) => hash < 1n << 248n)).toBe(true);
  });

  it('name inclusion files by their secret alone', () => {
    const secret = new Uint8Array(32).fill(7);
    expect(deriveInclusionName(secret, 'alice')).toMatch(/^[0-9a-f]{32}$/);
    expect(deriveInclusionName(secret, 'bob')).not.toBe(deriveInclusionName(secret, 'alice'));
    expect(deriveInclusionName(new Uint8Array(32).fill(8), 'alice')).not.toBe(
      deriveInclusionName(secret, 'alice'),
    );
  });
});

describe('field elements', () => {
  it('are refused at the modulus, not reduced', () => {
    expect(toFieldElement(FIELD_MODULUS - 1n)).toBe(FIELD_MODULUS - 1n);
    expect(() => toFieldElement(FIELD_MODULUS)).toThrow(refusal('field-element-out-of-range'));
    expect(() => toFieldElement(-1n)).toThrow(refusal('field-element-out-of-range'));
    expect(() => parseFieldElement(String(FIELD_MODULUS))).toThrow(refusal('field-element-out-of-range'));
  });

  it.each(['1000 ', '', '0b11', '0x10', '01', '-0', '1.0', '1e3', '１'])('are not written %j', (text) => {
    expect(() => parseFieldElement(text)).toThrow(refusal('field-element-malformed'));
  });
});

describe('instants', () => {
  it.each([
    ['2026-01-31T00:00:00Z', '2026-01-31T00:00:00Z'],
    ['2026-01-31T01:30:00+01:30', '2026-01-31T00:00:00Z'],
    ['2025-12-31T23:00:00.123456789-02:00', '2026-01-01T01:00:00.123456789Z'],
    ['2024-02-29T12:00:00.500Z', '2024-02-29T12:00:00.5Z'],
  ])('read %s in UTC', (text, canonical) => {
    expect(parseInstant(text)).toBe(canonical);
    expect(isCanonicalInstant(canonical)).toBe(true);
  });

  it.each([
    '2026-01-31',
    '2026-01-31T00:00:00',
    '2026-02-29T00:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T00:00:60Z',
    '2026-01-31 00:00:00Z',
    '2026-01-31T00:00:00+24:00',
    '2026-01-31T00:00:00.1234567890Z',
    'yesterday',
  ])('refuse %s', (text) => {
    expect(() => parseInstant(text)).toThrow(refusal('instant-malformed'));
    expect(isCanonicalInstant(text)).toBe(false);
  });

  it('have one canonical form', () => {
    expect(isCanonicalInstant('2026-01-31T00:00:00.50Z')).toBe(false);
    expect(isCanonicalInstant('2026-01-31T00:00:00+00:00')).toBe(false);
  });
});
