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
export type Refusal = {
  readonly expected: string;
  readonly found: string;
  /** What to do, where the table's advice does not fit. */
  readonly advice?: string;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
};

/** Makes the errors of a table: "expected X, got Y: what to do". */
export function defineErrors<Table extends ErrorTable>(
  table: Table,
): (code: keyof Table & string, refusal: Refusal) => SolventError<keyof Table & string> {
  return (code, { expected, found, details, cause, advice = table[code]!.advice }) => {
    const message = `expected ${expected}, got ${found}${advice === undefined ? '' : `: ${advice}`}`;
    return new SolventError(table[code]!.class, code, message, {
      ...(details === undefined ? {} : { details }),
      ...(cause === undefined ? {} : { cause }),
    });
  };
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
