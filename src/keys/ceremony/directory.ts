import { createHash } from 'node:crypto';
import { readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';

import {
  acquireLock,
  describeDirectory,
  findRegularFile,
  makeDirectory,
  nameDiskErrors,
} from '../../system/index.js';
import { requirePath } from '../../protocol/index.js';
import { storeFile } from '../disk.js';
import {
  currentSha256,
  encodeTranscript,
  MAX_TRANSCRIPT_BYTES,
  parseTranscript,
  type Transcript,
  type TranscriptCircuit,
} from '../../protocol/ceremony/index.js';
import { refuseKeys } from '../errors.js';

/** The one file that says what a ceremony is; small enough to publish. */
export const TRANSCRIPT_FILE = 'transcript.json';
const KEYS_DIRECTORY = 'keys';
const LOCAL_DIRECTORY = 'ceremonies';
const NAME_DIGITS = 16;
const KEY_FILE = /^[a-z0-9-]+-[0-9a-f]{16}\.zkey$/;
const TEMPORARY_PREFIX = '.tmp-';

/** Where a key is in a ceremony's directory: named for its content, so that no two keys ever have one name. */
export function ceremonyKeyPath(directory: string, circuitName: string, sha256: string): string {
  return join(directory, KEYS_DIRECTORY, `${circuitName}-${sha256.slice(0, NAME_DIGITS)}.zkey`);
}

/** Where the newest key of a circuit is. */
export function currentKeyPath(
  directory: string,
  transcript: Transcript,
  { name }: TranscriptCircuit,
): string {
  return ceremonyKeyPath(directory, name, currentSha256(transcript, name));
}

/** Makes the directory that keys go into. */
export async function makeKeysDirectory(directory: string): Promise<void> {
  await nameDiskErrors(directory, () => makeDirectory(join(directory, KEYS_DIRECTORY)));
}

/** Reads the transcript of a ceremony, or finds none. @throws SolventError of class `format`. */
export async function findTranscript(directory: string): Promise<Transcript | undefined> {
  const path = join(requirePath(directory, 'the ceremony'), TRANSCRIPT_FILE);
  const bytes = await findRegularFile(path, MAX_TRANSCRIPT_BYTES);
  return bytes === undefined ? undefined : parseTranscript(bytes);
}

/** Reads the transcript of a ceremony. @throws SolventError `ceremony-missing`, or of class `format`. */
export async function loadTranscript(directory: string): Promise<Transcript> {
  const transcript = await findTranscript(directory);
  if (transcript !== undefined) return transcript;
  throw refuseKeys('ceremony-missing', {
    expected: `a ceremony with its ${TRANSCRIPT_FILE} in ${directory}`,
    found: await describeDirectory(directory),
    details: { path: directory },
  });
}

/** Writes the transcript: from then on its keys are the ceremony's. @throws SolventError `disk-full`. */
export async function saveTranscript(directory: string, transcript: Transcript): Promise<void> {
  await storeFile(join(directory, TRANSCRIPT_FILE), encodeTranscript(transcript));
}

/** Removes the keys that no step names any more, and what a killed process left half written. */
export async function removeSpentKeys(directory: string, needed: ReadonlySet<string>): Promise<void> {
  const keysDirectory = join(directory, KEYS_DIRECTORY);
  for (const name of await readdir(keysDirectory)) {
    const path = join(keysDirectory, name);
    const isOurs = KEY_FILE.test(name) || name.startsWith(TEMPORARY_PREFIX);
    if (isOurs && !needed.has(path)) await rm(path, { force: true });
  }
}

/**
 * This machine's own directory for a ceremony: its lock, and the note of a contribution that was begun. It is not in
 * the ceremony's directory, which others can write into. A note that they planted would have a contributor sign keys
 * whose secret they know. A lock that is handed on would name a process of another machine.
 */
export async function openLocalDirectory(
  directory: string,
  cacheDirectory: string,
): Promise<{ readonly path: string; readonly release: () => Promise<void> }> {
  const name = createHash('sha256')
    .update(await realpath(directory))
    .digest('hex');
  const path = join(cacheDirectory, LOCAL_DIRECTORY, name);
  await nameDiskErrors(path, () => makeDirectory(path, 0o700));
  const { release } = await acquireLock(path);
  return { path, release };
}
