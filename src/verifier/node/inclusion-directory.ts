import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';

import { requirePath, type Trust } from '../../protocol/index.js';
import { FILES_PER_SHARE } from '../limits.js';
import type { Report } from '../report.js';
import type { BundleSource } from '../source.js';
import { checkBundle, contextOfBundle, type CheckedBundle, type VerifyOptions } from '../verify.js';
import type { FileAnswer, FilesMessage } from './messages.js';
import { unreadable } from './files.js';
import { askThread, failed, lendThreads } from './threads.js';

/** An inclusion file that is not valid, and why. */
export type FailedFile = {
  readonly file: string;
  readonly code: DirectoryFileCode;
  /** What was expected and what was found, without ids and balances. */
  readonly evidence: string;
};

type DirectoryFileCode = FileAnswer['code'] | 'row-of-another-file';

/**
 * What a directory of inclusion files holds beside its bundle. Nobody typed an id: that each file is of the user who
 * gets it stays to be shown by that user.
 */
export type DirectoryReport = {
  readonly format: 'solvent/inclusions-report/v2';
  /** Whether the bundle and every file are valid, and there is a file. */
  readonly valid: boolean;
  /** The report on the bundle; where it is not valid no file was looked at. */
  readonly bundle: Report;
  readonly fileCount: number;
  readonly validCount: number;
  /** In the order of their names. */
  readonly failed: readonly FailedFile[];
  /** Assets that all valid files together hold or owe more of than the published total. */
  readonly exceededAssets: readonly string[];
};

/** Where files are verified; `entry` only for code that does not run from its compiled form. */
export type InclusionDirectoryOptions = Omit<VerifyOptions, 'onProgress'> & {
  /** 1 or more; as many as there are cores unless given. */
  readonly threads?: number | undefined;
  readonly entry?: URL;
  /** Called as files are verified. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
};

/**
 * Verifies a bundle once, and each entry of a directory against it. No two files may have a row in common.
 * @throws SolventError `file-unreadable` (usage) where the directory cannot be listed; as `verifyBundle`.
 */
export async function verifyInclusionDirectory(
  directory: string,
  source: BundleSource,
  { trust, ...options }: InclusionDirectoryOptions & { readonly trust: Trust | undefined },
): Promise<DirectoryReport> {
  const names = await listNames(requirePath(directory, 'the inclusion files'));
  const { report, bundle } = await checkBundle(source, trust, { ...options, onProgress: undefined });
  const answers = bundle === undefined ? [] : await verifyFiles({ directory, names }, bundle, options);
  const exceededAssets = findExceeded(answers, report);
  const failedFiles = [...findFailures(answers), ...findRepeatedRows(answers)].sort((a, b) =>
    a.file < b.file ? -1 : 1,
  );
  return {
    format: 'solvent/inclusions-report/v2',
    valid: report.valid && names.length > 0 && failedFiles.length === 0 && exceededAssets.length === 0,
    bundle: report,
    fileCount: names.length,
    validCount: bundle === undefined ? 0 : names.length - failedFiles.length,
    failed: failedFiles,
    exceededAssets,
  };
}

async function listNames(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (cause) {
    throw unreadable(directory, cause, 'a directory of inclusion files');
  }
}

async function verifyFiles(
  { directory, names }: { readonly directory: string; readonly names: readonly string[] },
  bundle: CheckedBundle,
  {
    threads = availableParallelism(),
    entry = new URL('./file-worker.js', import.meta.url),
    onProgress = () => undefined,
  }: InclusionDirectoryOptions,
): Promise<readonly FileAnswer[]> {
  const context = contextOfBundle(bundle);
  const answers: FileAnswer[] = [];
  let next = 0;
  const work = async (thread: Worker) => {
    await askThread(thread, { context } satisfies FilesMessage);
    while (next < names.length) {
      const share = names.slice(next, (next += FILES_PER_SHARE));
      const found = await askThread<FileAnswer[]>(thread, { directory, names: share } satisfies FilesMessage);
      if (found.length !== share.length)
        throw failed(`answers to ${share.length} files, got ${found.length},`);
      answers.push(...found);
      onProgress(answers.length, names.length);
    }
  };
  const wanted = Math.max(1, Math.min(threads, Math.ceil(names.length / FILES_PER_SHARE)));
  await lendThreads({ entry, threads: wanted }, (lent) => Promise.all(lent.map(work)));
  return answers;
}

function findFailures(answers: readonly FileAnswer[]): FailedFile[] {
  return answers.flatMap(({ file, code, evidence }) => (code === 'valid' ? [] : [{ file, code, evidence }]));
}

/** What all files hold together is at most what the bundle's totals say: more is a sign of a known trapdoor. */
function findExceeded(answers: readonly FileAnswer[], { totals }: Report): string[] {
  return totals.flatMap(({ asset, equity, debt }, index) => {
    const own = answers.flatMap(({ holdings }) => holdings.filter(({ assetIndex }) => assetIndex === index));
    const equityUnits = own.reduce((sum, holding) => sum + holding.equityUnits, 0n);
    const debtUnits = own.reduce((sum, holding) => sum + holding.debtUnits, 0n);
    return equityUnits > BigInt(equity) || debtUnits > BigInt(debt) ? [asset] : [];
  });
}

/** Two files of one row are one user's money twice, and so another user's not at all. */
function findRepeatedRows(answers: readonly FileAnswer[]): FailedFile[] {
  const seen = new Map<string, string>();
  return [...answers]
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .flatMap(({ file, rows }) => {
      const repeated = rows.find((row) => seen.has(row));
      for (const row of rows) if (!seen.has(row)) seen.set(row, file);
      if (repeated === undefined) return [];
      const evidence = `expected rows of its own, got one of ${seen.get(repeated)!}`;
      return [{ file, code: 'row-of-another-file' as const, evidence }];
    });
}
