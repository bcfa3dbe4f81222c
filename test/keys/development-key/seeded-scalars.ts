import { createHash } from 'node:crypto';

import { FIELD_MODULUS } from '../../../src/protocol/index.js';

/** Field elements that follow from a seed; the same in every run. */
export function seededScalars(seed: string, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => {
    const hash = createHash('sha256').update(`${seed} ${index}`).digest('hex');
    return BigInt(`0x${hash}`) % FIELD_MODULUS;
  });
}
