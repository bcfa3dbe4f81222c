import { open } from 'node:fs/promises';

import { formatManifestHash, normalizeName, SolventError } from '../../protocol/index.js';
import type { ProverCode } from '../errors.js';
import { findAccount } from './account-list.js';
import { openFinishedRun } from './finished-run.js';
import { InclusionEncoder } from './inclusion-encoder.js';

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
 * @throws SolventError `user-not-found`, `run-incomplete`, `run-file-malformed`; those of `normalizeName`.
 */
export async function makeInclusion(runDirectory: string, userId: string): Promise<MadeInclusion> {
  const run = await openFinishedRun(runDirectory);
  const account = await findAccount(run.paths, normalizeName(userId));
  if (account === undefined) {
    throw new SolventError<ProverCode>(
      'usage',
      'user-not-found',
      'expected the id of a user of this snapshot, got another: ids are compared letter for letter',
    );
  }
  const statements = await open(run.paths.statements);
  try {
    const bytes = await new InclusionEncoder(run, statements).encode(account);
    return { bytes, manifestHash: formatManifestHash(run.manifest) };
  } finally {
    await statements.close();
  }
}
