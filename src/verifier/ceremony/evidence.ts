import {
  bytesToHex,
  encodeCanonicalJson,
  fingerprintKey,
  parseFieldElement,
  type KeyProvenance,
  type PinnedCircuit,
  type VerificationKey,
} from '../../protocol/index.js';
import {
  checkClosingValue,
  contributionsOf,
  findChainFault,
  hashTranscript,
  signersOf,
  type BeaconStep,
  type CeremonyEvidence,
  type Transcript,
} from '../../protocol/ceremony/index.js';
import { refuse } from '../failure.js';
import type { PairingBackend } from '../pairing/backend.js';
import { GENERATOR_1, GENERATOR_2 } from '../pairing/curve.js';
import { checkContributionHashes, checkContributionProofs } from './contributions.js';
import { deriveBeaconPoints } from './knowledge.js';

/** A key that is said to come from a ceremony. */
export type CeremonyKey = PinnedCircuit & { readonly verificationKey: VerificationKey };

/** What evidence shows of a ceremony; counted here, and taken from no file. */
export type ShownCeremony = {
  readonly contributions: number;
  /** Different keys that signed contributions. */
  readonly signers: number;
  /** How many of the signers that the reader pinned are among them; null where the reader pinned none. */
  readonly pinnedSigners: number | null;
  /** The name of the value that closed it, and whether that value was verified by its network's own signature. */
  readonly beacon: string;
  readonly beaconVerified: boolean;
};

type Closed = { readonly transcript: Transcript; readonly last: BeaconStep };

/** What evidence is held with. */
export type EvidenceOptions = {
  readonly pairing: Pick<PairingBackend, 'haveSameRatio'>;
  /** Keys of people that the reader knows, in hexadecimal. */
  readonly pinnedSigners?: readonly string[] | undefined;
};

/**
 * Holds the evidence of a ceremony to keys. Delta of each key is the generator times exactly these contributions, each
 * with a proof that its maker knew its factor. The steps are chained and signed. The announced beacon closed them. What
 * the keys say of their origin is what is counted here. It does not show that a key is of its circuit and of the powers
 * of tau.
 * @throws SolventError of class `verification`, `ceremony-…`; `beacon-signature-invalid` as `ceremony-beacon-invalid`.
 */
export async function verifyCeremonyEvidence(
  evidence: CeremonyEvidence,
  keys: readonly CeremonyKey[],
  options: EvidenceOptions,
): Promise<ShownCeremony> {
  const { transcript } = evidence;
  const fault = findChainFault(transcript);
  if (fault !== undefined) {
    const code = fault.kind === 'link' ? 'ceremony-transcript-broken' : 'ceremony-signature-invalid';
    throw refuse(code, `expected ${fault.expected}, got ${fault.found}`);
  }
  const closed = requireClosed(transcript);
  const beaconVerified = checkBeacon(closed);
  assertSameCircuits(evidence);
  const signers = signersOf(transcript);
  assertProvenance(closed, keys, signers.size);
  // Hashes first, which take no time: only points that the transcript names are paired.
  const challenges = evidence.circuits.map((circuit, index) =>
    checkContributionHashes(circuit, transcript.circuits[index]!.circuitHash, transcript.steps),
  );
  const beaconPoints = deriveBeaconPoints(closed.last.value, closed.last.iterationsExponent);
  for (const [index, circuit] of evidence.circuits.entries()) {
    const context = { steps: transcript.steps, challenges: challenges[index]!, beaconPoints };
    await checkContributionProofs(circuit, context, options.pairing);
  }
  for (const key of keys) await checkKey(key, evidence, options);
  const { pinnedSigners: pinned } = options;
  return {
    contributions: contributionsOf(transcript).length,
    signers: signers.size,
    pinnedSigners:
      pinned === undefined ? null : [...new Set(pinned)].filter((key) => signers.has(key)).length,
    beacon: transcript.beacon,
    beaconVerified,
  };
}

