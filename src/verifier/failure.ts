import { defineErrors, PROTOCOL_ERRORS, type ErrorClass, type SolventError } from '../protocol/index.js';
import { BINARY_ERRORS } from '../protocol/reserves/index.js';
import { FAILURES, UNVERIFIABLE, type FailureCode, type UnverifiableCode } from './codes.js';

/** A rule that prover and verifier share has its class there; what only the verifier checks is a verification. */
export function classifyCodes<Code extends string>(
  codes: object,
  own: ErrorClass,
): Record<Code, { class: ErrorClass }> {
  const shared: Readonly<Record<string, { readonly class: ErrorClass }>> = {
    ...PROTOCOL_ERRORS,
    ...BINARY_ERRORS,
  };
  const classes = Object.keys(codes).map((code) => [code, { class: shared[code]?.class ?? own }]);
  return Object.fromEntries(classes) as Record<Code, { class: ErrorClass }>;
}

const refuseBundle = defineErrors(classifyCodes<FailureCode>(FAILURES, 'verification'));
const missTrust = defineErrors(classifyCodes<UnverifiableCode>(UNVERIFIABLE, 'trust'));

/** What a check that does not pass throws; `evidence` says "expected X, got Y" without ids and balances. */
export function refuse(code: FailureCode, evidence: string, cause?: unknown): SolventError<FailureCode> {
  return refuseBundle(code, evidence, { cause });
}

/** What a check throws that cannot be made for want of what only the caller can bring. */
export function miss(code: UnverifiableCode, evidence: string): SolventError<UnverifiableCode> {
  return missTrust(code, evidence);
}
