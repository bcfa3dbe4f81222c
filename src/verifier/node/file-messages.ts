import type { ReportCode } from '../codes.js';
import type { Claim } from '../checks/claim.js';
import type { CheckedBundle } from '../verify.js';

/** A checked bundle as it is sent to a thread: functions are not. */
export type SentBundle = Pick<CheckedBundle, 'proofs'> & {
  readonly claim: Omit<Claim, 'hash'> & { readonly hash: undefined };
};

/** The bundle, once before any files; then files of one directory by their paths. */
export type FilesMessage =
  { readonly bundle: SentBundle } | { readonly directory: string; readonly names: readonly string[] };

/** What became of one file; `row` only where it is valid. */
export type FileAnswer = {
  readonly file: string;
  readonly code: ReportCode | 'file-unreadable';
  /** What was expected and what was found; empty where the file is valid. */
  readonly evidence: string;
  readonly row?: string;
};
