import { NET_BITS, PROFILES, type RowLayout } from '../protocol/index.js';

/** The slots of the widest margin row of `small` and `standard` keys. */
export const STANDARD_WIDE_SLOTS = 128;

/**
 * The circuits that a snapshot is checked for before there are keys: those of `standard`, of which margin rows are no wider
 * than `wideSlots`, and margin rows of `wideSlots`. Whether an account has a plan hangs on the slots of margin rows alone.
 */
export function listPlannedLayouts(wideSlots: number): RowLayout[] {
  const { layouts } = PROFILES.get('standard')!;
  const narrow = layouts.filter(({ kind, slots }) => kind === 'spot' || slots < wideSlots);
  const { indexBits } = layouts[0]!;
  return [
    ...narrow,
    { kind: 'margin', indexBits, rows: 1, slots: wideSlots, netBits: NET_BITS, groupRows: 32 },
  ];
}
