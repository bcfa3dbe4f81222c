import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { hashFile, readIfExists, writeDirectoryAtomically } from '../../system/index.js';
import {
  encodeJsonLine,
  parseJsonLine,
  parseSchema,
  primitives,
  SolventError,
} from '../../protocol/index.js';
import type { CompiledCircuit } from '../compile/index.js';
import type { PowersOfTau } from '../powers-of-tau/index.js';
import { makeInitialKey } from '../snarkjs.js';
import { nameDiskErrors, storeFile } from '../disk.js';
import type { OnCeremonyProgress } from './progress.js';

const CACHE_DIRECTORY = 'initial-keys';
const ZKEY_FILE = 'circuit.zkey';
const RECORD_FILE = 'key.json';
const MAX_RECORD_BYTES = 4096;
const RECORD_FORMAT = 'solvent/initial-key/v1';
const NAME_DIGITS = 32;
/** The second attempt finds what the first made, or what another process made meanwhile. */
const MAX_ATTEMPTS = 2;

const schema = z.strictObject({
  format: z.literal(RECORD_FORMAT),
  r1csSha256: primitives.sha256Hex,
  powersOfTau: primitives.blake2bHex,
  sha256: primitives.sha256Hex,
});

/** The key of a circuit before any contribution, in the cache. */
export type InitialKey = {
  readonly zkeyPath: string;
  readonly sha256: string;
  readonly sizeBytes: number;
};

/**
 * Finds the initial key of a circuit in the cache, or makes it: it follows from the constraints and the powers of tau
 * alone, and takes minutes to hours. Never for proving: anyone can forge proofs for it.
 * @throws SolventError `disk-full`; whatever snarkjs throws.
 */
export async function cacheInitialKey(
  circuit: CompiledCircuit,
  powers: PowersOfTau,
  options: { readonly cacheDirectory: string; readonly onProgress?: OnCeremonyProgress },
): Promise<InitialKey> {
  const { r1csSha256, r1csPath, name } = circuit;
  const directoryName = `${r1csSha256.slice(0, NAME_DIGITS)}-${powers.blake2b.slice(0, NAME_DIGITS)}`;
  const directory = join(options.cacheDirectory, CACHE_DIRECTORY, directoryName);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const found = await findInitialKey(directory, circuit, powers);
    if (found !== undefined) return found;
    await rm(directory, { recursive: true, force: true });
    const bytes = await makeInitialKey(r1csPath, powers.path, (progress) =>
      options.onProgress?.({ stage: 'making the initial key', circuit: name, ...progress }),
    );
    await nameDiskErrors(directory, () =>
      writeDirectoryAtomically(directory, async (temporary) => {
        const { sha256 } = await storeFile(join(temporary, ZKEY_FILE), bytes);
        const record = { format: RECORD_FORMAT, r1csSha256, powersOfTau: powers.blake2b, sha256 };
        await storeFile(join(temporary, RECORD_FILE), encodeJsonLine(record));
      }),
    ).catch((error: unknown) => {
      // Another process was faster; its key is the same.
      if (!(error instanceof SolventError && error.code === 'directory-exists')) throw error;
    });
  }
  const made = await findInitialKey(directory, circuit, powers);
  if (made !== undefined) return made;
  throw new Error(`expected a whole initial key in ${directory}, got a broken one ${MAX_ATTEMPTS} times`);
}

async function findInitialKey(
  directory: string,
  { r1csSha256 }: CompiledCircuit,
  powers: PowersOfTau,
): Promise<InitialKey | undefined> {
  const bytes = await readIfExists(join(directory, RECORD_FILE));
  if (bytes === undefined) return undefined;
  const zkeyPath = join(directory, ZKEY_FILE);
  try {
    const record = parseSchema(schema, RECORD_FORMAT, parseJsonLine(bytes, MAX_RECORD_BYTES));
    const isOurs = record.r1csSha256 === r1csSha256 && record.powersOfTau === powers.blake2b;
    if (!isOurs || (await hashFile(zkeyPath)) !== record.sha256) return undefined;
    return { zkeyPath, sha256: record.sha256, sizeBytes: (await stat(zkeyPath)).size };
  } catch {
    return undefined;
  }
}
