import { parseQuicknetAnnouncement, verifyQuicknetRound } from '../../protocol/beacon/index.js';
import {
  checkClosingValue,
  hashTranscript,
  type BeaconStep,
  type Transcript,
} from '../../protocol/ceremony/index.js';
import { applyBeaconToKey } from '../snarkjs.js';
import { parseBeaconValue } from './beacon-value.js';
import { currentInstant } from './clock.js';
import { addStep, type StepOptions } from './step.js';
import { loadTranscript } from './directory.js';
import { refuseKeys } from '../errors.js';

/** The name under which snarkjs writes a beacon into a key. */
export const BEACON_NAME = 'beacon';

export type ApplyBeaconOptions = StepOptions & {
  /** The public value that the ceremony announced: 32 to 64 bytes in hexadecimal. */
  readonly value?: string;
  /** Where it announced a round of drand's quicknet: the signature of that round, which the value follows from. */
  readonly drandSignature?: string;
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
 * @throws SolventError `beacon-unfit`, `beacon-signature-invalid`, `ceremony-without-contribution`, and what `contribute` throws.
 */
export async function applyBeacon(options: ApplyBeaconOptions): Promise<ClosedCeremony> {
  const before = await loadTranscript(options.directory);
  assertContribution(before);
  const { beacon } = before;
  const { value: text, drandSignature } = findAnnouncedValue(beacon, options);
  const { value, iterationsExponent } = parseBeaconValue(text, options.iterationsExponent);
  const transcript = await addStep(
    {
      author: `${BEACON_NAME} ${value} ${iterationsExponent}`,
      stage: 'applying the beacon',
      assertAllowed: (transcript) => {
        assertContribution(transcript);
        assertAnnounced(transcript, { value, drandSignature });
      },
      makeKey: (zkeyPath, onProgress) =>
        applyBeaconToKey(zkeyPath, { name: BEACON_NAME, value, iterationsExponent, onProgress }),
      finish: (previous, keys) => ({
        kind: 'beacon',
        value,
        iterationsExponent,
        drandSignature,
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
 * Holds the value that closed a ceremony to what was announced, as far as that can be verified.
 * @throws SolventError `beacon-unfit`, `beacon-signature-invalid`.
 */
export function assertAnnounced(
  transcript: Transcript,
  step: Pick<BeaconStep, 'value' | 'drandSignature'>,
): void {
  const shown = checkClosingValue(transcript, step);
  if (typeof shown === 'string') throw refuseKeys('beacon-unfit', { expected: shown, found: 'another' });
}

/** The value that closes a ceremony: of an announced round of quicknet, what follows from its signature. */
function findAnnouncedValue(
  beacon: string,
  { value, drandSignature }: Pick<ApplyBeaconOptions, 'value' | 'drandSignature'>,
): { readonly value: string; readonly drandSignature: string | null } {
  const round = parseQuicknetAnnouncement(beacon);
  if (round === undefined && drandSignature === undefined && value !== undefined) {
    return { value, drandSignature: null };
  }
  if (round === undefined || drandSignature === undefined) {
    const expected = round === undefined ? `the value of ${beacon}` : `the signature of ${beacon}`;
    throw refuseKeys('beacon-unfit', { expected, found: 'none' });
  }
  const signature = drandSignature.trim().toLowerCase();
  return { value: verifyQuicknetRound({ round, signature }).randomness, drandSignature: signature };
}

/**
 * Refuses a ceremony that nobody contributed to.
 * @throws SolventError `ceremony-without-contribution`.
 */
export function assertContribution({ steps }: Transcript): void {
  if (steps.some(({ kind }) => kind === 'contribution')) return;
  throw refuseKeys('ceremony-without-contribution', { expected: 'at least one contribution', found: 'none' });
}
