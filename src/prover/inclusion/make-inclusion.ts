import { open } from 'node:fs/promises';

import { formatManifestHash, parseUserId } from '../../protocol/index.js';
import { findAccount } from './account-list.js';
import { openFinishedRun } from './finished-run.js';
import { InclusionEncoder } from './inclusion-encoder.js';
import { refuseProver } from '../errors.js';

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
