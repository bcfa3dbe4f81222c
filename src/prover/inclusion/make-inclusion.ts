import { deriveShuffleKey, normalizeName, SolventError, type InclusionFile } from '../../protocol/index.js';
import type { ProverCode } from '../errors.js';
import { findRow } from '../shard/row-keys.js';
import { FinishedRun } from './finished-run.js';
import { buildInclusion, openBatch } from './inclusion-file.js';

/**
 * The inclusion file of one user of a finished run. Reads one batch and a few keys of others, however many users
 * there are.
 * @param userId as typed: it is trimmed and put in Unicode NFC.
 * @throws SolventError `user-not-found`, `run-incomplete`, `run-file-malformed`; those of `normalizeName`.
 */
export async function makeInclusion(runDirectory: string, userId: string): Promise<InclusionFile> {
  const run = await FinishedRun.open(runDirectory);
  const name = normalizeName(userId);
  const found = await findPlace(run, name);
  if (found === undefined) throw notFound();
  const opened = await openBatch(run, found.place, await run.loadBatchProof(found.place));
  const source = opened.rows[found.row]!;
  if (!('account' in source) || source.account.userId !== name) throw notFound();
  return buildInclusion(run, opened, { account: source.account, row: found.row });
}

/** The batch and the row that a user's shuffle key leads to. */
async function findPlace(
  run: FinishedRun,
  userId: string,
): Promise<{ place: number; row: number } | undefined> {
  const key = deriveShuffleKey(run.secret, userId);
  for (const { name, parameters } of run.circuits) {
    const rank = await findRow(run.paths.keys(name), key);
    if (rank === undefined) continue;
    const index = Math.floor(rank / parameters.users);
    const place = run.batches.findIndex((batch) => batch.circuit.name === name && batch.index === index);
    return { place, row: rank % parameters.users };
  }
  return undefined;
}

function notFound(): SolventError<ProverCode> {
  return new SolventError(
    'usage',
    'user-not-found',
    'expected the id of a user of this snapshot, got another: ids are compared letter for letter',
  );
}
