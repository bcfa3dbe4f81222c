import { open, readFile, type FileHandle } from 'node:fs/promises';

import { z } from 'zod';

import { parseJsonLine, parseSchema, utf8ToBytes } from '../../protocol/index.js';
import { nameDiskErrors, syncDirectory } from '../../system/index.js';
import type { CutAccount } from '../commit/cut-rows.js';
import { PrivateFileWriter } from '../private-file.js';
import type { RunPaths } from '../run/paths.js';

const FORMAT = 'an account of a run';
/** 2,048 parts at some 30 bytes each, and an id. */
const MAX_LINE_BYTES = 256 * 1024;
const CHUNK_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

const count = z.int().min(0);
const schema = z.strictObject({
  userId: z.string(),
  /** Where the canonical JSON of the statement is, as it was hashed. */
  statement: z.strictObject({ start: count, sizeBytes: count }).nullable(),
  positions: z.array(z.strictObject({ batch: count, row: count })).min(1),
});

/** Keeps where the rows of every account are: a line an account, in the order of the UTF-8 of their ids. */
export async function saveAccounts(paths: RunPaths, accounts: readonly CutAccount[]): Promise<void> {
  const sorted = accounts.toSorted((a, b) => compareUtf8(a.userId, b.userId));
  await nameDiskErrors(paths.accounts, async () => {
    const file = new PrivateFileWriter(paths.accounts);
    try {
      for (const account of sorted) file.add(encodeAccount(account));
      file.finish();
    } catch (error) {
      file.abandon();
      throw error;
    }
    await syncDirectory(paths.private);
  });
}

/** Canonical JSON and a line feed, written out: there is one for each user. */
function encodeAccount({ userId, positions, statement }: CutAccount): Uint8Array {
  const indexes = positions.map(({ batch, row }) => `{"batch":${batch},"row":${row}}`);
  const range =
    statement === null ? 'null' : `{"sizeBytes":${statement.sizeBytes},"start":${statement.start}}`;
  return utf8ToBytes(
    `{"positions":[${indexes.join()}],"statement":${range},"userId":${JSON.stringify(userId)}}\n`,
  );
}

/** Compares two texts as their UTF-8: by code points, where JavaScript compares code units. */
function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return rankUnit(left) - rankUnit(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all that one unit holds. */
function rankUnit(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** All accounts of a run. @throws SolventError of class `format` where the file is damaged. */
export async function loadAccounts({ accounts }: RunPaths): Promise<CutAccount[]> {
  const bytes = await readFile(accounts);
  const loaded: CutAccount[] = [];
  for (let start = 0, end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    loaded.push(parseAccount(bytes.subarray(start, end + 1)));
    start = end + 1;
  }
  return loaded;
}

/** One account, found by halving; undefined where there is none of this id. */
export async function findAccount({ accounts }: RunPaths, userId: string): Promise<CutAccount | undefined> {
  const handle = await open(accounts);
  try {
    const key = utf8ToBytes(userId);
    let low = 0;
    let high = (await handle.stat()).size;
    // The line, if there is one, starts at `low` or later and before `high`; at `low` a line starts.
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const start = middle === low ? low : await findLineEnd(handle, middle - 1);
      if (start >= high) {
        high = middle;
        continue;
      }
      const end = await findLineEnd(handle, start);
      const account = parseAccount(await readRange(handle, start, end - start));
      const order = Buffer.compare(utf8ToBytes(account.userId), key);
      if (order === 0) return account;
      if (order < 0) low = end;
      else high = middle;
    }
    return undefined;
  } finally {
    await handle.close();
  }
}

/** The statement of an account: canonical JSON; undefined where it has none. */
export async function readStatement(
  statements: FileHandle,
  { statement }: CutAccount,
): Promise<Uint8Array | undefined> {
  return statement === null ? undefined : readRange(statements, statement.start, statement.sizeBytes);
}

function parseAccount(line: Uint8Array): CutAccount {
  return parseSchema(schema, FORMAT, parseJsonLine(line, MAX_LINE_BYTES));
}

/** The position behind the first line feed from a position on. */
async function findLineEnd(handle: FileHandle, from: number): Promise<number> {
  for (let at = from; ; at += CHUNK_BYTES) {
    const chunk = await readRange(handle, at, CHUNK_BYTES);
    const found = chunk.indexOf(LINE_FEED);
    if (found >= 0) return at + found + 1;
    if (chunk.length < CHUNK_BYTES) return at + chunk.length;
  }
}

/** So many bytes, or fewer at the end of the file. */
async function readRange(handle: FileHandle, start: number, sizeBytes: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    const { bytesRead } = await handle.read(bytes, filled, sizeBytes - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