function requireClosed(transcript: Transcript): Closed {
  const last = transcript.steps.at(-1);
  if (last?.kind === 'beacon' && transcript.steps.length > 1) return { transcript, last };
  throw refuse(
    'ceremony-transcript-broken',
    'expected at least one contribution, and the beacon after it, got a ceremony without',
  );
}

function checkBeacon({ transcript, last }: Closed): boolean {
  const shown = readClosingValue(transcript, last);
  if (typeof shown !== 'string') return shown.kind === 'verified';
  throw refuse('ceremony-beacon-invalid', `expected ${shown}, got another`);
}

function readClosingValue(transcript: Transcript, last: BeaconStep) {
  try {
    return checkClosingValue(transcript, last);
  } catch (cause) {
    throw refuse('ceremony-beacon-invalid', (cause as Error).message, cause);
  }
}

/** The points are of the circuits that the transcript names, and there is one set of them for each step. */
function assertSameCircuits({ transcript, circuits }: CeremonyEvidence): void {
  const names = transcript.circuits.map(({ name }) => name);
  const found = circuits.map(({ circuit }) => circuit);
  if (found.join() !== names.join() || new Set(names).size !== names.length) {
    throw refuse(
      'ceremony-transcript-broken',
      `expected points of ${names.join(', ')}, got ${found.join(', ')}`,
    );
  }
  for (const { circuit, contributions } of circuits) {
    if (contributions.length !== transcript.steps.length) {
      throw refuse(
        'ceremony-transcript-broken',
        `expected points of ${transcript.steps.length} steps for ${circuit}, got ${contributions.length}`,
      );
    }
  }
}

/** What the keys state of their origin is what the evidence counts up to. */
function assertProvenance({ transcript }: Closed, keys: readonly CeremonyKey[], signers: number): void {
  const { source, blake2b } = transcript.powersOfTau;
  const counted: KeyProvenance = {
    kind: 'ceremony',
    contributions: contributionsOf(transcript).length,
    signers,
    beacon: transcript.beacon,
    powersOfTau: { source, blake2b },
    transcriptHash: hashTranscript(transcript),
  };
  for (const { name, provenance } of keys) {
    if (spell(provenance) === spell(counted)) continue;
    throw refuse(
      'ceremony-provenance-differs',
      `expected what the key of ${name} states of its ceremony, got ${counted.contributions} contributions, ` +
        `${signers} signers and the transcript ${counted.transcriptHash}`,
    );
  }
}

/** The key is the one of the ceremony under its name, and its delta is where the contributions end. */
async function checkKey(
  key: CeremonyKey,
  { transcript, circuits }: CeremonyEvidence,
  { pairing }: EvidenceOptions,
): Promise<void> {
  const { name, parameters, tag, fingerprint, verificationKey } = key;
  const stated = transcript.circuits.find((circuit) => circuit.name === name);
  const points = circuits.find(({ circuit }) => circuit === name);
  const differs = (what: string) =>
    refuse('ceremony-of-other-keys', `expected ${what} of ${name} to be the ceremony’s, got another`);
  if (stated === undefined || points === undefined) throw differs('the key');
  if (stated.tag !== tag || spell(stated.parameters) !== spell(parameters)) throw differs('the layout');
  if (fingerprintKey(parseFieldElement(tag), verificationKey) !== fingerprint)
    throw differs('the fingerprint');
  const { gamma, delta } = verificationKey;
  if (gamma.join() !== GENERATOR_2.join()) throw differs('gamma');
  const last = points.contributions.at(-1)!.delta;
  const isSame = await pairing.haveSameRatio([
    { from: GENERATOR_1, to: last, base: GENERATOR_2, multiple: delta },
  ]);
  if (!isSame) throw differs('delta');
}

function spell(value: unknown): string {
  return bytesToHex(encodeCanonicalJson(value));
}
