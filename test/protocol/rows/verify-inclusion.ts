import {
  assertGroupOpenings,
  assertIds,
  assertLists,
  assertOfManifest,
  assertOpenings,
  assertPartSet,
  assertSums,
  placeParts,
  readPoints,
  readSlots,
  type GroupPoints,
  type Holding,
  type InclusionContext,
  type InclusionFile,
  type ProvenValues,
  type ReadPart,
  type ShownGroup,
} from '../../../src/protocol/index.js';

/** A file whose rows are its user's and stand in the lists that the manifest pins. What they prove is not checked yet. */
export type ListedInclusion = {
  readonly file: InclusionFile;
  readonly context: InclusionContext;
  readonly parts: readonly ReadPart[];
  readonly points: ReadonlyMap<ShownGroup, GroupPoints>;
};

/**
 * U1 to U7, in order, each over all parts: needs nothing but the manifest, the commitments and the file.
 * @throws SolventError of class `verification` with the code of the first check that does not pass, or `point-form`.
 */
export function verifyListedRows(file: InclusionFile, context: InclusionContext): ListedInclusion {
  assertOfManifest(file, context);
  assertPartSet(file, context);
  const placed = placeParts(file, context);
  const parts = readSlots(placed.parts, context);
  const points = readPoints(placed.groups);
  assertOpenings(parts, points);
  assertIds(file, parts, context);
  assertLists(placed);
  return { file, context, parts, points };
}

/**
 * U9 and U10, after the checks of the whole bundle (U8), which the caller makes: without them the rows are proven and
 * the totals are not.
 * @returns what the user holds and owes, over all parts.
 * @throws SolventError `group-opening`, `sums`; as `sumStatement`.
 */
export function verifyProvenRows(
  { file, context, parts, points }: ListedInclusion,
  proven: ProvenValues,
): Holding[] {
  assertGroupOpenings(points, proven);
  return assertSums(file, parts, context.assets);
}
