import { parseQuicknetAnnouncement, quicknetInstantMs, verifyQuicknetRound } from '../beacon/index.js';
import { isSignedBy } from '../ed25519.js';
import {
  hashCeremony,
  hashStep,
  stepMessage,
  type BeaconStep,
  type ContributionStep,
  type Step,
  type Transcript,
} from './transcript.js';

/** Where a transcript contradicts itself: the step, counted from 1, and what it should have had. */
export type ChainFault = {
  readonly kind: 'link' | 'signature';
  readonly position: number;
  readonly expected: string;
  readonly found: string;
};

/**
 * Holds the steps of a transcript to each other. Each names the hash of the one before, takes every circuit's key from
 * where that left it, comes no earlier, and is signed by the key that it names. The beacon is the last. It does not
 * look at whether keys are as the transcript says.
 * @returns the first fault, or undefined where there is none.
 */
export function findChainFault(transcript: Transcript): ChainFault | undefined {
  let previous = hashCeremony(transcript);
  let at = transcript.beganAt;
  const heads = new Map(transcript.circuits.map(({ name, initialSha256 }) => [name, initialSha256]));
  for (const [index, step] of transcript.steps.entries()) {
    const position = index + 1;
    const after = transcript.steps.length - position;
    if (step.previous !== previous) return link(position, 'the hash of the step before', 'another');
    if (Date.parse(step.at) < Date.parse(at)) return link(position, `a time from ${at} on`, step.at);
    if (step.kind === 'beacon' && after > 0) {
      return link(position, 'the beacon to be the last step', `${after} after it`);
    }
    const fault = advanceHeads(heads, step, { position, transcript });
    if (fault !== undefined) return fault;
    if (step.kind === 'contribution' && !isSigned(step)) {
      const expected = `a signature of ${step.signature!.publicKey} over step ${position}`;
      return { kind: 'signature', position, expected, found: 'another' };
    }
    previous = hashStep(step);
    at = step.at;
  }
  return undefined;
}

/** The contributions of a transcript, without its beacon. */
export function contributionsOf(transcript: Transcript): ContributionStep[] {
  return transcript.steps.filter((step) => step.kind === 'contribution');
}

/** The different keys that signed contributions. */
export function signersOf(transcript: Transcript): ReadonlySet<string> {
  return new Set(contributionsOf(transcript).flatMap(({ signature }) => signature?.publicKey ?? []));
}

/** What is shown of the value that closed a ceremony. */
export type ClosingValue =
  /** It is the announced round's, by the network's own signature, and nobody knew it before the last contribution. */
  | { readonly kind: 'verified'; readonly round: number }
  /** It is said to be that of something whose values this project cannot verify. */
  | { readonly kind: 'stated' };

/**
 * Holds the value that closed a ceremony to the announcement.
 * @returns what is shown of it; or, as a text, what it should have been.
 * @throws SolventError `beacon-signature-invalid`.
 */
export function checkClosingValue(
  transcript: Transcript,
  step: Pick<BeaconStep, 'value' | 'drandSignature'>,
): ClosingValue | string {
  const round = parseQuicknetAnnouncement(transcript.beacon);
  if (round === undefined) {
    return step.drandSignature === null ? { kind: 'stated' } : 'no signature of another beacon';
  }
  if (step.drandSignature === null) return `the signature of ${transcript.beacon}`;
  const { randomness } = verifyQuicknetRound({ round, signature: step.drandSignature });
  if (randomness !== step.value) return `the value of ${transcript.beacon}`;
  const lastAt = contributionsOf(transcript).at(-1)?.at ?? transcript.beganAt;
  const isLater = quicknetInstantMs(round) > Date.parse(lastAt);
  return isLater
    ? { kind: 'verified', round }
    : `a round that was not public at the last contribution, ${lastAt}`;
}

function advanceHeads(
  heads: Map<string, string>,
  step: Step,
  { position, transcript }: { position: number; transcript: Transcript },
): ChainFault | undefined {
  const names = transcript.circuits.map(({ name }) => name);
  const stated = step.keys.map(({ circuit }) => circuit);
  if (stated.join() !== names.join()) {
    return link(position, `the circuits ${names.join(', ')}`, stated.join(', '));
  }
  for (const [index, key] of step.keys.entries()) {
    const { name, circuitHash } = transcript.circuits[index]!;
    if (key.circuitHash !== circuitHash) return link(position, `the circuit hash of ${name}`, 'another');
    if (key.beforeSha256 !== heads.get(name)) {
      return link(position, `to begin with the key of ${name} that the step before made`, 'another');
    }
    heads.set(name, key.afterSha256);
  }
  return undefined;
}

/** A step without a signature has none that could be false. */
function isSigned(step: ContributionStep): boolean {
  const { signature } = step;
  return signature === null || isSignedBy(signature.publicKey, stepMessage(step), signature.signature);
}

function link(position: number, expected: string, found: string): ChainFault {
  return { kind: 'link', position, expected: `step ${position} to have ${expected}`, found };
}
