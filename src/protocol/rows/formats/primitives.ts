import { z } from 'zod';

import * as p from '../../formats/primitives.js';
import { parseBase64url } from '../encoding.js';
import { assertLayout, MAX_PUBLIC_SIGNALS, NET_BITS, type RowLayout } from '../layout.js';

/** The largest power of two that a count is stated by. */
const MAX_COUNT_POWER = 48;

/** 32 bytes in base64url without padding: a point, an id or a hash of a group. */
export const bytes32 = z.string().refine((text) => {
  try {
    parseBase64url(text, 32);
    return true;
  } catch {
    return false;
  }
}, 'expected 32 bytes in base64url without padding');

/** An integer below 2^248 as a plain decimal string: what `int248` makes. */
export const integer248 = p.fieldElement.refine(
  (text) => /^[0-9]+$/.test(text) && BigInt(text) < 1n << 248n,
  'expected an integer below 2^248 in plain decimal',
);

/** The name of a circuit: `spot-3`, `margin-128`. */
export const circuitLabel = z
  .string()
  .regex(/^[a-z]+(?:-[a-z0-9]{1,16})?$/, 'expected the name of a circuit');

/** A batch's index in the list of commitments. */
export const batchIndex = z
  .int()
  .min(0)
  .max(2 ** 24 - 1);

/** Milliseconds, at most a year. */
export const durationMs = z.int().min(1).max(31_622_400_000);

/**
 * A count stated by the power of two that is just above it: P stands for P/2 <= count < P, and 1 for none. It tells how
 * large a number is without telling how many accounts or rows a platform has.
 */
export const countBelow = z
  .int()
  .min(1)
  .max(2 ** MAX_COUNT_POWER)
  .refine((power) => 2 ** Math.round(Math.log2(power)) === power, 'expected a power of two');

/** The layout of a batch circuit, within the bounds of the protocol. */
export const layoutParameters: z.ZodType<RowLayout> = z
  .strictObject({
    kind: z.enum(['spot', 'margin']),
    indexBits: z.int(),
    rows: z.int(),
    slots: z.int(),
    netBits: z.union([z.literal(0), z.literal(NET_BITS)]),
    groupRows: z.int(),
  })
  .refine((layout) => {
    try {
      assertLayout(layout);
      return true;
    } catch {
      return false;
    }
  }, 'expected a layout within the bounds of the protocol');

/** A Groth16 verification key; `ic` has one point more than there are public signals. */
export const verificationKey = z.strictObject({
  ...p.verificationKey.shape,
  ic: z
    .array(p.verificationKey.shape.ic.element)
    .min(2)
    .max(MAX_PUBLIC_SIGNALS + 1),
});

/** The power of two that states a count: the least P with count < P; 0 <= count < 2^48. */
export function boundCount(count: number): number {
  if (!Number.isSafeInteger(count) || count < 0 || count >= 2 ** MAX_COUNT_POWER) {
    throw new RangeError(`expected a count from 0 to 2^${MAX_COUNT_POWER} - 1`);
  }
  let power = 1;
  while (power <= count) power *= 2;
  return power;
}
