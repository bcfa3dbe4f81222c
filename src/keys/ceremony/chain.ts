import { isSignedBy, SolventError } from '../../protocol/index.js';
import {
  hashCeremony,
  hashStep,
  stepMessage,
  type ContributionStep,
  type Step,
  type Transcript,
} from './transcript.js';
import { refuseKeys, type KeysCode } from '../errors.js';

/**
 * Holds the steps of a transcript to each other: each names the hash of the one before, takes every circuit's key from
 * where that left it, comes no earlier, and is signed by the key that it names; the beacon is the last. Whether the
 * keys are as it says is for `verifyCeremony`.
 * @throws SolventError `transcript-broken`, `transcript-signature-invalid`.
 */
export function assertChain(transcript: Transcript): void {
  let previous = hashCeremony(transcript);
  let at = transcript.beganAt;
  const heads = new Map(transcript.circuits.map(({ name, initialSha256 }) => [name, initialSha256]));
  transcript.steps.forEach((step, index) => {
    const position = index + 1;
    if (step.previous !== previous) throw broken(position, 'the hash of the step before', 'another');
    if (Date.parse(step.at) < Date.parse(at)) throw broken(position, `a time from ${at} on`, step.at);
    if (step.kind === 'beacon' && position < transcript.steps.length) {
      throw broken(
        position,
        'the beacon to be the last step',
        `${transcript.steps.length - position} after it`,
      );
    }
    advanceHeads(heads, step, { position, transcript });
    if (step.kind === 'contribution') assertSignature(step, position);
    previous = hashStep(step);
    at = step.at;
  });
}

/** The contributions of a transcript, without its beacon. */
export function contributionsOf(transcript: Transcript): ContributionStep[] {
  return transcript.steps.filter((step) => step.kind === 'contribution');
}

/** How many different keys signed contributions. */
export function countSigners(transcript: Transcript): number {
  const keys = contributionsOf(transcript).flatMap(({ signature }) => signature?.publicKey ?? []);
  return new Set(keys).size;
}

function advanceHeads(
  heads: Map<string, string>,
  step: Step,
  { position, transcript }: { position: number; transcript: Transcript },
): void {
  const names = transcript.circuits.map(({ name }) => name);
  const stated = step.keys.map(({ circuit }) => circuit);
  if (stated.length !== names.length || stated.some((name, index) => name !== names[index])) {
    throw broken(position, `the circuits ${names.join(', ')}`, stated.join(', '));
  }
  step.keys.forEach((key, index) => {
    const { name, circuitHash } = transcript.circuits[index]!;
    if (key.circuitHash !== circuitHash) throw broken(position, `the circuit hash of ${name}`, 'another');
    if (key.beforeSha256 !== heads.get(name)) {
      throw broken(position, `to begin with the key of ${name} that the step before made`, 'another');
    }
    heads.set(name, key.afterSha256);
  });
}

function assertSignature(step: ContributionStep, position: number): void {
  const { signature } = step;
  if (signature === null || isSignedBy(signature.publicKey, stepMessage(step), signature.signature)) return;
  throw refuseKeys('transcript-signature-invalid', {
    expected: `a signature of ${signature.publicKey} over step ${position}`,
    found: 'another',
    details: { position, publicKey: signature.publicKey },
  });
}

function broken(position: number, expected: string, found: string): SolventError<KeysCode> {
  return refuseKeys('transcript-broken', {
    expected: `step ${position} to have ${expected}`,
    found,
    details: { position, expected, found },
  });
}
