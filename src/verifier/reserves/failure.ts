import { SolventError } from '../../protocol/index.js';
import {
  RESERVES_FAILURES,
  RESERVES_UNVERIFIABLE,
  type ReservesFailureCode,
  type ReservesUnverifiableCode,
} from './codes.js';

/** What a check of reserves that does not pass throws; `evidence` says "expected X, got Y". */
export function refuseReserves(
  code: ReservesFailureCode,
  evidence: string,
  cause?: unknown,
): SolventError<ReservesFailureCode> {
  return new SolventError(RESERVES_FAILURES[code].class, code, evidence, { cause });
}

/** What a check throws that cannot be made for want of what only the caller can bring. */
export function missForReserves(
  code: ReservesUnverifiableCode,
  evidence: string,
): SolventError<ReservesUnverifiableCode> {
  return new SolventError(RESERVES_UNVERIFIABLE[code].class, code, evidence);
}
