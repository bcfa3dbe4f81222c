import {
  netBitsFor,
  treeDepthFor,
  type AggregateParameters,
  type BatchParameters,
  type CircuitParameters,
} from './circuit.js';
import { TREE_ARITY } from './limits.js';

/** A named set of circuit sizes; one snapshot is proven with the circuits of one profile. */
export type Profile = {
  readonly name: string;
  /** Batch circuits from the fewest slots to the most, spot before margin. */
  readonly batches: readonly BatchParameters[];
  readonly aggregate: AggregateParameters;
};

/**
 * For tests and demonstrations: 16 assets; each batch as many users as fit 2^15 rows, aggregates in 2^16.
 */
const SMALL = profile('small', {
  assets: 16,
  children: 8,
  spot: [
    { slots: 4, users: 51 },
    { slots: 16, users: 19 },
  ],
  margin: [
    { slots: 4, users: 25 },
    { slots: 16, users: 9 },
  ],
});

/** For real use: 64 assets; each batch as many users as fit 2^18 rows, aggregates in 2^19. */
const STANDARD = profile('standard', {
  assets: 64,
  children: 16,
  spot: [
    { slots: 4, users: 435 },
    { slots: 16, users: 167 },
  ],
  margin: [
    { slots: 4, users: 240 },
    { slots: 16, users: 86 },
    { slots: 64, users: 22 },
  ],
});

/**
 * For machines with memory to spare: 64 assets; each batch as many users as fit 2^20 rows, aggregates in 2^19. A tenth
 * more users a second than `standard`, with four times its keys.
 */
const LARGE = profile('large', {
  assets: 64,
  children: 16,
  spot: [
    { slots: 4, users: 1779 },
    { slots: 16, users: 680 },
  ],
  margin: [
    { slots: 4, users: 1016 },
    { slots: 16, users: 365 },
    { slots: 64, users: 96 },
  ],
});

/** For trying out a ceremony: 4 assets; every circuit fits 2^13 rows, so that its powers of tau take minutes. */
const TINY = profile('tiny', {
  assets: 4,
  children: 2,
  spot: [{ slots: 2, users: 16 }],
  margin: [{ slots: 2, users: 7 }],
});

/** All profiles, by name. */
export const PROFILES: ReadonlyMap<string, Profile> = new Map(
  [TINY, SMALL, STANDARD, LARGE].map((entry) => [entry.name, entry]),
);

/** Every circuit of a profile: the batches in order, then the aggregate. */
export function circuitsOf(profile: Profile): readonly CircuitParameters[] {
  return [...profile.batches, profile.aggregate];
}

type BatchSize = { readonly slots: number; readonly users: number };

function profile(
  name: string,
  sizes: { assets: number; children: number; spot: readonly BatchSize[]; margin: readonly BatchSize[] },
): Profile {
  const { assets, children } = sizes;
  const indexBits = Math.max(1, Math.ceil(Math.log2(assets)));
  const batch = (kind: 'spot' | 'margin', { slots, users }: BatchSize): BatchParameters => ({
    kind,
    assets,
    indexBits,
    users,
    slots,
    netBits: kind === 'margin' ? netBitsFor(slots) : 0,
    depth: treeDepthFor(users),
    arity: TREE_ARITY,
  });
  return {
    name,
    batches: [
      ...sizes.spot.map((size) => batch('spot', size)),
      ...sizes.margin.map((size) => batch('margin', size)),
    ],
    aggregate: { kind: 'aggregate', assets, children, arity: TREE_ARITY },
  };
}
