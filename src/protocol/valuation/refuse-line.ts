import { SolventError, refuseProtocol } from '../errors.js';
import type { StatementLine } from '../formats/statement.js';

/** Why a line of a statement does not follow from what it states and what is published. */
export type LineCode =
  | 'statement-line-differs'
  | 'statement-price-differs'
  | 'statement-quote-unfit'
  | 'statement-instrument-differs'
  | 'statement-model-unfit';

/** A line and where it stands; the first is 1. */
export type NumberedLine = { readonly line: StatementLine; readonly position: number };

/** The refusal of one line, which is told by its place and never by what it says. */
export function refuseLine(
  code: LineCode,
  { position }: NumberedLine,
  expected: string,
): SolventError<LineCode> {
  return refuseProtocol(code, {
    expected,
    found: `another at line ${position}`,
    details: { line: position },
  });
}
