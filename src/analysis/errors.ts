import { SolventError } from '../protocol/index.js';
import type { Snapshot } from '../snapshot/index.js';

export type AnalysisCode =
  /** usage: a snapshot of balance files has no components. */
  | 'snapshot-without-books'
  /** usage: two snapshots that are not one platform's, in one quote currency, one after the other. */
  | 'snapshots-unfit'
  /** usage: no account of this name is in what was asked for. */
  | 'account-unknown'
  /** usage: an asset that the snapshot does not list. */
  | 'asset-unlisted'
  /** usage: a verifier's report that is not one on the bundle of this snapshot. */
  | 'report-unfit';

/**
 * Makes sure that a snapshot was made of books, so that it has components, instruments and the accounts of the house.
 * @throws SolventError `snapshot-without-books`.
 */
export function assertOfBooks({ configurationSha256, directory }: Snapshot): void {
  if (configurationSha256 !== null) return;
  throw refuse(
    'snapshot-without-books',
    `expected a snapshot that was made of books, got one of balance files in ${directory}: take it with --config`,
  );
}

export function refuse(code: AnalysisCode, message: string): SolventError<AnalysisCode> {
  return new SolventError('usage', code, message);
}
