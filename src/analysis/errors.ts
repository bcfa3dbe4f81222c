import { defineErrors } from '../protocol/index.js';
import type { Snapshot } from '../snapshot/index.js';

/** What cannot be analysed: whose move is next, and what to do. */
export const ANALYSIS_ERRORS = {
  /** A snapshot of balance files has no components. */
  'snapshot-without-books': { class: 'usage', advice: 'take it with --config' },
  /** Two snapshots are not one platform's, in one quote currency, one after the other. */
  'snapshots-unfit': { class: 'usage' },
  /** No account of this name is in what was asked for. */
  'account-not-in-snapshot': { class: 'usage' },
  /** The snapshot does not list the asset. */
  'asset-unlisted': { class: 'usage' },
  /** A verifier's report is not one on the bundle of this snapshot. */
  'report-unfit': { class: 'usage' },
  /** A table has more rows than a spreadsheet takes. */
  'rows-too-many': { class: 'usage', advice: 'export csv or parquet' },
} as const;

/** Makes an error about an analysis. */
export const refuseAnalysis = defineErrors(ANALYSIS_ERRORS);

/**
 * Makes sure that a snapshot was made of books, so that it has components, instruments and the accounts of the house.
 * @throws SolventError `snapshot-without-books`.
 */
export function assertOfBooks({ configurationSha256, directory }: Snapshot): void {
  if (configurationSha256 !== null) return;
  throw refuseAnalysis(
    'snapshot-without-books',
    `expected a snapshot that was made of books, got one of balance files in ${directory}: take it with --config`,
  );
}
