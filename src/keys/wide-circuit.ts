import {
  groupRowsFor,
  MAX_SLOTS,
  NET_BITS,
  nameOfLayout,
  type Profile,
  type RowLayout,
} from '../protocol/index.js';

/** Slots of a wide row: more than the narrow rows of each profile have, and no more than the protocol takes. */
export const MIN_WIDE_SLOTS = 4;
export const MAX_WIDE_SLOTS = MAX_SLOTS;

const WIDE_NAME = /^margin-([1-9][0-9]*)$/;

/**
 * A profile with one more circuit: margin rows of so many slots, one a proof. With 2A slots every covered account of a
 * listing of A assets has a plan. The profile itself where it has that circuit.
 * @param slots 4 to 2,048.
 */
export function addWideCircuit(profile: Profile, slots: number): Profile {
  const wide: RowLayout = {
    kind: 'margin',
    indexBits: profile.layouts[0]!.indexBits,
    rows: 1,
    slots,
    netBits: NET_BITS,
    groupRows: groupRowsFor(1),
  };
  const name = nameOfLayout(wide);
  if (profile.layouts.some((layout) => nameOfLayout(layout) === name)) return profile;
  return { ...profile, layouts: [...profile.layouts, wide].sort(compareLayouts) };
}

/** A profile with the wide circuits that are named beside its own; undefined where a name is of no such circuit. */
export function findExtendedProfile(profile: Profile, names: readonly string[]): Profile | undefined {
  const own = new Set(profile.layouts.map(nameOfLayout));
  let extended = profile;
  for (const name of names.filter((other) => !own.has(other))) {
    const slots = Number(WIDE_NAME.exec(name)?.[1]);
    if (!(slots >= MIN_WIDE_SLOTS && slots <= MAX_WIDE_SLOTS)) return undefined;
    extended = addWideCircuit(extended, slots);
  }
  return extended;
}

/** The order of every profile: spot before margin, fewer slots before more. */
function compareLayouts(a: RowLayout, b: RowLayout): number {
  return a.kind === b.kind ? a.slots - b.slots : a.kind === 'spot' ? -1 : 1;
}
