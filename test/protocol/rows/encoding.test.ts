import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FIELD_MODULUS } from '../../../src/protocol/index.js';
import * as rows from '../../../src/protocol/index.js';

describe('integers as bytes', () => {
  it('are big-endian and come back', () => {
    expect(rows.encodeUint(0x0102, 4)).toEqual(Uint8Array.of(0, 0, 1, 2));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 248n) - 1n }), (value) => {
        expect(rows.decodeUint(rows.encodeUint(value, 31))).toBe(value);
      }),
      { seed: 31 },
    );
    expect(rows.decodeUint(new Uint8Array(0))).toBe(0n);
  });

  it('are refused where they do not fit', () => {
    for (const value of [-1n, 256n]) expect(() => rows.encodeUint(value, 1)).toThrow(RangeError);
    expect(() => rows.fixedBytes(new Uint8Array(31), 32)).toThrow(RangeError);
    expect(() => rows.reduceWide(new Uint8Array(32))).toThrow(RangeError);
  });
});

describe('base64url', () => {
  it('is that of Node, and comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        const text = rows.encodeBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(rows.parseBase64url(text, bytes.length)).toEqual(bytes);
      }),
      { seed: 32 },
    );
  });

  it.each([
    ['another length', 'AAAA'],
    ['padding', `${'A'.repeat(43)}=`],
    ['the other alphabet', `${'A'.repeat(42)}+`],
    ['a character beyond ASCII', `${'A'.repeat(42)}é`],
    ['bits left over', `${'A'.repeat(42)}B`],
    ['a line feed', `${'A'.repeat(43)}\n`],
  ])('is refused with %s', (_, text) => {
    expect(() => rows.parseBase64url(text, 32)).toThrow(
      expect.objectContaining({ code: 'base64url-malformed', errorClass: 'format' }) as Error,
    );
  });
});

describe('field elements in one text', () => {
  const refusal = (code: string) => expect.objectContaining({ code, errorClass: 'format' }) as Error;

  it('are their 32 bytes, big-endian, one behind the other, and come back', () => {
    const element = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }).map(rows.reduceField);
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 7 }), (values) => {
        const text = rows.encodeFieldElements(values);
        const hex = values.map((value) => value.toString(16).padStart(64, '0')).join('');
        expect(text).toBe(Buffer.from(hex, 'hex').toString('base64url'));
        expect(rows.parseFieldElements(text)).toEqual(values);
      }),
      { seed: 34 },
    );
  });

  it.each<[string, (text: string) => string]>([
    ['nothing', () => ''],
    ['a character more', (text) => `${text}A`],
    ['a character less', (text) => text.slice(1)],
    ['half an element more', (text) => text + text.slice(0, 21)],
    ['padding', (text) => `${text}==`],
    ['bits left over', (text) => text.replace(/.$/, 'd')],
    ['the other alphabet', (text) => text.replace(/^../, '/+')],
  ])('are refused with %s', (_, respell) => {
    const text = rows.encodeFieldElements([5n, 7n]);
    expect(() => rows.parseFieldElements(respell(text))).toThrow(refusal('base64url-malformed'));
  });

  it('are refused from r on, wherever they stand', () => {
    for (const value of [FIELD_MODULUS, FIELD_MODULUS + 1n, (1n << 256n) - 1n]) {
      for (const values of [[value], [1n, value, 2n], [1n, 2n, value]]) {
        expect(() => rows.parseFieldElements(rows.encodeFieldElements(values))).toThrow(
          refusal('field-element-out-of-range'),
        );
      }
    }
    expect(() => rows.encodeFieldElements([-1n])).toThrow(RangeError);
    expect(() => rows.encodeFieldElements([1n << 256n])).toThrow(RangeError);
  });
});

describe('field arithmetic', () => {
  const element = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }).map(rows.reduceField);

  it('inverts, subtracts and raises as integers modulo r', () => {
    fc.assert(
      fc.property(element, element, (a, b) => {
        expect((rows.subtractField(a, b) + b) % FIELD_MODULUS).toBe(a);
        expect((rows.negateField(a) + a) % FIELD_MODULUS).toBe(0n);
        expect(rows.powerField(a, 3)).toBe((a * a * a) % FIELD_MODULUS);
        if (a !== 0n) expect((rows.invertField(a) * a) % FIELD_MODULUS).toBe(1n);
      }),
      { seed: 33 },
    );
    expect(rows.invertFields([])).toEqual([]);
    expect(rows.powerField(rows.ZERO, 0)).toBe(1n);
    expect(() => rows.invertFields([rows.ONE, rows.ZERO])).toThrow(
      expect.objectContaining({ code: 'division-by-zero', errorClass: 'invariant' }) as Error,
    );
  });

  it('reduces integers of either sign', () => {
    expect(rows.reduceField(-1n)).toBe(FIELD_MODULUS - 1n);
    expect(rows.reduceField(FIELD_MODULUS)).toBe(0n);
    expect(rows.sumField([rows.reduceField(-1n), rows.ONE])).toBe(0n);
  });
});
