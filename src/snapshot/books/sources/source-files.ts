import { createHash } from 'node:crypto';
import { dirname, relative } from 'node:path';

import { scanCsv, type CsvScan } from '../../reading/csv-scan.js';
import { quoteText, type Scratch } from '../../database/scratch.js';
import { readSourceBytes, statSource, type FileState } from '../../reading/source-text.js';
import { SourceError, type SourceCode } from '../../reading/source-problems.js';
import type { SourceConfig, SourceOrigin } from '../config.js';
import { refuseSnapshot } from '../../errors.js';

/** A file of a source, read once for its hash. */
export type SourceFile = {
  readonly path: string;
  /** Its path from the directory that all files of the source are in. */
  readonly file: string;
  readonly sha256: string;
  readonly state: FileState;
  /** The shape of a CSV file. */
  readonly scan?: CsvScan;
};

/** A source whose rows are in files. */
export type FiledSource = SourceConfig & { readonly origin: Extract<SourceOrigin, { from: 'files' }> };

/** Called with the bytes hashed so far, of all. */
type BytesListener = (doneBytes: number, totalBytes: number) => void;

/** Files of one source. */
const MAX_FILES = 10_000;

/**
 * Finds the files of a source, in the order of their paths, and hashes them.
 * @throws SolventError of class `source`: `files-missing`, `files-too-many`; SourceError `file-doubled`; `file-unreadable`.
 */
export async function openSourceFiles(
  scratch: Scratch,
  source: FiledSource,
  onBytes?: BytesListener,
): Promise<SourceFile[]> {
  const paths = await findFiles(scratch, source);
  const directory = commonDirectory(paths);
  const states = await Promise.all(paths.map((path) => statSource(path)));
  const totalBytes = states.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const files: SourceFile[] = [];
  let doneBytes = 0;
  for (const [index, path] of paths.entries()) {
    const before = doneBytes;
    const onChunk = (done: number) => onBytes?.(before + done, totalBytes);
    const { format, separator } = source.origin;
    const options = { separator, onChunk };
    const read = format === 'csv' ? await scanShape(path, options) : await hashBytes(path, onChunk);
    files.push({ path, file: relative(directory, path), state: states[index]!, ...read });
    doneBytes += states[index]!.sizeBytes;
  }
  return files;
}

/**
 * Refuses a file that is in a source twice, as a copy under another name.
 * @param rowCounts of each file: two without rows may be alike.
 * @throws SourceError `file-doubled`.
 */
export function assertDistinct(files: readonly SourceFile[], rowCounts: readonly number[]): void {
  const seen = new Map<string, string>();
  files.forEach(({ file, sha256 }, index) => {
    const first = seen.get(sha256);
    if (first !== undefined && rowCounts[index]! > 0) {
      throw refuseFile(
        file,
        'file-doubled',
        `expected each file once, got the content of ${first} again: remove one of the two`,
      );
    }
    seen.set(sha256, file);
  });
}

/** The refusal of a whole file. @param message what was expected, what was found, and what to do. */
export function refuseFile(file: string, code: SourceCode, message: string): SourceError {
  return new SourceError([{ file, line: 1, column: null, code, message }], 1);
}

async function findFiles(scratch: Scratch, { role, origin }: FiledSource): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of origin.patterns) {
    const rows = await scratch.select('books/sources/select-matching-files', { pattern: quoteText(pattern) });
    if (rows.length === 0) {
      throw refuseSnapshot('files-missing', {
        expected: `files for the source ${role}`,
        found: `none that match ${pattern}`,
        advice: `correct sources.${role}.files`,
      });
    }
    for (const { file } of rows) found.add(file as string);
  }
  if (found.size > MAX_FILES) {
    throw refuseSnapshot('files-too-many', {
      expected: `at most ${MAX_FILES} files for the source ${role}`,
      found: found.size,
    });
  }
  return [...found].sort();
}

function commonDirectory(paths: readonly string[]): string {
  let directory = dirname(paths[0]!);
  while (paths.some((path) => !path.startsWith(`${directory}/`)) && directory !== dirname(directory))
    directory = dirname(directory);
  return directory;
}

async function scanShape(path: string, options: Parameters<typeof scanCsv>[1]) {
  const scan = await scanCsv(path, options);
  return { sha256: scan.sha256, scan };
}

async function hashBytes(path: string, onChunk: (doneBytes: number) => void): Promise<{ sha256: string }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const bytes of readSourceBytes(path)) {
    hash.update(bytes);
    sizeBytes += bytes.length;
    onChunk(sizeBytes);
  }
  return { sha256: hash.digest('hex') };
}
