import { SolventError } from '../protocol/index.js';
import { createSnapshot, createSnapshotFromBooks, type SnapshotProgress } from '../snapshot/index.js';
import { refuseOperation } from './errors.js';
import { atInstant, type Operation } from './operation.js';

/** Where a snapshot goes, and how it is told of. */
export type SourceOptions = {
  readonly takenAt: string;
  readonly outDirectory: string;
  readonly findingsDirectory: string;
  readonly wideSlots?: number;
  readonly onProgress?: (progress: SnapshotProgress) => void;
};

/** Reads the sources of an instant and seals what they say. @throws SolventError, SourceError as the snapshot does. */
export async function readSources(
  { platform, books, balances, underwater }: Operation,
  { findingsDirectory, ...options }: SourceOptions,
) {
  const { takenAt } = options;
  if (books !== undefined) {
    return createSnapshotFromBooks({
      ...options,
      configPath: atInstant(books.config, takenAt),
      findingsDirectory,
      ...(books.acceptBreaks === undefined
        ? {}
        : { acceptedBreaksPath: atInstant(books.acceptBreaks, takenAt) }),
      ...(underwater === undefined ? {} : { underwater }),
    });
  }
  const { file, assets, quote, columns, ignore, separator } = balances!;
  return createSnapshot({
    ...options,
    platform,
    quote,
    balancesPath: atInstant(file, takenAt),
    assetsPath: atInstant(assets, takenAt),
    columns: new Map(Object.entries(columns)),
    ignoredColumns: ignore,
    underwater: underwater ?? 'fail',
    ...(separator === undefined ? {} : { separator }),
  });
}

const LATE_CODES = new Set(['source-incomplete', 'files-missing', 'file-missing']);

/** A source that is not there yet, or not complete to the instant, is late, and overdue when its time is over. */
export function nameLateSource(
  error: unknown,
  { patience }: Operation,
  { takenAt, nowMs }: { readonly takenAt: string; readonly nowMs: number },
): unknown {
  if (!(error instanceof SolventError)) return error;
  const { code, details, message } = error as SolventError;
  const isMissing = code === 'file-unreadable' && ['ENOENT', 'ENOTDIR'].includes(String(details.reason));
  if (!isMissing && !LATE_CODES.has(code)) return error;
  const isOverdue = nowMs > Date.parse(takenAt) + patience;
  return refuseOperation(isOverdue ? 'source-overdue' : 'source-late', {
    expected: `all sources of ${takenAt}`,
    found: `${code} (${message})`,
    details: { takenAt, cause: code },
    cause: error,
  });
}
