import type { PlannedStep } from '../ordered-checklist.js';

/** Every check in its order, with its number in section 8 of docs/reserves.md and what holds once it has passed. */
export const RESERVES_STEPS = {
  form: { number: '8.1', title: 'The reserves are canonical, complete and agree with themselves' },
  pins: { number: '8.1', title: 'The caller has brought pins' },
  bundle: { number: '8.2', title: 'The bundle that says what is owed is valid' },
  'reserves-hash': {
    number: '8.2',
    title: 'The reserves are those that others were shown',
    optional: true,
  },
  signature: { number: '8.2', title: 'The reserves are signed under the pinned key' },
  manifest: { number: '8.2', title: 'The reserves are for the manifest and the snapshot of the bundle' },
  instant: {
    number: '8.2',
    title: 'The instant is that of the manifest, or a later one that a public beacon drew',
  },
  files: { number: '8.3', title: 'Every file is the one that was signed, and every line of its form' },
  blocks: {
    number: '8.4',
    title: 'Every block is the pinned one, and the last at or before the instant',
  },
  once: { number: '8.5', title: 'Each thing is counted once' },
  assets: { number: '8.6', title: 'Every token is the pinned one, by its contract and its code' },
  control: { number: '8.7', title: 'Every claim of control is shown by signatures under pinned rules' },
  balances: { number: '8.8', title: 'Every proven amount is that of the state at its block' },
  nodes: {
    number: '8.8',
    title: 'Nodes of the caller have the pinned blocks, and reproduce what is not proven',
    optional: true,
  },
  sums: { number: '8.9', title: 'The totals are the sums of the entries' },
} as const satisfies Record<string, PlannedStep>;

export type ReservesStep = keyof typeof RESERVES_STEPS;
