import { NAME_AMBIGUOUS, type SourceCode } from '../../reading/source-problems.js';
import { describeSpelling, formatSpelling, type SpellingKind } from '../../reading/spelling.js';
import type { SourceRole } from '../config.js';
import { SOURCE_SHAPES, type ColumnKind } from './shapes.js';

const MESSAGES: Partial<Record<SourceCode, string>> = {
  'value-missing': 'expected a value, got none',
  'value-unexpected': 'expected no value beside the others of this row, got one',
  'text-too-long': 'expected at most 256 bytes in UTF-8, got more',
  'text-has-control-character': 'expected printable characters, got a control character',
  'amount-too-precise':
    'expected at most 18 digits behind the point, and none of an amount in base units (unit), got more: nothing is rounded here',
  'amount-too-large': 'expected at most 20 digits before the point, got more',
  'amount-not-finite': 'expected a decimal, got NaN or infinity',
  'amount-negative': 'expected an amount that is not negative, got a minus',
  'amount-not-positive': 'expected an amount above 0, got another',
  'instant-ambiguous':
    'expected a local time that the clocks of the time zone show once, got one that they show twice or never, as they are put forward or back: write the instant with its zone',
  'column-type-unfit':
    'expected an instant with a zone, like 2026-01-31T00:00:00Z or +01:00, got one without: write it, or state the timeZone of this source',
  'price-asset-unknown': 'expected an asset of the configuration or the quote currency, got another',
  'account-unknown': 'expected an account that the source accounts lists, got another: list it there',
  'instrument-unknown':
    'expected an instrument that the source instruments lists, got another: list it there',
  'position-unknown': 'expected the id of an isolated position of the same account, got another',
  'row-doubled': 'expected each key once, got one again: remove one of the two rows',
  'name-empty': 'expected a user id, got none',
  'name-too-long': 'expected a user id of at most 256 bytes in UTF-8, got a longer one',
  'name-has-control-character': 'expected a user id of printable characters, got a control character',
  'name-has-invisible-character':
    'expected a user id whose characters can all be seen, got one that cannot, or an odd space: write it without',
  'name-not-normal': 'expected a user id without white space at its ends, got some: remove it',
  'name-ambiguous': NAME_AMBIGUOUS,
};

/** What is told by the kind of fault of the text itself. */
const SPELLED: Partial<Record<SourceCode, { readonly kind: SpellingKind; readonly expected: string }>> = {
  'amount-malformed': { kind: 'amount', expected: 'a decimal like -12.5' },
  'instant-malformed': {
    kind: 'instant',
    expected: 'an instant like 2026-01-31T00:00:00.123456789Z, with a zone and in the years 1678 to 2261',
  },
  'boolean-malformed': { kind: 'boolean', expected: 'true or false' },
  'asset-unknown': { kind: 'asset', expected: 'an asset that the configuration lists' },
};

/** One problem of a row. */
export type RowProblem = {
  readonly role: SourceRole;
  readonly column: string;
  readonly code: SourceCode;
  /** The start of the text at fault, which is not shown; null where it is not known. */
  readonly stated: string | null;
  readonly symbols: readonly string[];
};

/** What to say of one problem; values are not shown, but for the texts that a choice or the list of assets allows. */
export function describeProblem({ role, column, code, stated, symbols }: RowProblem): string {
  const choices = SOURCE_SHAPES[role].columns[column]?.choices;
  if (code === 'choice-unknown' && choices !== undefined) {
    const kinds = column === 'style' ? ', as its kind allows' : '';
    const expected = `one of ${choices.join(', ')}${kinds}`;
    return formatSpelling(expected, describeSpelling('choice', stated ?? '?', choices));
  }
  const spelled = SPELLED[code];
  if (spelled === undefined) return MESSAGES[code] ?? 'expected another value';
  const listed = code === 'asset-unknown' ? symbols : [];
  return formatSpelling(spelled.expected, describeSpelling(spelled.kind, stated ?? '?', listed));
}

/** What to do about a column whose type cannot be read exactly, under the name that the file or database has for it. */
export function describeUnfit(kind: ColumnKind, type: string): string {
  if (kind === 'instant') return describeUnfitInstant(type);
  if (!kind.startsWith('amount')) {
    const expected = kind === 'boolean' ? 'a BOOLEAN or text' : 'text or integers';
    return `expected ${expected}, got ${type}: write the column as one of these`;
  }
  return `expected amounts as DECIMAL, integers or text, got ${type}${describeLoss(type)}: write the column as DECIMAL(38, 18) or text`;
}

/** Why a type of numbers is none for amounts. */
function describeLoss(type: string): string {
  if (type.startsWith('DECIMAL')) return ', of more than 38 digits';
  return type === 'DOUBLE' || type === 'FLOAT' ? ', which rounds' : '';
}

function describeUnfitInstant(type: string): string {
  if (type === 'INT96') {
    return 'expected a TIMESTAMP or text, got INT96, which Parquet gave up: write it as TIMESTAMP in UTC (Spark: spark.sql.parquet.outputTimestampType = TIMESTAMP_MICROS; pyarrow: use_deprecated_int96_timestamps = False)';
  }
  if (type.startsWith('TIMESTAMP')) {
    return `expected instants in UTC, got ${type} without a zone: write it adjusted to UTC (PostgreSQL: timestamptz, or at AT TIME ZONE 'Europe/Berlin'), or state the timeZone of this source`;
  }
  return `expected a TIMESTAMP in UTC or text, got ${type}: write the column as one of these`;
}
