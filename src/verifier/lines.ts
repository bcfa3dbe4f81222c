import { concatBytes } from '../protocol/index.js';
import { refuse } from './failure.js';
import type { Pieces } from './source.js';

const LINE_FEED = 0x0a;

/** One line of a file, without its line feed, and where it stands. */
export type Line = { readonly bytes: Uint8Array; readonly position: string };

/**
 * Cuts a file into lines as it comes, each at most `maxLineBytes` long; nothing longer is ever held.
 * @throws SolventError `line-too-long`; `line-unterminated` where the last byte is no line feed.
 */
export async function* readLines(
  pieces: Pieces,
  { name, maxLineBytes }: { name: string; maxLineBytes: number },
): AsyncGenerator<Line> {
  let lineNumber = 1;
  let rest: Uint8Array = new Uint8Array();
  const placed = (bytes: Uint8Array): Line => {
    const position = `${name} line ${lineNumber}`;
    if (bytes.length > maxLineBytes) {
      throw refuse('line-too-long', `expected at most ${maxLineBytes} bytes at ${position}, got more`);
    }
    return { bytes, position };
  };
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
      yield placed(concatBytes(rest, piece.subarray(start, end)));
      rest = new Uint8Array();
      start = end + 1;
      lineNumber += 1;
    }
    rest = placed(concatBytes(rest, piece.subarray(start))).bytes;
  }
  if (rest.length > 0) {
    throw refuse('line-unterminated', `expected a line feed at the end of ${name}, got none`);
  }
}
