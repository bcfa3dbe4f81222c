import { z } from 'zod';

import { MAX_GROUP_ROWS } from '../rows/layout.js';
import * as p from './primitives.js';

/** What a user needs of the group of one of their rows; the schema of files that hold it. */
export const groupRecord = z.strictObject({
  batch: p.batchIndex,
  group: z
    .int()
    .min(0)
    .max(2 ** 18),
  maskPoint: p.bytes32,
  blindOpening: p.fieldElement,
  entries: z
    .array(z.strictObject({ point: p.bytes32, id: p.bytes32 }))
    .min(1)
    .max(MAX_GROUP_ROWS),
});

/**
 * One group of a batch: C_(g,0), z_(g,r), and the point and id of each of its rows, in order. Private: it is given to
 * users who have a row in it.
 */
export type GroupRecord = z.infer<typeof groupRecord>;
