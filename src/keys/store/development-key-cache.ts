import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { hashFile, readIfExists, writeDirectoryAtomically, writeFileAtomically } from '../../system/index.js';
import {
  encodeJsonLine,
  parseJsonLine,
  parseSchema,
  primitives,
  SolventError,
} from '../../protocol/index.js';
import type { DevelopmentKeyMaker, KeyProgress } from '../development-key/index.js';

const CACHE_DIRECTORY = 'development-keys';
const ZKEY_FILE = 'circuit.zkey';
const RECORD_FILE = 'key.json';
const MAX_RECORD_BYTES = 4096;
/** The second attempt finds what the first made; a third is for a process that removes it in between. */
const MAX_ATTEMPTS = 3;
/** No key takes this long to make: what is older was left by a process that was killed. */
const ABANDONED_AFTER_MS = 6 * 60 * 60 * 1000;
/** Changes with what is written into keys, so that older ones are not taken for new. */
const RECORD_FORMAT = 'solvent/development-key/v1';

const schema = z.strictObject({
  format: z.literal(RECORD_FORMAT),
  r1csSha256: primitives.sha256Hex,
  sha256: primitives.sha256Hex,
  sizeBytes: primitives.count,
});

/** A proving key in the cache. Such keys are for development, whoever uses them. */
export type CachedKey = { readonly zkeyPath: string; readonly sha256: string; readonly sizeBytes: number };

/**
 * Finds the development key of a constraint system in the cache, or makes it. One that does not have its hash is made
 * again; any number of processes may do this at once.
 * @throws SolventError `file-unreadable`, `r1cs-malformed`, `key-worker-failed`.
 */
export async function cacheDevelopmentKey(
  circuit: { readonly r1csPath: string; readonly r1csSha256: string },
  options: {
    readonly cacheDirectory: string;
    /** Called only where a key is to be made. */
    readonly startMaker: () => DevelopmentKeyMaker;
    readonly onProgress?: (progress: KeyProgress) => void;
  },
): Promise<CachedKey> {
  const { r1csPath, r1csSha256 } = circuit;
  const parent = join(options.cacheDirectory, CACHE_DIRECTORY);
  const directory = join(parent, r1csSha256);
  await removeAbandonedKeys(parent);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const found = await findKey(directory, r1csSha256);
    if (found !== undefined) return found;
    // What is left is nothing, or a key that is not whole.
    await rm(directory, { recursive: true, force: true });
    const { startMaker, onProgress } = options;
    await writeDirectoryAtomically(directory, async (temporary) => {
      const zkeyPath = join(temporary, ZKEY_FILE);
      await startMaker().make(r1csPath, zkeyPath, onProgress === undefined ? {} : { onProgress });
      const { size: sizeBytes } = await stat(zkeyPath);
      const record = { format: RECORD_FORMAT, r1csSha256, sha256: await hashFile(zkeyPath), sizeBytes };
      await writeFileAtomically(join(temporary, RECORD_FILE), encodeJsonLine(record));
    }).catch((error: unknown) => {
      // Another process was faster; its key is as good.
      if (!(error instanceof SolventError && error.code === 'directory-exists')) throw error;
    });
  }
  throw new Error(`expected a whole key in ${directory}, got a broken one ${MAX_ATTEMPTS} times`);
}

async function findKey(directory: string, r1csSha256: string): Promise<CachedKey | undefined> {
  const bytes = await readIfExists(join(directory, RECORD_FILE));
  if (bytes === undefined) return undefined;
  const zkeyPath = join(directory, ZKEY_FILE);
  try {
    const record = parseSchema(schema, RECORD_FORMAT, parseJsonLine(bytes, MAX_RECORD_BYTES));
    if (record.r1csSha256 !== r1csSha256 || (await hashFile(zkeyPath)) !== record.sha256) return undefined;
    return { zkeyPath, sha256: record.sha256, sizeBytes: record.sizeBytes };
  } catch {
    return undefined;
  }
}

async function removeAbandonedKeys(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((entry) => entry.startsWith('.tmp-'))) {
    const path = join(parent, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}
