import type { CheckNumber } from './codes.js';
import type { MadeCheck, PlannedStep } from './ordered-checklist.js';

/** Every check by name, with its number in section 8 of the protocol and what holds once it has passed. */
export const STEPS = {
  'inclusion-file': { number: '1', title: 'The inclusion file is canonical and complete' },
  manifest: { number: '1', title: 'The manifest is canonical, complete and agrees with itself' },
  'manifest-hash': { number: '2', title: 'The manifest is the one that others were shown', optional: true },
  'previous-manifest': {
    number: '2',
    title: 'The manifest follows the one that was published before it',
    optional: true,
  },
  'trust-hash': { number: '2', title: 'The trust file is the one whose hash was brought', optional: true },
  registry: {
    number: '2',
    title: 'The pinned registry holds this manifest for its instant',
    optional: true,
  },
  log: {
    number: '2',
    title: 'The manifest is in a pinned log that pinned witnesses have seen',
    optional: true,
  },
  published: { number: '2', title: 'The manifest was compared with what others were shown', optional: true },
  instant: { number: '2', title: 'The instant of the snapshot is not in the reader’s future' },
  signature: { number: '2', title: 'The manifest is the pinned platform’s, signed under the pinned key' },
  circuits: { number: '3', title: 'The circuits and their keys are the pinned ones' },
  keys: { number: '3', title: 'No key is malformed or open to forgery' },
  provenance: { number: '3', title: 'Development keys are refused, unless the caller allows them by name' },
  ceremony: {
    number: '3',
    title: 'The keys are of the ceremony that is stated: these contributions, and its beacon last',
    optional: true,
  },
  prices: { number: '4', title: 'The price table follows from the published prices' },
  'commitment-lines': {
    number: '1',
    title: 'Commitments and weighted totals are canonical, and as many as stated',
  },
  commitments: { number: '5', title: 'The commitments are the pinned ones, and fix all challenges' },
  parts: { number: 'U1', title: 'The file is of this manifest, and has every part of the account once' },
  groups: { number: 'U2', title: 'It shows exactly the groups of rows that its parts are in' },
  slots: { number: 'U3', title: 'The amounts of each part are in their one form, and cover its debts' },
  points: { number: 'U4', title: 'The points of its groups are in their one form' },
  openings: { number: 'U5', title: 'Each row is a commitment to the amounts shown' },
  ids: { number: 'U6', title: 'Each row is of the id that was given, with this statement' },
  hashes: { number: 'U7', title: 'Its groups are in the lists that the manifest pins' },
  'proof-lines': { number: '1', title: 'Every proof is canonical, and there is one for each commitment' },
  'own-proofs': { number: '6', title: 'The proofs of the batches that the account is in hold' },
  proofs: { number: '6', title: 'Every proof holds under the key of its circuit' },
  totals: { number: '7', title: 'The proofs add up to the published totals' },
  cover: { number: '8', title: 'Collateral covers the debts of every row' },
  'group-openings': { number: 'U9', title: 'The rows are those that the proofs count' },
  sums: { number: 'U10', title: 'The rows add up to the statement' },
  lines: { number: 'U11', title: 'The lines of the statement follow from what they state' },
} as const satisfies Record<string, PlannedStep & { readonly number: CheckNumber }>;

export type StepName = keyof typeof STEPS;

/** What became of one check of section 8. U8, checks 1 to 8 over all lines, is not listed apart. */
export type Check = MadeCheck;

/** The checks of one run in their order. */
export type Plan = readonly StepName[];

/** They need a hash of the caller's to compare with, and do not decide the result. */
const COMPARISONS: readonly StepName[] = ['manifest-hash', 'previous-manifest', 'trust-hash'];
/** Likewise, of a manifest that is the platform’s. */
const PUBLICATIONS: readonly StepName[] = ['registry', 'log', 'published'];
/** What is believed before any list is read: a stranger may have written 2^18 lines. */
const CLAIM: readonly StepName[] = [
  ...(['manifest', ...COMPARISONS, 'signature', ...PUBLICATIONS, 'instant'] as const),
  ...(['circuits', 'keys', 'provenance', 'ceremony'] as const),
  ...(['prices', 'commitment-lines', 'commitments'] as const),
];
const LISTED_ROWS: readonly StepName[] = ['parts', 'groups', 'slots', 'points', 'openings', 'ids', 'hashes'];
const ALL_PROOFS: readonly StepName[] = ['proofs', 'totals', 'cover'];
const PROVEN_ROWS: readonly StepName[] = ['group-openings', 'sums', 'lines'];

/** What anybody checks: 1 to 8. */
export const BUNDLE_PLAN: Plan = [...CLAIM, 'proof-lines', ...ALL_PROOFS];
/** What a user checks: 1 to 8, and U1 to U11. */
export const INCLUSION_PLAN: Plan = [
  ...(['inclusion-file', ...CLAIM, ...LISTED_ROWS] as const),
  ...(['proof-lines', ...ALL_PROOFS, ...PROVEN_ROWS] as const),
];
/** The same without the proofs of others: it ends before check 6 over all lines, and never as valid. */
export const OWN_ROWS_PLAN: Plan = [
  ...(['inclusion-file', ...CLAIM, ...LISTED_ROWS] as const),
  ...(['proof-lines', 'own-proofs', ...PROVEN_ROWS, ...ALL_PROOFS] as const),
];
/** What an operator checks of each user's file beside a checked bundle. */
export const FILE_OF_BUNDLE_PLAN: Plan = ['inclusion-file', ...LISTED_ROWS, ...PROVEN_ROWS];
