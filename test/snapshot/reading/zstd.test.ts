import { describe, expect, it } from 'vitest';

import { decompressZstd } from '../../../src/snapshot/reading/zstd.js';
import { collectAccounts, refusalOf, shorten, takeSnapshot } from '../venue.js';

const TEXT = 'user_id,asset,equity,debt\nann,AAA,1.5,\nbob,BBB,7,\nann,BBB,2,\n';
/** TEXT as the command `zstd` writes it, which states length and checksum. */
const COMPRESSED = Buffer.from(
  'KLUv/SQ96QEAdXNlcl9pZCxhc3NldCxlcXVpdHksZGVidAphbm4sQUFBLDEuNSwKYm9iLEJCQiw3LAphbm4sQkJCLDIsCjE0S7U=',
  'base64',
);

/** Checksums as XXH64 is published with them: the low half of the hash, of texts that are short. */
const XXH64 = { '': 0x51d8e999, a: 0xa98c6e5b, abc: 0xad770999 } as const;

type Frame = {
  readonly checksum?: number;
  /** The length that is stated; the one that the text has, where none is given. */
  readonly length?: number;
  readonly window?: number;
  readonly dictionary?: number;
};

/** A frame that holds a text as it is, in blocks of one byte each and an empty one. */
function encodeFrame(
  text: string,
  { checksum, length = text.length, window, dictionary }: Frame = {},
): Buffer {
  const flags =
    (window === undefined ? 0x20 : 0) | (checksum === undefined ? 0 : 4) | (dictionary === undefined ? 0 : 1);
  const header = [
    flags,
    ...(window === undefined ? [] : [window]),
    ...(dictionary === undefined ? [] : [dictionary]),
  ];
  if (window === undefined) header.push(length);
  const blocks = [...Buffer.from(text)].flatMap((byte) => [1 << 3, 0, 0, byte]);
  const end = Buffer.alloc(checksum === undefined ? 0 : 4);
  if (checksum !== undefined) end.writeUInt32LE(checksum);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...header, ...blocks, 1, 0, 0]), end]);
}

const SKIPPED = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

async function decompress(bytes: Buffer, chunkBytes = bytes.length): Promise<string> {
  async function* cut(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
    }
  }
  const texts: Buffer[] = [];
  for await (const text of decompressZstd(cut())) texts.push(text);
  return Buffer.concat(texts).toString('utf8');
}

describe('a zstd file', () => {
  it.each([1, 2, 7, 1000])(
    'is read whatever the chunks that it comes in: of %i bytes',
    async (chunkBytes) => {
      expect(await decompress(COMPRESSED, chunkBytes)).toBe(TEXT);
    },
  );

  it.each(Object.entries(XXH64))('is held to the published checksum of "%s"', async (text, checksum) => {
    expect(await decompress(encodeFrame(text, { checksum }))).toBe(text);
    await expect(decompress(encodeFrame(text, { checksum: checksum + 1 }))).rejects.toThrow(/checksum/);
  });

  it('may have several frames, without a length or checksum, and frames to skip', async () => {
    const frames = [
      encodeFrame('a'),
      SKIPPED,
      encodeFrame('bc', { window: 0 }),
      encodeFrame('', {}),
      SKIPPED,
    ];
    expect(await decompress(Buffer.concat(frames))).toBe('abc');
    expect(await decompress(Buffer.concat(frames), 1)).toBe('abc');
  });

  it('is refused where any one byte of it is another', async () => {
    for (let at = 0; at < COMPRESSED.length; at++) {
      const bytes = Buffer.from(COMPRESSED);
      bytes[at]! ^= 1;
      const read = await decompress(bytes).catch(() => undefined);
      // A bit of the header may say the same in another way.
      expect([undefined, TEXT], `byte ${at}`).toContain(read);
    }
  });

  it.each([
    ['a length that is not its own', encodeFrame('abc', { length: 4 }), /length/],
    ['a window above 128 MiB', encodeFrame('abc', { window: 18 << 3 }), /window/],
    ['a dictionary', encodeFrame('abc', { dictionary: 1 }), /dictionary/],
    ['bytes behind its last frame', Buffer.concat([encodeFrame('abc'), Buffer.alloc(4)]), /frame/],
    ['fewer bytes than it says', encodeFrame('abc', { checksum: XXH64.abc }).subarray(0, -1), /more bytes/],
    ['a skipped frame that is cut short', SKIPPED.subarray(0, -1), /more bytes/],
  ])('is refused for %s', async (_, bytes, message) => {
    await expect(decompress(bytes)).rejects.toThrow(message);
  });

  it('makes no snapshot of an amount that was altered in it', async () => {
    const altered = Buffer.from(COMPRESSED);
    const at = altered.indexOf('1.5,');
    expect(at).toBeGreaterThan(0);
    altered[at] = '9'.charCodeAt(0);
    const error = await refusalOf({ balances: altered });
    expect(shorten(error.problems)).toEqual(['1 - file-malformed']);
    expect(await collectAccounts(await takeSnapshot({ balances: COMPRESSED }))).toHaveLength(2);
  });
});
