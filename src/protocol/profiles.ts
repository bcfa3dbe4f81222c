import { groupRowsFor, NET_BITS, type RowLayout } from './rows/layout.js';

/** A named set of layouts with one number of index bits; one run is proven with the circuits of one profile. */
export type Profile = {
  readonly name: string;
  /** spot-1, spot-3, margin-3, and the circuit of one wide row; each with as many rows as its domain takes. */
  readonly layouts: readonly RowLayout[];
};

/** Any listing of up to 1,024 assets. */
const INDEX_BITS = 10;

type RowCounts = {
  readonly spot1: number;
  readonly spot3: number;
  readonly margin3: number;
  /** Slots of the wide row. */
  readonly wideSlots: number;
};

/** All profiles of rows by name; `largestLayout` (src/keys/compile/cost.ts) finds their numbers of rows. */
export const PROFILES: ReadonlyMap<string, Profile> = new Map(
  [
    // For trying out a ceremony: every circuit fits 2^13 rows of its domain, so that its powers of tau take minutes.
    profile('tiny', { spot1: 85, spot3: 30, margin3: 18, wideSlots: 64 }),
    // For tests and demonstrations: 2^15.
    profile('small', { spot1: 360, spot3: 123, margin3: 78, wideSlots: 128 }),
    // For real use: 2^18; the wide row takes 2^14.
    profile('standard', { spot1: 2952, spot3: 995, margin3: 632, wideSlots: 128 }),
  ].map((entry) => [entry.name, entry]),
);

function profile(name: string, { spot1, spot3, margin3, wideSlots }: RowCounts): Profile {
  return {
    name,
    layouts: [
      layOut('spot', { slots: 1, rows: spot1 }),
      layOut('spot', { slots: 3, rows: spot3 }),
      layOut('margin', { slots: 3, rows: margin3 }),
      layOut('margin', { slots: wideSlots, rows: 1 }),
    ],
  };
}

function layOut(kind: RowLayout['kind'], { slots, rows }: { slots: number; rows: number }): RowLayout {
  const netBits = kind === 'margin' ? NET_BITS : 0;
  return { kind, indexBits: INDEX_BITS, rows, slots, netBits, groupRows: groupRowsFor(rows) };
}
