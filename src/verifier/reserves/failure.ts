import { defineErrors, type SolventError } from '../../protocol/index.js';
import { classifyCodes } from '../failure.js';
import {
  RESERVES_FAILURES,
  RESERVES_UNVERIFIABLE,
  type ReservesFailureCode,
  type ReservesUnverifiableCode,
} from './codes.js';

const refuseCheck = defineErrors(classifyCodes<ReservesFailureCode>(RESERVES_FAILURES, 'verification'));
const missTrust = defineErrors(classifyCodes<ReservesUnverifiableCode>(RESERVES_UNVERIFIABLE, 'trust'));

/** What a check of reserves that does not pass throws; `evidence` says "expected X, got Y". */
export function refuseReserves(
  code: ReservesFailureCode,
  evidence: string,
  cause?: unknown,
): SolventError<ReservesFailureCode> {
  return refuseCheck(code, evidence, { cause });
}

/** What a check throws that cannot be made for want of what only the caller can bring. */
export function missForReserves(
  code: ReservesUnverifiableCode,
  evidence: string,
): SolventError<ReservesUnverifiableCode> {
  return missTrust(code, evidence);
}
