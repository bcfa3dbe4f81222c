import canonicalize from 'canonicalize';

import { utf8ToBytes } from './bytes.js';
import { SolventError, refuseProtocol } from './errors.js';

export type JsonCode = 'json-malformed' | 'json-not-canonical' | 'json-too-deep' | 'json-too-large';

/** Levels of objects and arrays in any file of ours, with room to spare. */
const MAX_DEPTH = 16;

/**
 * The canonical JSON of a value (RFC 8785) as UTF-8. Values are objects, arrays, strings, booleans, null and
 * integers that a double holds exactly; amounts, prices and field elements are decimal strings.
 */
export function encodeCanonicalJson(value: unknown): Uint8Array {
  return utf8ToBytes(canonicalize(value)!);
}

/** A published file: canonical JSON and one line feed. Hashes and signatures are over the JSON alone. */
export function encodeJsonLine(value: unknown): Uint8Array {
  return utf8ToBytes(`${canonicalize(value)!}\n`);
}

/**
 * Reads canonical JSON, and nothing else: what it read, written again, must give the same bytes. That refuses
 * doubled keys, byte-order marks, other spellings of a number or a string, and white space, all at once.
 * @throws SolventError `json-too-large`, `json-too-deep`, `json-malformed`, `json-not-canonical`.
 */
export function parseCanonicalJson(bytes: Uint8Array, maxBytes: number): unknown {
  if (bytes.length > maxBytes) {
    throw refuse('json-too-large', `at most ${maxBytes} bytes, got ${bytes.length}`);
  }
  assertDepth(bytes);
  let value: unknown;
  let again: Uint8Array;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    again = encodeCanonicalJson(value);
  } catch (cause) {
    throw refuse('json-malformed', 'JSON in UTF-8, got something else', cause);
  }
  if (again.length !== bytes.length || again.some((byte, index) => byte !== bytes[index])) {
    throw refuse('json-not-canonical', 'canonical JSON (RFC 8785), got another spelling of it');
  }
  return value;
}

/**
 * Reads a published file: canonical JSON and one line feed.
 * @throws SolventError as `parseCanonicalJson`; `json-not-canonical` where the line feed is missing or doubled.
 */
export function parseJsonLine(bytes: Uint8Array, maxBytes: number): unknown {
  // A file that is too large may have been cut by its reader: its size is what is wrong with it.
  if (bytes.length <= maxBytes + 1 && bytes.at(-1) !== 0x0a) {
    throw refuse('json-not-canonical', 'one line of canonical JSON, got no line feed at its end');
  }
  return parseCanonicalJson(bytes.subarray(0, -1), maxBytes);
}

function assertDepth(bytes: Uint8Array): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    if (depth > MAX_DEPTH) throw refuse('json-too-deep', `at most ${MAX_DEPTH} levels, got more`);
  }
}

function refuse(code: JsonCode, expected: string, cause?: unknown): SolventError<JsonCode> {
  return refuseProtocol(code, `expected ${expected}`, { cause });
}
