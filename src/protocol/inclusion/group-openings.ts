import { parseFieldElement, type FieldElement } from '../field.js';
import { verifyGroupOpening } from '../rows/equations.js';
import { wordCount } from '../rows/layout.js';
import type { GroupPoints } from './opening.js';
import type { ShownGroup } from './placement.js';

/** What the bundle says of the proven rows: rho, and z_(0,1) .. z_(Gn-1,W) of the proof line of each batch. */
export type ProvenValues = {
  readonly rho: FieldElement;
  readonly openingsOf: (batch: number) => readonly FieldElement[];
};

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
