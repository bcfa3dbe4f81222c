import type { FieldElement } from '../../field.js';
import { MAX_STATEMENT_BYTES } from '../../formats/published-files.js';
import {
  parseStatement,
  STATEMENT_FORMAT,
  statementSchema,
  type AccountStatement,
  type StatementLine,
} from '../../formats/statement.js';
import { hashStatement } from '../../statement.js';

/** The statement has one format in all inclusion files: these are its names in the protocol of rows. */
export {
  MAX_STATEMENT_BYTES as MAX_ROW_STATEMENT_BYTES,
  parseStatement as parseRowStatement,
  STATEMENT_FORMAT as ROW_STATEMENT_FORMAT,
  statementSchema as rowStatementSchema,
};
export type RowStatement = AccountStatement;
export type RowStatementLine = StatementLine;

/** int248(sha("solvent/statement/v2", canonical JSON)): what stands for a statement in an id. Below 2^248. */
export function hashRowStatement(statement: RowStatement): FieldElement {
  return hashStatement(statement);
}
