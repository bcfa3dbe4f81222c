import { RLP } from '@ethereumjs/rlp';
import { describe, expect, it } from 'vitest';

import { hexToBytes, SolventError } from '../../../../src/protocol/index.js';
import { asInteger, parseRlp, type RlpItem } from '../../../../src/verifier/reserves/evm/rlp.js';

type Nested = Uint8Array | Nested[];
const open = (item: RlpItem): Nested => (item.kind === 'bytes' ? item.bytes : item.items.map(open));

describe('RLP', () => {
  it.each([0, 1, 2, 54, 55, 56, 57, 255, 256, 65_535, 65_536])(
    'reads %i bytes as another library writes them',
    (length) => {
      const bytes = new Uint8Array(length).fill(0x80);
      const value: Nested = [bytes, [bytes, []], Uint8Array.of(0x7f)];
      expect(open(parseRlp(RLP.encode(value)))).toEqual(value);
    },
  );

  it.each([
    ['nothing', ''],
    ['a small byte with a length', '8101'],
    ['a long length for a short text', 'b801ff'],
    ['a long length with a zero before it', 'b90038' + '00'.repeat(56)],
    ['a long length for a short list', 'f800'],
    ['a text beyond its end', '8401'],
    ['a list beyond its end', 'c401'],
    ['an item beyond its list', 'c28301'],
    ['bytes behind an item', '0102'],
    ['a length of 4 GB', 'bbffffffff'],
    ['a length of 16 EB', 'bfffffffffffffffff'],
    ['a list of 16 EB', 'ffffffffffffffffff'],
    [
      '17 lists in lists',
      `${Array.from({ length: 17 }, (_, depth) => (0xc0 + 17 - depth).toString(16)).join('')}c0`,
    ],
  ])('refuses %s', (_, hex) => {
    expect(() => parseRlp(hexToBytes(hex))).toThrow(SolventError);
  });

  it('refuses lists that are nested a million deep without nesting itself', () => {
    // Each list holds the next, with lengths of four bytes.
    const depth = 200_000;
    const bytes = new Uint8Array(depth * 5);
    for (let index = 0; index < depth; index++) {
      const length = (depth - index - 1) * 5;
      bytes.set([0xfb, length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255], index * 5);
    }
    expect(() => parseRlp(bytes)).toThrow(/levels of lists|shortest/);
  });

  it('reads integers without zeros before them, as long as they may be', () => {
    expect(asInteger(parseRlp(RLP.encode(Uint8Array.of(1, 0))))).toBe(256n);
    expect(asInteger(parseRlp(RLP.encode(new Uint8Array())))).toBe(0n);
    expect(() => asInteger(parseRlp(RLP.encode(Uint8Array.of(0, 1))))).toThrow(SolventError);
    expect(() => asInteger(parseRlp(RLP.encode(new Uint8Array(33).fill(1))))).toThrow(SolventError);
  });

  it('says how long a list is with what stands before it', () => {
    const bytes = RLP.encode([[Uint8Array.of(1)], new Uint8Array(60), []]);
    expect(parseRlp(bytes)).toMatchObject({ kind: 'list', sizeBytes: bytes.length });
  });
});
