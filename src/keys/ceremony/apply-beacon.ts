import { applyBeaconToKey } from '../snarkjs.js';
import { parseBeaconValue } from './beacon-value.js';
import { currentInstant } from './clock.js';
import { addStep, type StepOptions } from './step.js';
import { hashTranscript, type BeaconStep, type Transcript } from './transcript.js';
import { refuseKeys } from '../errors.js';

/** The name under which snarkjs writes a beacon into a key. */
export const BEACON_NAME = 'beacon';

export type ApplyBeaconOptions = StepOptions & {
  /** The public value that the ceremony announced: 32 to 64 bytes in hexadecimal. */
  readonly value: string;
  /** It is hashed 2^iterationsExponent times; 10 to 24, by default 10. */
  readonly iterationsExponent?: number;
};

/** A ceremony that nothing can be added to. */
export type ClosedCeremony = {
  readonly transcript: Transcript;
  readonly step: BeaconStep;
  readonly transcriptHash: string;
};

/**
 * Closes a ceremony with the public value that it announced, which fixes what the last contributor could have chosen.
 * A beacon is no contribution: everyone knows its secret.
 * @throws SolventError `beacon-unfit`, `ceremony-without-contribution`, and what `contribute` throws.
 */
export async function applyBeacon(options: ApplyBeaconOptions): Promise<ClosedCeremony> {
  const { value, iterationsExponent } = parseBeaconValue(options.value, options.iterationsExponent);
  const transcript = await addStep(
    {
      author: `${BEACON_NAME} ${value} ${iterationsExponent}`,
      stage: 'applying the beacon',
      assertAllowed: assertContribution,
      makeKey: (zkeyPath, onProgress) =>
        applyBeaconToKey(zkeyPath, { name: BEACON_NAME, value, iterationsExponent, onProgress }),
      finish: (previous, keys) => ({
        kind: 'beacon',
        value,
        iterationsExponent,
        at: currentInstant(),
        previous,
        keys,
      }),
    },
    options,
  );
  const step = transcript.steps.at(-1) as BeaconStep;
  return { transcript, step, transcriptHash: hashTranscript(transcript) };
}

/**
 * Refuses a ceremony that nobody contributed to.
 * @throws SolventError `ceremony-without-contribution`.
 */
export function assertContribution({ steps }: Transcript): void {
  if (steps.some(({ kind }) => kind === 'contribution')) return;
  throw refuseKeys('ceremony-without-contribution', { expected: 'at least one contribution', found: 'none' });
}
