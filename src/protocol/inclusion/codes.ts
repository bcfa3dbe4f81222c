import { SolventError, refuseProtocol } from '../errors.js';

/** Why an inclusion file does not show its user in the totals. */
export type InclusionCode =
  | 'inclusion-of-other-snapshot'
  | 'part-missing'
  | 'part-order'
  | 'part-repeated'
  | 'group-size'
  | 'slot-form'
  | 'opening'
  | 'id-commitment'
  | 'group-hash'
  | 'list-hash'
  | 'sums'
  | 'holding-above-total';

/** What a check of an inclusion file that does not pass throws; no id and no balance is in it. */
export function refuseInclusion(
  code: InclusionCode,
  expected: string,
  cause?: unknown,
): SolventError<InclusionCode> {
  return refuseProtocol(code, `expected ${expected}`, { cause });
}
