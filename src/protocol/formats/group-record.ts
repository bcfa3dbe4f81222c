import { z } from 'zod';

import { parseCanonicalJson } from '../canonical-json.js';
import { parseSchema } from './parse.js';
import * as p from './primitives.js';
import { MAX_GROUP_ROWS } from '../rows/layout.js';

/** 1,024 rows of 112 bytes each. */
export const MAX_GROUP_RECORD_BYTES = 128 * 1024;

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
 * users who have a row in it. A batch's file holds one canonical JSON line for each of its Gn groups.
 */
export type GroupRecord = z.infer<typeof groupRecord>;

/** Reads one line, without its line feed, of a batch's private file. @throws SolventError of class `format`. */
export function parseGroupRecord(line: Uint8Array): GroupRecord {
  return parseSchema(groupRecord, 'a group of rows', parseCanonicalJson(line, MAX_GROUP_RECORD_BYTES));
}
