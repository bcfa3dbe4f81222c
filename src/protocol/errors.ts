/** Whose move is next after an error; each class has one answer. */
export type ErrorClass =
  | 'usage' // the caller: wrong arguments, or a file that cannot be opened
  | 'source' // the owner of the source data: a value in a file that they wrote
  | 'reconciliation' // the platform's accountants: the books do not agree
  | 'format' // the author of a published file: it is not what its format says
  | 'artefact' // the operator: a key, circuit or cached file is missing or changed
  | 'proving' // the operator: a proof could not be made
  | 'verification' // the platform: what was published is not shown to be true
  | 'trust' // the caller of the verifier: what only they can bring is missing
  | 'invariant'; // us: a bug

/** What an error is about, in values that are safe to print: never a secret, an id or a balance. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/**
 * The one error of this project: a class, a stable code in kebab-case that programs can match, a sentence
 * of the form "expected X, got Y", and printable details.
 *
 * Each room declares its own closed union of codes and passes it as `Code`.
 */
export class SolventError<Code extends string = string> extends Error {
  override readonly name = 'SolventError';
  readonly errorClass: ErrorClass;
  readonly code: Code;
  readonly details: ErrorDetails;

  constructor(
    errorClass: ErrorClass,
    code: Code,
    message: string,
    options: { details?: ErrorDetails; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.errorClass = errorClass;
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** The codes of a room: whose move is next after each, and what they can do. */
export type ErrorTable = Readonly<
  Record<string, { readonly class: ErrorClass; readonly advice?: string | undefined }>
>;

/** What an error says beside its code. */
export type RefusalWords = {
  readonly expected: string;
  readonly found: string | number;
  /** What to do, where the table's advice does not fit. */
  readonly advice?: string;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
};

/** Makes the errors of one table, by their codes. */
export type Refuse<Table extends ErrorTable> = <Code extends keyof Table & string>(
  code: Code,
  refusal: RefusalWords | string,
  options?: Pick<RefusalWords, 'details' | 'cause'>,
) => SolventError<Code>;

/** Makes the errors of a table: "expected X, got Y: what to do", or in a sentence that a caller has in full. */
export function defineErrors<Table extends ErrorTable>(table: Table): Refuse<Table> {
  return (code, refusal, options = {}) => {
    const entry = table[code]!;
    if (typeof refusal === 'string') return new SolventError(entry.class, code, refusal, options);
    const { expected, found, details, cause, advice = entry.advice } = refusal;
    const message = `expected ${expected}, got ${found}${advice === undefined ? '' : `: ${advice}`}`;
    return new SolventError(
      entry.class,
      code,
      message,
      details === undefined ? { cause } : { details, cause },
    );
  };
}

/** An error in the values that another thread can be sent. */
export type ErrorFields = Pick<SolventError, 'errorClass' | 'code' | 'message' | 'details'>;

/** The error that another thread sent. */
export function restoreError({ errorClass, code, message, details }: ErrorFields): SolventError {
  return new SolventError(errorClass, code, message, { details });
}

/** The same error in other words, for who knows more than its thrower. */
export function rewordError<Code extends string>(
  error: SolventError<Code>,
  message: string,
  details: ErrorDetails = error.details,
): SolventError<Code> {
  return new SolventError(error.errorClass, error.code, message, { details, cause: error });
}

/** Runs `parse`, and says of what it refuses where that stands: "manifest.json: expected …". */
export function within<T>(where: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw rewordError(error as SolventError, `${where}: ${error.message}`);
  }
}

/** Exit codes of every command. */
export const EXIT_CODES = { done: 0, refused: 1, usage: 2, unverifiable: 3, notCovered: 4 } as const;

/**
 * The exit code that an error ends a command with: 2 for the caller's own mistake, 3 for missing trust
 * material, 1 for everything else, errors that are not ours included.
 */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof SolventError)) return EXIT_CODES.refused;
  if (error.errorClass === 'usage') return EXIT_CODES.usage;
  if (error.errorClass === 'trust') return EXIT_CODES.unverifiable;
  return EXIT_CODES.refused;
}

