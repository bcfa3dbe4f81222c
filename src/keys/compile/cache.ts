import { createHash } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { R1csSizes } from '../../iden3/index.js';
import {
  hashFile,
  makeDirectory,
  nameDiskErrors,
  readIfExists,
  writeFileAtomically,
} from '../../system/index.js';
import { encodeCanonicalJson } from '../../protocol/index.js';
import type { CircuitSources } from './sources.js';

/** Everything that a compiled circuit follows from; its name is for people who look into the cache. */
export type CompileInputs = {
  readonly name: string;
  /** The main file and all that it includes. */
  readonly sources: CircuitSources;
  readonly compiler: string;
  readonly flags: readonly string[];
};

/** The place of one compiled circuit. */
export type CacheEntry = { readonly directory: string; readonly key: string };

/** What the compiler made, by the names it has in a cache entry. */
export const ARTEFACT_NAMES = {
  r1cs: 'circuit.r1cs',
  wasm: 'circuit.wasm',
  symbols: 'circuit.sym',
} as const;

/** What an entry holds, and the sizes of its circuit. Written last: an entry without one is not there. */
export type EntryRecord = R1csSizes & {
  readonly key: string;
  /** SHA-256 of each file, in hexadecimal, by its name. */
  readonly files: Readonly<Record<string, string>>;
};

const CIRCUITS_DIRECTORY = 'circuits';
const RECORD_NAME = 'circuit.json';
const WORK_PREFIX = '.tmp-';
/** No compilation takes this long: what is older was left by a process that was killed. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** Where a circuit belongs: the hash of its sources, compiler and flags tells it from any other. */
export function locateEntry(
  cacheDirectory: string,
  { name, sources, compiler, flags }: CompileInputs,
): CacheEntry {
  const sourceHashes = Object.fromEntries(
    [...sources].map(([path, bytes]) => [path, createHash('sha256').update(bytes).digest('hex')]),
  );
  const key = createHash('sha256')
    .update(encodeCanonicalJson({ version: 1, compiler, flags, sources: sourceHashes }))
    .digest('hex');
  return { directory: join(cacheDirectory, CIRCUITS_DIRECTORY, `${name}-${key}`), key };
}

/** The record of an entry whose files are all there with the hashes that it states; else undefined. */
export async function loadEntry(entry: CacheEntry): Promise<EntryRecord | undefined> {
  const bytes = await readIfExists(join(entry.directory, RECORD_NAME));
  const record = bytes === undefined ? undefined : parseRecord(bytes);
  if (record?.key !== entry.key) return undefined;
  for (const [name, expected] of Object.entries(record.files)) {
    const found = await hashFile(join(entry.directory, name)).catch(() => undefined);
    if (found !== expected) return undefined;
  }
  return record;
}

/**
 * Moves the named files from a work directory into an entry and then writes its record. Compilation is deterministic,
 * so that two processes that store the same entry at once overwrite each file with its own content.
 */
export async function storeEntry(
  entry: CacheEntry,
  workDirectory: string,
  contents: { readonly names: readonly string[]; readonly sizes: R1csSizes },
): Promise<EntryRecord> {
  await nameDiskErrors(entry.directory, () => makeDirectory(entry.directory));
  const files: Record<string, string> = {};
  for (const name of contents.names) {
    files[name] = await hashFile(join(workDirectory, name));
    await rename(join(workDirectory, name), join(entry.directory, name));
  }
  const record: EntryRecord = { key: entry.key, ...contents.sizes, files };
  await writeFileAtomically(join(entry.directory, RECORD_NAME), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

/** What the path of a new work directory starts with: on the cache's own disk, so that files can be renamed. */
export async function prepareWorkPrefix(cacheDirectory: string): Promise<string> {
  const directory = join(cacheDirectory, CIRCUITS_DIRECTORY);
  await nameDiskErrors(directory, () => makeDirectory(directory));
  await removeAbandonedWork(directory);
  return join(directory, WORK_PREFIX);
}

async function removeAbandonedWork(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(WORK_PREFIX)) continue;
    const path = join(directory, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}

function parseRecord(bytes: Uint8Array): EntryRecord | undefined {
  try {
    const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<EntryRecord> | null;
    const counts = [
      record?.constraintCount,
      record?.wireCount,
      record?.publicOutputCount,
      record?.publicInputCount,
    ];
    const isWhole =
      typeof record?.key === 'string' &&
      counts.every(Number.isSafeInteger) &&
      typeof record.files === 'object' &&
      [ARTEFACT_NAMES.r1cs, ARTEFACT_NAMES.wasm].every((name) => typeof record.files?.[name] === 'string');
    return isWhole ? (record as EntryRecord) : undefined;
  } catch {
    return undefined;
  }
}
