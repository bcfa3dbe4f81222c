import { SolventError } from '../../errors.js';

/** Why an inclusion file does not show its user in the totals. */
export type RowInclusionCode =
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
  | 'sums';

/** What a check of an inclusion file that does not pass throws; no id and no balance is in it. */
export function refuseInclusion(
  code: RowInclusionCode,
  expected: string,
  cause?: unknown,
): SolventError<RowInclusionCode> {
  return new SolventError('verification', code, `expected ${expected}`, { cause });
}
