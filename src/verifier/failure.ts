import { SolventError } from '../protocol/index.js';
import type { FailureCode, UnverifiableCode } from './codes.js';

/** What a check that does not pass throws; `evidence` says "expected X, got Y" without ids and balances. */
export function refuse(code: FailureCode, evidence: string, cause?: unknown): SolventError<FailureCode> {
  return new SolventError('verification', code, evidence, { cause });
}

/** What a check throws that cannot be made for want of what only the caller can bring. */
export function miss(code: UnverifiableCode, evidence: string): SolventError<UnverifiableCode> {
  return new SolventError('trust', code, evidence);
}