/** What the rules that prover and verifier share can refuse: whose move is next, and what to do. */
export const PROTOCOL_ERRORS = {
  // Values that the platform wrote.
  /** A signed note, its key, or a proof of a transparency log is not in its one form. */
  'note-malformed': { class: 'format' },
  /** A name or id is empty. */
  'name-empty': { class: 'source' },
  /** A name or id is longer than any may be. */
  'name-too-long': { class: 'source' },
  /** A name or id has spaces around it, or is not in the Unicode form NFC. */
  'name-not-normal': { class: 'source' },
  /** A name or id has a character that nobody sees. */
  'name-has-control-character': { class: 'source' },
  /** A name has a character that cannot be seen. */
  'name-has-invisible-character': { class: 'source' },
  /** A number is not a plain decimal, or has more digits than numbers may have. */
  'decimal-malformed': { class: 'source' },
  /** An instant has no zone, is no day of the calendar, or is out of range. */
  'instant-malformed': { class: 'source' },
  /** An asset of price 0 is owed by users: debt in it would be free. */
  'debt-without-price': { class: 'source' },
  /** A price is so small that rounding would eat it. */
  'price-too-small': { class: 'source' },
  /** A price is too large for the circuits. */
  'price-too-large': { class: 'source' },
  /** The quote asset is listed with another price than 1. */
  'quote-price-not-one': { class: 'source' },
  /** A collateral ratio is above 1. */
  'collateral-ratio-out-of-range': { class: 'source' },

  // Published files.
  /** Something else than JSON in UTF-8. */
  'json-malformed': { class: 'format' },
  /** JSON, but not in its one canonical spelling. */
  'json-not-canonical': { class: 'format' },
  /** JSON nested deeper than any published format. */
  'json-too-deep': { class: 'format' },
  /** JSON larger than its format allows. */
  'json-too-large': { class: 'format' },
  /** A file is of a format or version that this program does not know. */
  'format-unknown': { class: 'format' },
  /** A field is missing, unknown, of another type or out of its range. */
  'schema-violated': { class: 'format' },
  /** Bytes are not in their one form of text. */
  'base64url-malformed': { class: 'format' },
  /** An integer is not an element of the field. */
  'field-element-out-of-range': { class: 'format' },
  /** A text is no plain decimal integer. */
  'field-element-malformed': { class: 'format' },
  /** An inclusion file does not have the size of its format. */
  'inclusion-not-padded': { class: 'format' },
  /** An inclusion file is larger than its format allows. */
  'inclusion-too-large': { class: 'format' },
  /** A rotation of signing keys is not signed by both of them. */
  'rotation-invalid': { class: 'verification', advice: "it is not the platform's" },

  // Rows and their commitments.
  /** A circuit has a layout that no circuit can have. */
  'layout-malformed': { class: 'format' },
  /** A row is beyond the rows of its batch. */
  'row-out-of-range': { class: 'format' },
  /** A group is beyond the groups of its batch. */
  'group-out-of-range': { class: 'format' },
  /** A row has more slots than its layout. */
  'slots-too-many': { class: 'format' },
  /** An amount of a slot is out of its range. */
  'slot-amount-out-of-range': { class: 'format' },
  /** A slot names an asset beyond those that the layout has room for. */
  'slot-index-out-of-range': { class: 'format' },
  /** A slot is neither equity nor debt. */
  'slot-side-malformed': { class: 'format' },
  /** The slots of a row are not in their one order. */
  'slots-not-rising': { class: 'format' },
  /** The net value of a row is out of its range. */
  'net-value-out-of-range': { class: 'format' },
  /** A batch does not have as many rows as its layout. */
  'row-count-differs': { class: 'format' },
  /** A group does not have the members that its layout asks for. */
  'group-size': { class: 'verification' },
  /** A point is not one of the curve in its one form. */
  'point-form': { class: 'format' },
  /** A commitment is the point at infinity. */
  'point-at-infinity': { class: 'invariant', advice: 'start a new run with a new secret' },
  /** A divisor is 0. */
  'division-by-zero': { class: 'invariant', advice: 'a challenge that the protocol refuses was used' },
  /** A challenge is one that would void a check. */
  'challenge-zero': { class: 'verification', advice: 'make a new run' },
  /** The proofs do not add up to the totals. */
  totals: { class: 'verification' },
  /** The weighted totals are not as many as the assets ask for. */
  'weights-form': { class: 'verification' },
  /** The proofs do not show that collateral covers all debts. */
  cover: { class: 'verification' },
  /** The rows of a group are not those that the proof of its batch counts. */
  'group-opening': { class: 'verification' },

  // Statements and inclusion files.
  /** A line of a statement is of an asset that the manifest does not list. */
  'statement-asset-not-listed': { class: 'format' },
  /** A line of a statement is no whole number of proof units. */
  'statement-value-too-fine': { class: 'format' },
  /** The lines of a statement are not distinct and in their one order. */
  'statement-not-sorted': { class: 'format' },
  /** The value of a line is not the one that follows from what the line states. */
  'statement-line-differs': { class: 'verification' },
  /** A line is converted at a price that the manifest does not publish. */
  'statement-price-differs': { class: 'verification' },
  /** A line is at a price that its instrument does not have at the instant of the snapshot. */
  'statement-quote-unfit': { class: 'verification' },
  /** Two lines are of one instrument, with different terms or prices. */
  'statement-instrument-differs': { class: 'verification' },
  /** A line has inputs that the model has no price for. */
  'statement-model-unfit': { class: 'verification' },
  /** An inclusion file is of another snapshot than the manifest. */
  'inclusion-of-other-snapshot': { class: 'verification' },
  /** An inclusion file does not show all parts of the account. */
  'part-missing': { class: 'verification' },
  /** The parts of an inclusion file are not those of the account in their order. */
  'part-order': { class: 'verification' },
  /** Two parts of an inclusion file are one row. */
  'part-repeated': { class: 'verification' },
  /** The amounts of a part are not in their one form, or do not cover its debts. */
  'slot-form': { class: 'verification' },
  /** A row is not a commitment to the amounts shown. */
  opening: { class: 'verification' },
  /** A row is not one of the id that its reader gave, with this statement. */
  'id-commitment': { class: 'verification' },
  /** A group of rows is not the one that its batch commits to. */
  'group-hash': { class: 'verification' },
  /** The groups of a batch are not those that the manifest pins. */
  'list-hash': { class: 'verification' },
  /** A statement does not add up to what the rows hold. */
  sums: { class: 'verification' },
  /** Rows hold or owe more of an asset than the published total of everybody. */
  'holding-above-total': { class: 'verification' },

  // Callers.
  /** An id that no user can have. */
  'user-id-malformed': { class: 'usage' },
  /** A name that no platform can have. */
  'platform-malformed': { class: 'usage' },
  /** A text that is no instant with a zone. */
  'taken-at-malformed': { class: 'usage' },
  /** No path was given, or one that no file can have. */
  'path-missing': { class: 'usage' },
} as const satisfies ErrorTable;

export type ProtocolCode = keyof typeof PROTOCOL_ERRORS;

/** Makes an error of the rules that prover and verifier share. */
export const refuseProtocol = defineErrors(PROTOCOL_ERRORS);
