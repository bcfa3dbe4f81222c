import {
  SolventError,
  type DecimalCode,
  type InstantCode,
  type NameCode,
  type PriceCode,
} from '../../protocol/index.js';
import { SOURCE_ERRORS } from '../errors.js';

/** What can be wrong with the shape of a CSV file. */
export type CsvCode =
  | 'file-empty'
  | 'text-not-utf8'
  | 'text-has-zero-byte'
  | 'line-ending-unknown'
  | 'quote-misplaced'
  | 'quote-unclosed'
  | 'row-too-long'
  | 'row-blank'
  | 'row-ragged'
  | 'rows-missing'
  | 'column-missing'
  | 'column-unknown'
  | 'column-doubled';

/** What can be wrong with a value in assets.csv or balances.csv. */
export type ValueCode =
  | NameCode
  | DecimalCode
  | PriceCode
  | 'name-ambiguous'
  | 'symbol-malformed'
  | 'decimals-malformed'
  | 'price-negative'
  | 'price-missing'
  | 'asset-doubled'
  | 'asset-unknown'
  | 'assets-too-many'
  | 'amount-malformed'
  | 'amount-negative'
  | 'amount-too-precise'
  | 'amount-too-large'
  | 'holding-doubled'
  | 'total-too-large'
  | 'account-underwater'
  | 'account-without-plan';

/** What can be wrong with the files of a source of a platform's books, or with what its query gives. */
export type SourceFileCode =
  | 'source-incomplete'
  | 'files-missing'
  | 'files-too-many'
  | 'file-doubled'
  | 'file-malformed'
  | 'columns-differ'
  | 'column-type-unfit'
  | 'row-not-json'
  | 'json-key-doubled'
  | 'json-value-nested'
  | 'json-number-inexact';

/** What can be wrong with a value or row of a platform's books. */
export type BookValueCode =
  | InstantCode
  | 'value-missing'
  | 'value-unexpected'
  | 'text-too-long'
  | 'text-has-control-character'
  | 'amount-not-finite'
  | 'amount-not-positive'
  | 'instant-ambiguous'
  | 'boolean-malformed'
  | 'choice-unknown'
  | 'price-asset-unknown'
  | 'account-unknown'
  | 'instrument-unknown'
  | 'position-unknown'
  | 'row-doubled';

/** Every code of a problem in a source; they are stable. */
export type SourceCode = CsvCode | ValueCode | SourceFileCode | BookValueCode | 'source-changed';

/** What is said of two user ids that differ only by Unicode normalisation. */
export const NAME_AMBIGUOUS =
  'expected each user id in one spelling, got two that look alike and differ only in their Unicode form (as e with an accent is one character, or two): write all ids in the form NFC, and give two users two ids';

/** One thing that is wrong in a source file, in words that show no user id and no amount. */
export type SourceProblem = {
  /** The file's name without its directory, or what stands for a source without files. */
  readonly file: string;
  /**
   * The line in the file, from 1, counting every line feed before it; 1 for what concerns the whole file. Where there
   * are no lines, in Parquet and in what a query gives, the number of the row, from 1.
   */
  readonly line: number;
  /** The name of the column, where one is at fault. */
  readonly column: string | null;
  readonly code: SourceCode;
  /** What was expected, what was found, and what to do. */
  readonly message: string;
};

/** Problems that one error lists; beyond these they are only counted. */
export const MAX_LISTED_PROBLEMS = 100;

/**
 * The refusal of a source file: its code is that of the first problem in the order of lines.
 * `problems` lists the first 100 of `problemCount`.
 */
export class SourceError extends SolventError<SourceCode> {
  readonly problems: readonly SourceProblem[];
  readonly problemCount: number;

  /** @param problems at least one, in order; @param problemCount all of them, listed or not. */
  constructor(problems: readonly SourceProblem[], problemCount: number) {
    const first = problems[0]!;
    const column = first.column === null ? '' : `, column ${first.column}`;
    const count = problemCount === 1 ? 'one problem' : `${problemCount} problems, first`;
    super(
      SOURCE_ERRORS[first.code].class,
      first.code,
      `expected ${first.file} in good order, got ${count}: line ${first.line}${column}: ${first.message}`,
      { details: { file: first.file, line: first.line, problemCount } },
    );
    this.problems = problems;
    this.problemCount = problemCount;
  }
}

/** Collects the problems of one file, keeping the first 100 in the order of lines. */
export class ProblemList {
  /** What problems are reported under. */
  readonly file: string;
  #kept: SourceProblem[] = [];
  #count = 0;

  /** @param file the file's name without its directory. */
  constructor(file: string) {
    this.file = file;
  }

  get count(): number {
    return this.#count;
  }

  /** The first problems in the order of lines. */
  get listed(): readonly SourceProblem[] {
    this.#trim();
    return this.#kept;
  }

  /** Adds one problem. */
  add(line: number, column: string | null, problem: { code: SourceCode; message: string }): void {
    this.#count += 1;
    this.#kept.push({ file: this.file, line, column, ...problem });
    if (this.#kept.length >= 2 * MAX_LISTED_PROBLEMS) this.#trim();
  }

  /** Counts problems that were found but are not listed. */
  addUnlisted(count: number): void {
    this.#count += count;
  }

  /** @throws SourceError where there is any problem. */
  throwIfAny(): void {
    throwProblems([this]);
  }

  #trim(): void {
    this.#kept.sort((a, b) => a.line - b.line || compareText(a.column ?? '', b.column ?? ''));
    this.#kept = this.#kept.slice(0, MAX_LISTED_PROBLEMS);
  }
}

/** @throws SourceError where any of several lists has a problem, with the first 100 of all in the order of the lists. */
export function throwProblems(lists: readonly ProblemList[]): void {
  const count = lists.reduce((sum, list) => sum + list.count, 0);
  if (count === 0) return;
  throw new SourceError(lists.flatMap(({ listed }) => listed).slice(0, MAX_LISTED_PROBLEMS), count);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
