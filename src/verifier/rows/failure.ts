import { SolventError } from '../../protocol/index.js';
import type { RowFailureCode } from './codes.js';

/** What a check that does not pass throws; `evidence` says "expected X, got Y" without ids and balances. */
export function refuseRows(
  code: RowFailureCode,
  evidence: string,
  cause?: unknown,
): SolventError<RowFailureCode> {
  return new SolventError('verification', code, evidence, { cause });
}
