import type { Holding } from '../account.js';
import { parseFieldElement, type FieldElement } from '../field.js';
import { verifyGroupOpening } from '../rows/equations.js';
import type { InclusionFile } from '../formats/inclusion.js';
import { wordCount } from '../rows/layout.js';
import { assertSums } from './holdings.js';
import { assertLists } from './lists.js';
import {
  assertIds,
  assertOpenings,
  readPoints,
  readSlots,
  type GroupPoints,
  type ReadPart,
} from './opening.js';
import {
  assertOfManifest,
  assertPartSet,
  placeParts,
  type InclusionContext,
  type ShownGroup,
} from './placement.js';

/** A file whose rows are its user's and stand in the lists that the manifest pins. What they prove is not checked yet. */
export type ListedInclusion = {
  readonly file: InclusionFile;
  readonly context: InclusionContext;
  readonly parts: readonly ReadPart[];
  readonly points: ReadonlyMap<ShownGroup, GroupPoints>;
};

/** What the bundle says of the proven rows: rho, and z_(0,1) .. z_(Gn-1,W) of the proof line of each batch. */
export type ProvenValues = {
  readonly rho: FieldElement;
  readonly openingsOf: (batch: number) => readonly FieldElement[];
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

/**
 * U9: the rows of each shown group open to the words that its batch's circuit counted.
 * @throws SolventError `group-opening`.
 */
export function assertGroupOpenings(
  points: ReadonlyMap<ShownGroup, GroupPoints>,
  { rho, openingsOf }: ProvenValues,
): void {
  for (const [{ batch, group, layout, blindOpening }, { maskPoint, entries }] of points) {
    const words = wordCount(layout);
    verifyGroupOpening(
      layout,
      {
        index: group,
        maskPoint,
        entries,
        openings: openingsOf(batch).slice(group * words, (group + 1) * words),
        blindOpening: parseFieldElement(blindOpening),
      },
      rho,
    );
  }
}
