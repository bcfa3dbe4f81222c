import { refuseReserves } from '../codes.js';

/** An item of RLP: bytes, or a list with the size of its encoding, since a short node stands in place. */
export type RlpItem = RlpBytes | RlpList;
export type RlpBytes = { readonly kind: 'bytes'; readonly bytes: Uint8Array };
export type RlpList = {
  readonly kind: 'list';
  readonly items: readonly RlpItem[];
  /** Of its encoding, what stands before the items included. */
  readonly sizeBytes: number;
};

/** Lists in lists: a node holds at most a node in place, which holds another, and none of them 32 bytes. */
const MAX_DEPTH = 16;

const NO_BYTES = new Uint8Array();
const SHORT_BYTES = 0x80;
const LONG_BYTES = 0xb7;
const SHORT_LIST = 0xc0;
const LONG_LIST = 0xf7;
/** The longest length that is spelled in one byte. */
const MAX_SHORT = 55;

/**
 * Reads RLP in its one canonical spelling, all of it.
 * @throws SolventError `rlp-malformed`.
 */
export function parseRlp(bytes: Uint8Array): RlpItem {
  const { item, end } = readItem(bytes, 0, MAX_DEPTH);
  if (end !== bytes.length) throw malformed('nothing behind an item');
  return item;
}

/** The items of a list. @throws SolventError `rlp-malformed` where it is none. */
export function asList(item: RlpItem): readonly RlpItem[] {
  if (item.kind !== 'list') throw malformed('a list');
  return item.items;
}

/** Bytes of a length, or of any. @throws SolventError `rlp-malformed` where it is a list or of another length. */
export function asBytes(item: RlpItem | undefined, length?: number): Uint8Array {
  if (item?.kind !== 'bytes' || (length !== undefined && item.bytes.length !== length)) {
    throw malformed(length === undefined ? 'bytes' : `${length} bytes`);
  }
  return item.bytes;
}

/** An integer without zeros before it, of at most `maxBytes` bytes. @throws SolventError `rlp-malformed`. */
export function asInteger(item: RlpItem | undefined, maxBytes = 32): bigint {
  const bytes = asBytes(item);
  if (bytes.length > maxBytes || bytes[0] === 0) throw malformed(`an integer of at most ${maxBytes} bytes`);
  return toBigint(bytes);
}

/** Big-endian bytes as an integer. */
export function toBigint(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

function readItem(
  bytes: Uint8Array,
  start: number,
  depth: number,
): { readonly item: RlpItem; readonly end: number } {
  const { isList, from, end } = readSpan(bytes, start);
  if (!isList) {
    const content = from === end ? NO_BYTES : bytes.subarray(from, end);
    return { item: { kind: 'bytes', bytes: content }, end };
  }
  if (depth === 0) throw malformed(`at most ${MAX_DEPTH} levels of lists`);
  const items: RlpItem[] = [];
  // An inner item may not reach behind the list that it is in.
  const inner = bytes.subarray(0, end);
  for (let at = from; at < end;) {
    const next = readItem(inner, at, depth - 1);
    items.push(next.item);
    at = next.end;
  }
  return { item: { kind: 'list', items, sizeBytes: end - start }, end };
}

/** Where the content of the item at `start` is. */
function readSpan(
  bytes: Uint8Array,
  start: number,
): { readonly isList: boolean; readonly from: number; readonly end: number } {
  const first = bytes[start];
  if (first === undefined) throw malformed('an item');
  if (first < SHORT_BYTES) return { isList: false, from: start, end: start + 1 };
  const isList = first >= SHORT_LIST;
  const short = isList ? SHORT_LIST : SHORT_BYTES;
  const long = isList ? LONG_LIST : LONG_BYTES;
  const width = first > long ? first - long : 0;
  const length = width === 0 ? first - short : readLength(bytes, start + 1, width);
  const from = start + 1 + width;
  // Compared without adding first: a stated length is below 2^32, and the sum is exact.
  if (from + length > bytes.length) throw malformed('an item that ends where its list does');
  if (!isList && length === 1 && bytes[from]! < SHORT_BYTES) throw malformed('a small byte as itself');
  return { isList, from, end: from + length };
}

function readLength(bytes: Uint8Array, at: number, width: number): number {
  if (width > 4 || bytes.length - at < width) throw malformed('a length below 2^32');
  const length = bytes.subarray(at, at + width).reduce((sum, byte) => sum * 256 + byte, 0);
  if (bytes[at] === 0 || length <= MAX_SHORT) throw malformed('the shortest spelling of a length');
  return length;
}

function malformed(expected: string) {
  return refuseReserves('rlp-malformed', `expected ${expected} in RLP, got something else`);
}
