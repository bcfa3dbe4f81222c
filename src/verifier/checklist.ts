import type { Holding, Manifest, StatementLine } from '../protocol/index.js';
import type { ShownCeremony } from './ceremony/evidence.js';
import { isFailureCode, isUnverifiableCode, type FailureCode, type UnverifiableCode } from './codes.js';
import { OrderedChecklist, type OrderedConclusion } from './ordered-checklist.js';
import { STEPS, type Plan, type StepName } from './steps.js';

export type { Passed } from './ordered-checklist.js';

/** A way in which a manifest is compared with what others were shown. */
export type Comparison = 'hash' | 'registry' | 'log';

/** What was found of a manifest in its registry. */
export type Registered = {
  /** RFC 3339, UTC. */
  readonly lastInstant: string;
  /** The time of the block. */
  readonly asOf: string;
  readonly reservesHash: string | null;
  /** The signing key that follows this instant; null where it is the same one. */
  readonly nextKey: string | null;
};

/** What the checks found on their way; each part is set once it may be said. */
export type Findings = {
  manifestHash: string | null;
  manifestHashCompared: boolean;
  /** How the manifest was compared with what others were shown. */
  comparedBy: readonly Comparison[];
  registered: Registered | null;
  trustHash: string | null;
  trustHashCompared: boolean;
  insecure: boolean;
  manifest: Manifest | null;
  /** What was counted of the ceremony; null where no evidence was brought, or there was none. */
  ceremony: ShownCeremony | null;
  /** What the user holds and owes, over all parts. */
  holdings: readonly Holding[];
  lines: readonly StatementLine[] | null;
};

/** Where a run of checks ended. */
export type Conclusion = OrderedConclusion<FailureCode, UnverifiableCode>;

/** The checks of a bundle or an inclusion file, in the order of their plan, and what they found. */
export class Checklist extends OrderedChecklist<StepName, FailureCode, UnverifiableCode> {
  readonly findings: Findings = {
    manifestHash: null,
    manifestHashCompared: false,
    comparedBy: [],
    registered: null,
    trustHash: null,
    trustHashCompared: false,
    insecure: false,
    manifest: null,
    ceremony: null,
    holdings: [],
    lines: null,
  };

  constructor(plan: Plan) {
    super(STEPS, { isFailure: isFailureCode, isUnverifiable: isUnverifiableCode }, plan);
  }
}
