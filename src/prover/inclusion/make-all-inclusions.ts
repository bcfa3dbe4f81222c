import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { writeDirectoryAtomically, writeFileAtomically } from '../../platform/index.js';
import { deriveInclusionName, encodeJsonLine } from '../../protocol/index.js';
import type { ProgressListener } from '../progress.js';
import { PRIVATE_DIRECTORY_MODE, PRIVATE_FILE_MODE } from '../run/paths.js';
import { FinishedRun } from './finished-run.js';
import { buildInclusion, openBatch, type OpenedBatch } from './inclusion-file.js';

/**
 * Makes the inclusion files of all users of a finished run at once, so that nobody learns who asks. Their names are
 * HMACs of ids; which is whose stands in a private file of the run.
 * @param outDirectory appears whole; new or empty.
 * @returns the number of files, and where the private list of names is.
 * @throws SolventError `directory-exists`, `run-incomplete`, `run-file-malformed`.
 */
export async function makeAllInclusions(
  runDirectory: string,
  outDirectory: string,
  { onProgress = () => undefined }: { readonly onProgress?: ProgressListener } = {},
): Promise<{ readonly fileCount: number; readonly namesPath: string }> {
  const run = await FinishedRun.open(runDirectory);
  const total = run.batches.length;
  const names: Uint8Array[] = [];
  await writeDirectoryAtomically(
    outDirectory,
    async (temporary) => {
      let place = 0;
      onProgress({ stage: 'writing inclusion files', done: 0, total, unit: 'batches' });
      for await (const proof of run.batchProofs()) {
        const opened = await openBatch(run, place, proof);
        names.push(...writeBatch(temporary, run, opened));
        place += 1;
        onProgress({ stage: 'writing inclusion files', done: place, total, unit: 'batches' });
      }
    },
    { mode: PRIVATE_DIRECTORY_MODE },
  );
  const namesPath = run.paths.inclusionNames;
  await writeFileAtomically(namesPath, Buffer.concat(names), { mode: PRIVATE_FILE_MODE });
  return { fileCount: names.length, namesPath };
}

/**
 * Writes the files of one batch's users, and returns a line for each: whose file has which name. Writes block: small
 * files through the thread pool take three times as long.
 */
function writeBatch(directory: string, run: FinishedRun, opened: OpenedBatch): Uint8Array[] {
  return opened.rows.flatMap((source, row) => {
    if (!('account' in source)) return [];
    const { account } = source;
    const file = `${deriveInclusionName(run.secret, account.userId)}.json`;
    const bytes = encodeJsonLine(buildInclusion(run, opened, { account, row }));
    writeFileSync(join(directory, file), bytes, { mode: PRIVATE_FILE_MODE, flag: 'wx' });
    return [encodeJsonLine({ file, userId: account.userId })];
  });
}
