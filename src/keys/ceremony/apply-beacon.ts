import { SolventError } from '../../protocol/index.js';
import {
  MAX_ITERATIONS_EXPONENT,
  MIN_ITERATIONS_EXPONENT,
  checkClosingValue,
  hashTranscript,
  type BeaconStep,
  type Transcript,
} from '../../protocol/ceremony/index.js';
import { parseQuicknetAnnouncement, verifyQuicknetRound } from '../../protocol/beacon/index.js';
import { refuseKeys, type KeysCode } from '../errors.js';
import { applyBeaconToKey } from '../snarkjs.js';
import { currentInstant } from './progress.js';
import { addStep, type StepOptions } from './step.js';
import { loadTranscript } from './directory.js';

/** What closes a ceremony. */
export type BeaconValue = {
  /** The public value, in lower-case hexadecimal. */
  readonly value: string;
  /** Its secret follows from the value hashed 2^iterationsExponent times. */
  readonly iterationsExponent: number;
};

const HEX = /^[0-9a-f]+$/;
const MIN_BYTES = 32;
const MAX_BYTES = 64;

/**
 * Reads a public value: the output of a beacon, or a block's hash.
 * @throws SolventError `beacon-unfit`: not 32 to 64 bytes in hexadecimal, or a sequence like the one in snarkjs's
 * tutorial, which everyone knew before the ceremony began.
 */
export function parseBeaconValue(text: string, iterationsExponent = MIN_ITERATIONS_EXPONENT): BeaconValue {
  const value = text.trim().toLowerCase().replace(/^0x/, '');
  const bytes = Buffer.from(value, 'hex');
  // A buffer stops at the first character that is no digit.
  if (!HEX.test(value) || bytes.length * 2 !== value.length) {
    throw unfit(`an even number of hexadecimal digits`, 'another text');
  }
  assertNotSequence(bytes);
  if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
    throw unfit(`a value of ${MIN_BYTES} to ${MAX_BYTES} bytes`, String(bytes.length));
  }
  const isInRange =
    Number.isInteger(iterationsExponent) &&
    iterationsExponent >= MIN_ITERATIONS_EXPONENT &&
    iterationsExponent <= MAX_ITERATIONS_EXPONENT;
  if (!isInRange) {
    throw unfit(
      `an exponent from ${MIN_ITERATIONS_EXPONENT} to ${MAX_ITERATIONS_EXPONENT}`,
      String(iterationsExponent),
    );
  }
  return { value, iterationsExponent };
}

/** Refuses bytes that rise by one and the same step: 01 02 03 … of the tutorial, 00 00 00 …, ff fe fd …. */
function assertNotSequence(bytes: Uint8Array): void {
  const step = (bytes[1]! - bytes[0]! + 256) % 256;
  const isSequence = bytes.every(
    (byte, index) => index === 0 || (byte - bytes[index - 1]! + 256) % 256 === step,
  );
  if (isSequence) throw unfit('a value that nobody knew before', 'a sequence that anyone would try');
}

function unfit(expected: string, found: string): SolventError<KeysCode> {
  return refuseKeys('beacon-unfit', { expected: `${expected} as the beacon`, found });
}

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
