import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { utf8ToBytes } from '../../src/protocol/index.js';
import { readLines } from '../../src/verifier/lines.js';
import { toPieces } from '../../conformance/adversary/world.js';

async function read(pieces: readonly string[], maxLineBytes = 10): Promise<string[]> {
  const lines: string[] = [];
  for await (const { bytes } of readLines(toPieces(pieces.map(utf8ToBytes)), {
    name: 'a file',
    maxLineBytes,
  })) {
    lines.push(new TextDecoder().decode(bytes));
  }
  return lines;
}

describe('reading lines', () => {
  it('gives the same lines wherever the pieces of the file are cut', async () => {
    const lines = fc.array(fc.stringMatching(/^[a-z]{0,10}$/), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(40), { maxLength: 6 }), async (expected, cuts) => {
        const text = expected.map((line) => `${line}\n`).join('');
        const positions = [
          0,
          ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b),
          text.length,
        ];
        const pieces = positions.slice(1).map((end, index) => text.slice(positions[index], end));
        expect(await read(pieces)).toEqual(expected);
      }),
      { seed: 5 },
    );
  });

  it('names the line that is too long, also where it never ends', async () => {
    await expect(read(['ab\n', 'x'.repeat(11), '\n'])).rejects.toMatchObject({
      code: 'line-too-long',
      message: expect.stringContaining('a file line 2') as string,
    });
    await expect(read(['x'.repeat(6), 'x'.repeat(6)])).rejects.toMatchObject({ code: 'line-too-long' });
    expect(await read(['x'.repeat(10), '\n'])).toEqual(['x'.repeat(10)]);
  });

  it('refuses a last line without a line feed', async () => {
    await expect(read(['ab\n', 'c'])).rejects.toMatchObject({ code: 'line-unterminated' });
    expect(await read([])).toEqual([]);
  });
});
