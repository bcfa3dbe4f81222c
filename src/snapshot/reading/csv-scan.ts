import { createHash } from 'node:crypto';
import { TextDecoder } from 'node:util';

import { MAX_ROW_LENGTH, type Separator } from './csv-records.js';
import { readSourceBytes, detectCompression, readSourceText } from './source-text.js';

/** What one pass over the bytes of a CSV file shows. */
export type CsvScan = {
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Lines below the first; rows where the file is plain. */
  readonly lineCount: number;
  /**
   * Whether there is only one way to read the file. It is valid UTF-8 without byte-order mark or zero byte, and not
   * compressed. Commas stand between fields. Quotes are only around whole fields and doubled inside them. No line
   * ending is inside a field, there is one kind of line ending and no blank line, and each line has as many fields as
   * the first. Such a file has one row a line, and any reader of CSV may read it. Every other file needs the exact
   * reader.
   */
  readonly plain: boolean;
};

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const TAB = 0x09;
const QUOTE = 0x22;
const BYTE_ORDER_MARK_START = 0xef;

/**
 * Hashes a CSV file and judges its shape, in constant memory, and in one pass but for a compressed file.
 * @param options `separator`: what the source declares; one that is no comma makes the file other than plain.
 * @throws SolventError `file-unreadable` of class `usage`; SourceError `file-malformed` for a damaged compressed file.
 */
export async function scanCsv(
  path: string,
  { separator, onChunk }: { separator?: Separator | undefined; onChunk?: (doneBytes: number) => void } = {},
): Promise<CsvScan> {
  const hash = createHash('sha256');
  const shape = new ShapeScanner();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  let sizeBytes = 0;
  const isCompressed = (await detectCompression(path)) !== 'none';
  const judge = (bytes: Buffer) => {
    shape.push(bytes);
    isUtf8 &&= isDecodable(decoder, bytes);
  };
  for await (const bytes of readSourceBytes(path)) {
    hash.update(bytes);
    if (!isCompressed) judge(bytes);
    sizeBytes += bytes.length;
    onChunk?.(sizeBytes);
  }
  if (isCompressed) for await (const bytes of readSourceText(path)) judge(bytes);
  isUtf8 &&= isDecodable(decoder);
  const { plain, lineCount } = shape.end();
  const hasCommas = separator === undefined || separator === 'comma';
  return {
    sha256: hash.digest('hex'),
    sizeBytes,
    lineCount,
    plain: plain && isUtf8 && !isCompressed && hasCommas,
  };
}

/** Where in a field the scanner is: before it, in one without quotes, inside quotes, or behind a quote in them. */
const START = 0;
const BARE = 1;
const QUOTED = 2;
const BEHIND = 3;

/** Reads a file as far as its shape goes, until something makes it other than plain. */
class ShapeScanner {
  #plain = true;
  #state: typeof START | typeof BARE | typeof QUOTED | typeof BEHIND = START;
  #lines = 0;
  #lineBytes = 0;
  #commas = 0;
  #commasOfHeader = -1;
  /** Whether the header has what stands for a comma where it has none. */
  #hasOther = false;
  #afterReturn = false;
  #returns = 0;

  push(bytes: Buffer): void {
    if (this.#lines === 0 && this.#lineBytes === 0 && bytes[0] === BYTE_ORDER_MARK_START) this.#plain = false;
    for (const byte of bytes) {
      if (!this.#plain) return;
      if (byte === LINE_FEED) {
        this.#endLine();
        continue;
      }
      if (this.#afterReturn) this.#plain = false;
      this.#lineBytes += 1;
      if (this.#lines === 0 && (byte === SEMICOLON || byte === TAB)) this.#hasOther = true;
      if (byte === CARRIAGE_RETURN) this.#afterReturn = true;
      else if (byte === QUOTE) this.#quote();
      else if (this.#state === QUOTED) this.#plain = byte !== 0;
      else if (byte === COMMA) {
        this.#commas += 1;
        this.#state = START;
      } else if (this.#state === BEHIND || byte === 0) this.#plain = false;
      else this.#state = BARE;
    }
  }

  end(): { plain: boolean; lineCount: number } {
    if (this.#lineBytes > 0) {
      if (this.#afterReturn) this.#plain = false;
      // A last line without a line ending may be of either kind.
      this.#afterReturn = this.#returns > 0;
      this.#endLine();
    }
    const oneEnding = this.#returns === 0 || this.#returns === this.#lines;
    return { plain: this.#plain && oneEnding, lineCount: Math.max(0, this.#lines - 1) };
  }

  #quote(): void {
    if (this.#state === BARE) this.#plain = false;
    this.#state = this.#state === QUOTED ? BEHIND : QUOTED;
  }

  #endLine(): void {
    const contentBytes = this.#lineBytes - (this.#afterReturn ? 1 : 0);
    if (contentBytes <= 0 || contentBytes > MAX_ROW_LENGTH || this.#state === QUOTED) this.#plain = false;
    if (this.#lines === 0) this.#commasOfHeader = this.#commas;
    if (this.#lines === 0 && this.#commas === 0 && this.#hasOther) this.#plain = false;
    if (this.#commas !== this.#commasOfHeader) this.#plain = false;
    if (this.#afterReturn) this.#returns += 1;
    this.#lines += 1;
    this.#lineBytes = 0;
    this.#commas = 0;
    this.#afterReturn = false;
    this.#state = START;
  }
}

function isDecodable(decoder: TextDecoder, bytes?: Uint8Array): boolean {
  try {
    decoder.decode(bytes, { stream: bytes !== undefined });
    return true;
  } catch {
    return false;
  }
}
