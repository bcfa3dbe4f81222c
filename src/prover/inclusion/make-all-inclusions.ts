import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

import {
  formatManifestHash,
  parseUserId,
  deriveInclusionName,
  encodeJsonLine,
} from '../../protocol/index.js';
import { writeDirectoryAtomically, writeFileAtomically } from '../../system/index.js';
import { refuseProver } from '../errors.js';
import type { ProveListener } from '../progress.js';
import { PRIVATE_DIRECTORY_MODE, PRIVATE_FILE_MODE } from '../run/paths.js';
import { findAccount, loadAccounts } from './account-list.js';
import { openFinishedRun, type FinishedRun } from './finished-run.js';
import { InclusionEncoder } from './inclusion-encoder.js';
import { ArchiveWriter } from './archive.js';

/** The inclusion file of one user. */
export type MadeInclusion = {
  readonly bytes: Uint8Array;
  /** 64 hexadecimal digits. */
  readonly manifestHash: string;
};

/**
 * The inclusion file of one user of a finished run. Reads the batches of their rows and a few lines of the list of
 * accounts, however many users there are.
 * @param userId as typed: it is trimmed and put in Unicode NFC.
 * @throws SolventError `user-not-found`, `run-incomplete`, `run-file-malformed`; `user-id-malformed`.
 */
export async function makeInclusion(runDirectory: string, userId: string): Promise<MadeInclusion> {
  const run = await openFinishedRun(runDirectory);
  const account = await findAccount(run.paths, parseUserId(userId));
  if (account === undefined) {
    throw refuseProver('user-not-found', { expected: 'the id of a user of this snapshot', found: 'another' });
  }
  const statements = await open(run.paths.statements);
  try {
    const bytes = await new InclusionEncoder(run, statements).encode(account);
    return { bytes, manifestHash: formatManifestHash(run.manifest) };
  } finally {
    await statements.close();
  }
}

type InclusionsOptions = { readonly onProgress?: ProveListener };

/** How many files were made, and where the private list of whose is which is. */
export type InclusionsResult = { readonly fileCount: number; readonly namesPath: string };

/**
 * Makes the inclusion files of all users of a finished run at once, so that nobody learns who asks. Their names are
 * HMACs of ids; which is whose stands in a private file of the run.
 * @param outDirectory appears whole; new or empty.
 * @throws SolventError `directory-exists`, `run-incomplete`, `run-file-malformed`.
 */
export async function makeAllInclusions(
  runDirectory: string,
  outDirectory: string,
  { onProgress = () => undefined }: InclusionsOptions = {},
): Promise<InclusionsResult> {
  const run = await openFinishedRun(runDirectory);
  let names: Uint8Array[] = [];
  await writeDirectoryAtomically(
    outDirectory,
    async (temporary) => {
      // Writes block: small files through the thread pool take three times as long.
      names = await makeFiles(run, onProgress, (file, bytes) => {
        writeFileSync(join(temporary, file), bytes, { mode: PRIVATE_FILE_MODE, flag: 'wx' });
      });
    },
    { mode: PRIVATE_DIRECTORY_MODE },
  );
  return saveNames(run, names);
}

/**
 * Makes the same files as entries of one ZIP archive, from which each is taken by its name without reading the others.
 * @param archivePath appears whole; what was there is replaced.
 * @throws SolventError `run-incomplete`, `run-file-malformed`.
 */
export async function makeInclusionArchive(
  runDirectory: string,
  archivePath: string,
  { onProgress = () => undefined }: InclusionsOptions = {},
): Promise<InclusionsResult> {
  const run = await openFinishedRun(runDirectory);
  const archive = new ArchiveWriter(archivePath);
  let names: Uint8Array[];
  try {
    names = await makeFiles(run, onProgress, (file, bytes) => {
      archive.add(file, bytes);
    });
    archive.finish();
  } catch (error) {
    archive.abandon();
    throw error;
  }
  return saveNames(run, names);
}

/** Makes every file, and returns a line for each: whose file has which name. Users of one batch follow each other. */
async function makeFiles(
  run: FinishedRun,
  onProgress: ProveListener,
  write: (file: string, bytes: Uint8Array) => void,
): Promise<Uint8Array[]> {
  const accounts = (await loadAccounts(run.paths)).sort(
    (a, b) => a.positions[0]!.batch - b.positions[0]!.batch,
  );
  const names: Uint8Array[] = [];
  const report = () => {
    onProgress({
      stage: 'writing inclusion files',
      done: names.length,
      total: accounts.length,
      unit: 'users',
    });
  };
  const statements = await open(run.paths.statements);
  try {
    const encoder = new InclusionEncoder(run, statements);
    report();
    for (const account of accounts) {
      const { userId } = account;
      const file = `${deriveInclusionName(run.secret, userId)}.json`;
      write(file, await encoder.encode(account));
      names.push(encodeJsonLine({ file, userId }));
      report();
    }
  } finally {
    await statements.close();
  }
  return names;
}

async function saveNames(run: FinishedRun, names: readonly Uint8Array[]): Promise<InclusionsResult> {
  const namesPath = run.paths.inclusionNames;
  await writeFileAtomically(namesPath, Buffer.concat(names), { mode: PRIVATE_FILE_MODE });
  return { fileCount: names.length, namesPath };
}
