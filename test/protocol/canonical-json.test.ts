import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  encodeCanonicalJson,
  encodeJsonLine,
  parseCanonicalJson,
  parseJsonLine,
  utf8ToBytes,
} from '../../src/protocol/index.js';

const LIMIT = 10_000;
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('canonical JSON', () => {
  it('sorts keys and reads back what it wrote', () => {
    expect(new TextDecoder().decode(encodeCanonicalJson({ b: [1, '2'], a: null }))).toBe(
      '{"a":null,"b":[1,"2"]}',
    );
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const bytes = encodeCanonicalJson(value);
        expect(encodeCanonicalJson(parseCanonicalJson(bytes, 1 << 20))).toEqual(bytes);
      }),
      { seed: 4 },
    );
  });

  it.each([
    ['a doubled key', '{"a":1,"a":1}'],
    ['white space', '{"a": 1}'],
    ['keys out of order', '{"b":1,"a":1}'],
    ['another spelling of a number', '{"a":1e0}'],
    ['another spelling of a string', '{"a":"\\u0041"}'],
    ['minus zero', '{"a":-0}'],
    ['a number that a double does not hold', '{"a":9007199254740993}'],
  ])('refuses %s', (_, text) => {
    expect(() => parseCanonicalJson(utf8ToBytes(text), LIMIT)).toThrow(refusal('json-not-canonical'));
  });

  it.each([
    ['a byte-order mark', Uint8Array.of(0xef, 0xbb, 0xbf, 0x31)],
    ['invalid UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['nothing', new Uint8Array()],
    ['half an object', utf8ToBytes('{"a":')],
  ])('refuses %s', (_, bytes) => {
    expect(() => parseCanonicalJson(bytes, LIMIT)).toThrow(refusal('json-malformed'));
  });

  it('refuses files that are too large or too deep before reading them', () => {
    expect(() => parseCanonicalJson(utf8ToBytes('"aaaa"'), 5)).toThrow(refusal('json-too-large'));
    const deep = utf8ToBytes('['.repeat(5000) + ']'.repeat(5000));
    expect(() => parseCanonicalJson(deep, LIMIT)).toThrow(refusal('json-too-deep'));
    expect(parseCanonicalJson(utf8ToBytes(`"${'['.repeat(40)}"`), LIMIT)).toBe('['.repeat(40));
  });

  it('ends a published file with exactly one line feed', () => {
    const bytes = encodeJsonLine({ a: 1 });
    expect(bytes.at(-1)).toBe(0x0a);
    expect(parseJsonLine(bytes, LIMIT)).toEqual({ a: 1 });
    expect(() => parseJsonLine(bytes.subarray(0, -1), LIMIT)).toThrow(refusal('json-not-canonical'));
    expect(() => parseJsonLine(utf8ToBytes('{"a":1}\n\n'), LIMIT)).toThrow(refusal('json-not-canonical'));
  });
});
