import type { Holding } from '../../protocol/index.js';
import type { ReportCode } from '../codes.js';
import type { FileContext } from '../verify.js';

/** What a checked bundle holds files to, once before any of them; then files of one directory by their paths. */
export type FilesMessage =
  { readonly context: FileContext } | { readonly directory: string; readonly names: readonly string[] };

/** What became of one file; `rows` is empty unless it is valid. */
export type FileAnswer = {
  readonly file: string;
  readonly code: ReportCode | 'file-unreadable';
  /** What was expected and what was found; empty where the file is valid. */
  readonly evidence: string;
  readonly rows: readonly string[];
  /** What its user holds and owes; empty unless it is valid. */
  readonly holdings: readonly Holding[];
};
