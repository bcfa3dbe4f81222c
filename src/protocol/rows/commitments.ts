import type { FieldElement } from '../field.js';
import { concatBytes, hashLabelled, int248 } from '../bytes.js';
import { refuseProtocol } from '../errors.js';
import { encodeUint, fixedBytes } from '../encoding.js';
import {
  elementCount,
  groupCount,
  wordCount,
  type RowLayout,
  deriveCircuitTag,
  groupSize,
} from './layout.js';
import { combinePoints, encodePoint, POINT_BYTES, type CurvePoint, type Generators } from './points.js';

/** The random field elements that one batch's digest binds. */
export type BatchMasks = {
  /** Hides the digest. */
  readonly blind: FieldElement;
  /** maskL: hides the value of the batch's sums. */
  readonly total: FieldElement;
  /** maskK: hides the value of the batch's cover; 0 in spot batches, whose digest has no such value. */
  readonly cover: FieldElement;
  /** mask_(g,i): Gn lists of W, which hide the values z. */
  readonly groups: readonly (readonly FieldElement[])[];
};

/**
 * The values that the digest absorbs, in order.
 * @param elements the n_e elements of the batch.
 */
export function listDigestValues(
  layout: RowLayout,
  masks: BatchMasks,
  elements: readonly FieldElement[],
): FieldElement[] {
  const flat = masks.groups.flat();
  if (flat.length !== groupCount(layout) * wordCount(layout) || elements.length !== elementCount(layout)) {
    throw new RangeError('expected the masks and elements of the layout, got other counts');
  }
  return [masks.blind, masks.total, ...(layout.kind === 'margin' ? [masks.cover] : []), ...flat, ...elements];
}

/** Bytes of a row's id, and of a group's hash. */
export const ID_BYTES = 32;

/** What one row's id says: that it is part i of n of one user, under one statement. */
export type Part = {
  /** As `deriveIdHash` makes it; below 2^248. */
  readonly idHash: FieldElement;
  /** i, counted from 1. */
  readonly part: number;
  /** n: parts of the account; 1 <= i <= n < 2^16. */
  readonly partCount: number;
  /** Hides the id; below 2^248. */
  readonly nonce: FieldElement;
  /** The hash of the user's statement, 0 where there is none; below 2^248. */
  readonly statement: FieldElement;
};

/** A row as its neighbours see it: its point and its id, 32 bytes each. */
export type RowEntry = { readonly point: Uint8Array; readonly id: Uint8Array };

/** id = sha("solvent/part/v2", be_31(idHash) ‖ be_2(i) ‖ be_2(n) ‖ be_31(nonce) ‖ be_31(statement)): 32 bytes. */
export function commitPart({ idHash, part, partCount, nonce, statement }: Part): Uint8Array {
  return hashLabelled(
    'solvent/part/v2',
    concatBytes(
      encodeUint(idHash, 31),
      encodeUint(part, 2),
      encodeUint(partCount, 2),
      encodeUint(nonce, 31),
      encodeUint(statement, 31),
    ),
  );
}

/**
 * C = sum of w_i G_i + r H: the point of a row's words, or of a group's masks.
 * @param values W field elements.
 */
export function commitValues(
  { blind: blindBase, words }: Generators,
  values: readonly FieldElement[],
  blind: FieldElement,
): CurvePoint {
  return combinePoints([...words, blindBase], [...values, blind]);
}

/** The 32 bytes of `commitValues`. @throws SolventError `point-at-infinity`. */
export function encodeCommitment(
  generators: Generators,
  values: readonly FieldElement[],
  blind: FieldElement,
): Uint8Array {
  return encodePoint(commitValues(generators, values, blind));
}

/**
 * group_g = sha("solvent/group/v2", be_32(TAG) ‖ be_4(g) ‖ C_(g,0) ‖ for each row of the group C ‖ id): 32 bytes.
 * @param group.index g, from 0.
 * @param group.maskPoint the 32 bytes of C_(g,0), which is no entry.
 * @throws SolventError `group-size` where there are not exactly as many entries as the layout has rows in this group.
 */
export function hashGroup(
  layout: RowLayout,
  group: { readonly index: number; readonly maskPoint: Uint8Array; readonly entries: readonly RowEntry[] },
): Uint8Array {
  assertCount('rows of a group', groupSize(layout, group.index), group.entries.length);
  return hashLabelled(
    'solvent/group/v2',
    concatBytes(
      encodeUint(deriveCircuitTag(layout), 32),
      encodeUint(group.index, 4),
      fixedBytes(group.maskPoint, POINT_BYTES),
      ...group.entries.flatMap(({ point, id }) => [fixedBytes(point, POINT_BYTES), fixedBytes(id, ID_BYTES)]),
    ),
  );
}

/**
 * list = int248(sha("solvent/list/v2", be_32(TAG) ‖ be_4(Gn) ‖ group_0 ‖ group_1 ‖ ..)): below 2^248.
 * @throws SolventError `group-size` where there are not exactly as many hashes as the layout has groups.
 */
export function hashList(layout: RowLayout, groupHashes: readonly Uint8Array[]): FieldElement {
  assertCount('groups of a batch', groupCount(layout), groupHashes.length);
  return int248(
    hashLabelled(
      'solvent/list/v2',
      concatBytes(
        encodeUint(deriveCircuitTag(layout), 32),
        encodeUint(groupHashes.length, 4),
        ...groupHashes.map((hash) => fixedBytes(hash, ID_BYTES)),
      ),
    ),
  );
}

function assertCount(what: string, expected: number, got: number): void {
  if (expected === got) return;
  throw refuseProtocol('group-size', { expected: `${expected} ${what}`, found: got });
}
