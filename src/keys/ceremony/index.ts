export { applyBeacon, type ApplyBeaconOptions, type ClosedCeremony } from './apply-beacon.js';
export { parseBeaconValue, type BeaconValue } from './apply-beacon.js';
export { contribute, formatAttestation, type ContributeOptions, type Contribution } from './contribute.js';
export { loadTranscript, TRANSCRIPT_FILE } from './directory.js';
export {
  buildCeremonyEvidence,
  EVIDENCE_FILE,
  finishCeremony,
  type FinishCeremonyOptions,
  type FinishedCeremony,
} from './finish.js';
export {
  initCeremony,
  makeInitialKeys,
  type InitCeremonyOptions,
  type InitialKeys,
  type InitialKeysOptions,
  type InitializedCeremony,
} from './init.js';
export type { CeremonyProgress, CeremonyStage, OnCeremonyProgress } from './progress.js';
export type { StepOptions } from './step.js';
export {
  hashCeremony,
  hashStep,
  hashTranscript,
  isClosed,
  parseTranscript,
  TRANSCRIPT_FORMAT,
  type BeaconStep,
  type ContributionStep,
  type Step,
  type Transcript,
} from '../../protocol/ceremony/index.js';
export {
  describeProvenance,
  verifyCeremony,
  type VerifiedCeremony,
  type VerifyCeremonyOptions,
} from './verify.js';
export type { VerifiedKey } from './verify-key.js';
