import type { CheckNumber } from './codes.js';

/** Every check by name, with its number in the protocol and what holds once it has passed. */
export const STEPS = {
  'inclusion-file': { number: '6.1', title: 'The inclusion file is canonical and complete' },
  manifest: { number: '6.1', title: 'The manifest is canonical, complete and agrees with itself' },
  snapshot: { number: '6.1', title: 'The inclusion file is of this manifest' },
  'manifest-hash': { number: '6.2', title: 'The manifest is the one that others were shown' },
  'previous-manifest': { number: '6.2', title: 'The manifest follows the one that was published before it' },
  'trust-hash': { number: '6.2', title: 'The trust file is the one whose hash was brought' },
  signature: { number: '6.2', title: 'The manifest is signed under the pinned key' },
  circuits: { number: '6.3', title: 'The circuits and their keys are the pinned ones' },
  keys: { number: '6.3', title: 'No key is malformed or open to forgery' },
  provenance: { number: '6.3', title: 'Development keys are refused, unless the caller allows them by name' },
  prices: { number: '6.4', title: 'The price table follows from the published prices' },
  'proofs-read': { number: '6.5', title: 'Every proof is canonical, and there are as many as stated' },
  proofs: { number: '6.5', title: 'Every proof of the bundle holds under the key of its circuit' },
  'path-proofs': { number: '6.5', title: 'Every proof from the account to the top holds' },
  tree: { number: '6.6', title: 'All proofs form one tree, in which each is counted once' },
  layers: { number: '6.6', title: 'Each layer of the path sums the layer below, up to the top' },
  totals: { number: '6.7', title: 'The stated totals are those that the proofs commit to' },
  user: { number: '6.8', title: 'The inclusion file is of the id that was given' },
  holdings: { number: '6.8', title: 'The holdings are listed, distinct and cover their debts' },
  lines: {
    number: '6.8',
    title: 'The lines of the statement follow from what they state, and add up to the holdings',
  },
  leaf: { number: '6.8', title: 'The id, the statement and the holdings are a row of the batch' },
  'path-in-bundle': { number: '6.8', title: 'The proofs of the path are those of the bundle' },
} as const satisfies Record<string, { number: CheckNumber; title: string }>;

export type StepName = keyof typeof STEPS;

/** What became of one check. A check that was not made shows nothing, for or against. */
export type Check = {
  /** The item of the protocol's section 6 that it belongs to. */
  readonly number: CheckNumber;
  readonly title: string;
  readonly result: 'passed' | 'failed' | 'not-made';
  /** What was compared with what; or why the check failed, or was not made. */
  readonly compared: string;
};

/** The checks of one run in their order. Those that are `optional` do not decide the result. */
export type Plan = readonly { readonly step: StepName; readonly optional: boolean }[];

/** The checks that need a hash of the caller's to compare with. */
const COMPARISONS: readonly StepName[] = ['manifest-hash', 'previous-manifest', 'trust-hash'];
/** The checks that need the whole bundle. */
export const WHOLE_BUNDLE: readonly StepName[] = ['proofs-read', 'proofs', 'tree', 'path-in-bundle'];
/** The checks that are made for one user alone. */
const ONE_USER: readonly StepName[] = [
  'inclusion-file',
  'snapshot',
  'path-proofs',
  'layers',
  'user',
  'holdings',
  'lines',
  'leaf',
  'path-in-bundle',
];

const ALL = Object.keys(STEPS) as StepName[];

/** What a third party checks. */
export const BUNDLE_PLAN: Plan = plan(
  ALL.filter((step) => !ONE_USER.includes(step)),
  COMPARISONS,
);
/** What a user checks with the whole bundle. */
export const FULL_INCLUSION_PLAN: Plan = plan(ALL, COMPARISONS);
/** What a user checks with the manifest alone. */
export const LIGHT_INCLUSION_PLAN: Plan = plan(ALL, [...COMPARISONS, ...WHOLE_BUNDLE]);
/** What an operator checks of each user's file beside the bundle, without the id that only the user can type. */
export const FILE_OF_BUNDLE_PLAN: Plan = plan(
  ONE_USER.filter((step) => step !== 'user'),
  [],
);

function plan(steps: readonly StepName[], optional: readonly StepName[]): Plan {
  return steps.map((step) => ({ step, optional: optional.includes(step) }));
}
