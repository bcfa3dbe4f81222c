import { z } from 'zod';

import { bytesToHex, concatBytes, hashLabelled, hexToBytes, utf8ToBytes } from '../bytes.js';
import { encodeCanonicalJson, encodeJsonLine, parseJsonLine } from '../canonical-json.js';
import { layoutParameters } from '../formats/circuits.js';
import { parseSchema } from '../formats/parse.js';
import * as p from '../formats/primitives.js';

export const TRANSCRIPT_FORMAT = 'solvent/ceremony/v2';
export const STEP_LABEL = 'solvent/ceremony-step/v1';
/** A step of a dozen circuits takes about six kilobytes. */
export const MAX_TRANSCRIPT_BYTES = 8 * 1024 * 1024;
/** Of one profile. */
export const MAX_CEREMONY_CIRCUITS = 32;
/** Contributions, and the beacon. */
export const MAX_STEPS = 1001;
/** snarkjs writes no longer name into a key. */
export const MAX_CONTRIBUTOR_BYTES = 64;
/** Of the hash that a beacon's secret follows from: at least that of snarkjs's own minimum, at most a minute's work. */
export const MIN_ITERATIONS_EXPONENT = 10;
export const MAX_ITERATIONS_EXPONENT = 24;

const contributorName = p.name.refine(
  (text) => utf8ToBytes(text).length <= MAX_CONTRIBUTOR_BYTES,
  `expected a name of at most ${MAX_CONTRIBUTOR_BYTES} bytes`,
);

/** One line that names a public value. */
export const announcement = p.prose.min(1).max(200);

const circuit = z.strictObject({
  name: p.circuitLabel,
  parameters: layoutParameters,
  tag: p.fieldElement,
  /** The constraint system that the key is for. */
  r1csSha256: p.sha256Hex,
  /** BLAKE2b of the initial key's points, as snarkjs prints it and as every contribution binds it. */
  circuitHash: p.blake2bHex,
  /** The file of the initial key. */
  initialSha256: p.sha256Hex,
});

/** What a step did to the key of one circuit: the file before and after, and the hash that names the contribution. */
export const stepKeySchema = z.strictObject({
  circuit: p.circuitLabel,
  circuitHash: p.blake2bHex,
  beforeSha256: p.sha256Hex,
  contributionHash: p.blake2bHex,
  afterSha256: p.sha256Hex,
});

const signature = z.strictObject({ publicKey: p.ed25519PublicKey, signature: p.ed25519Signature });

const common = {
  at: p.instant,
  /** Hash of the step before, or of the transcript without its steps. */
  previous: p.sha256Hex,
  keys: z.array(stepKeySchema).min(1).max(MAX_CEREMONY_CIRCUITS),
};

const contribution = z.strictObject({
  kind: z.literal('contribution'),
  contributor: contributorName,
  ...common,
  signature: signature.nullable(),
});

const beacon = z.strictObject({
  kind: z.literal('beacon'),
  /** The public value, in hexadecimal. */
  value: z.string().regex(/^(?:[0-9a-f]{2}){32,64}$/, 'expected 32 to 64 bytes in hexadecimal'),
  iterationsExponent: z.int().min(MIN_ITERATIONS_EXPONENT).max(MAX_ITERATIONS_EXPONENT),
  /** Where the announced value is a round of drand's quicknet: its signature, whose hash the value is. */
  drandSignature: z
    .string()
    .regex(/^[0-9a-f]{96}$/, 'expected 48 bytes in hexadecimal')
    .nullable(),
  ...common,
});

/** The schema of a transcript, for the files that hold one. */
export const transcriptSchema = z.strictObject({
  format: z.literal(TRANSCRIPT_FORMAT),
  profile: p.profileName,
  powersOfTau: z.strictObject({
    source: z.enum(['perpetual-powers-of-tau', 'untrusted']),
    power: z.int().min(1).max(28),
    blake2b: p.blake2bHex,
  }),
  /** Which public value will close the ceremony; said before anyone could know it. */
  beacon: announcement,
  beganAt: p.instant,
  circuits: z.array(circuit).min(1).max(MAX_CEREMONY_CIRCUITS),
  steps: z.array(z.discriminatedUnion('kind', [contribution, beacon])).max(MAX_STEPS),
});

/** All of a ceremony but its keys. */
export type Transcript = z.infer<typeof transcriptSchema>;
/** A circuit of a ceremony, before any step. */
export type TranscriptCircuit = z.infer<typeof circuit>;
/** A contribution, or the beacon. */
export type Step = Transcript['steps'][number];
export type ContributionStep = z.infer<typeof contribution>;
export type BeaconStep = z.infer<typeof beacon>;
/** What a step did to one key. */
export type StepKey = z.infer<typeof stepKeySchema>;
/** Reads a transcript. @throws SolventError of class `format`. */
export function parseTranscript(bytes: Uint8Array): Transcript {
  return parseSchema(transcriptSchema, TRANSCRIPT_FORMAT, parseJsonLine(bytes, MAX_TRANSCRIPT_BYTES));
}

/** The bytes of a transcript's file. */
export function encodeTranscript(transcript: Transcript): Uint8Array {
  return encodeJsonLine(transcript);
}

/** SHA-256("solvent/ceremony/v2" ‖ 0 ‖ canonical JSON without the steps), in hexadecimal: names the ceremony. */
export function hashCeremony(transcript: Transcript): string {
  return bytesToHex(hashLabelled(TRANSCRIPT_FORMAT, encodeCanonicalJson({ ...transcript, steps: [] })));
}

/** SHA-256("solvent/ceremony-step/v1" ‖ 0 ‖ canonical JSON with its signature), in hexadecimal: what the next names. */
export function hashStep(step: Step): string {
  return bytesToHex(hashLabelled(STEP_LABEL, encodeCanonicalJson(step)));
}

/** What the next step of a transcript names as the one before. */
export function hashLastStep(transcript: Transcript): string {
  const last = transcript.steps.at(-1);
  return last === undefined ? hashCeremony(transcript) : hashStep(last);
}

/** The hash of the whole transcript, in hexadecimal: of the ceremony and its last step, each of which names the rest. */
export function hashTranscript(transcript: Transcript): string {
  const ends = concatBytes(hexToBytes(hashCeremony(transcript)), hexToBytes(hashLastStep(transcript)));
  return bytesToHex(hashLabelled('solvent/ceremony-transcript/v1', ends));
}

/** The message that a contributor signs: "solvent/ceremony-step/v1" ‖ 0 ‖ hash of the step without a signature. */
export function stepMessage(step: ContributionStep): Uint8Array {
  const bare: ContributionStep = { ...step, signature: null };
  return concatBytes(utf8ToBytes(STEP_LABEL), Uint8Array.of(0), hexToBytes(hashStep(bare)));
}

/** The file of a circuit's key as the transcript has it now. */
export function currentSha256(transcript: Transcript, circuitName: string): string {
  const last = transcript.steps.at(-1)?.keys.find(({ circuit: name }) => name === circuitName);
  if (last !== undefined) return last.afterSha256;
  return transcript.circuits.find(({ name }) => name === circuitName)!.initialSha256;
}

/** Whether the beacon has closed the ceremony. */
export function isClosed(transcript: Transcript): boolean {
  return transcript.steps.at(-1)?.kind === 'beacon';
}
