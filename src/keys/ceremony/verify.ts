import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cutTauPowers, readVerificationKey } from '../../iden3/index.js';
import {
  deriveCircuitTag,
  encodeCanonicalJson,
  fingerprintKey,
  nameOfLayout,
  PROFILES,
  SolventError,
  type KeyProvenance,
  type PinnedCircuit,
  type Profile,
  type VerificationKey,
} from '../../protocol/index.js';
import type { CompiledCircuit } from '../compile/index.js';
import { checkSamePowersOfTau, type PowersOfTau } from '../powers-of-tau/index.js';
import { createPairing } from '../../verifier/index.js';
import { checkContributions } from '../../verifier/ceremony/contributions.js';
import { checkKey } from '../key-check/index.js';
import { followsFromInitialKey } from '../snarkjs.js';
import { findExtendedProfile } from '../wide-circuit.js';
import { assertAnnounced, assertContribution, BEACON_NAME, parseBeaconValue } from './apply-beacon.js';

import { assertChain } from './chain.js';
import { currentKeyPath, loadTranscript } from './directory.js';
import { compileCircuits } from './init.js';
import { cacheInitialKey } from './initial-key.js';
import { readKeyContributions, type KeyContribution } from './key-contributions.js';
import type { OnCeremonyProgress } from './progress.js';
import { assertKey } from './step.js';
import {
  contributionsOf,
  currentSha256,
  hashCeremony,
  hashTranscript,
  isClosed,
  signersOf,
  type Step,
  type Transcript,
  type TranscriptCircuit,
} from '../../protocol/ceremony/index.js';
import { refuseKeys, type KeysCode } from '../errors.js';

export type VerifyCeremonyOptions = {
  readonly directory: string;
  readonly powersOfTauPath: string;
  /** What someone published about these keys: the circuits of a trust file, or of a manifest. */
  readonly published?: readonly PinnedCircuit[];
  /** Where profiles are looked up: all of this source where it is not given. */
  readonly profiles?: ReadonlyMap<string, Profile>;
  /** Have snarkjs verify the keys too: a second opinion, which takes many times as long. */
  readonly withSnarkjs?: boolean;
  readonly onProgress?: OnCeremonyProgress;
};

/** A circuit's key that was derived again. */
export type VerifiedKey = {
  readonly circuit: CompiledCircuit;
  readonly zkeyPath: string;
  readonly zkeySha256: string;
  readonly circuitHash: string;
  readonly verificationKey: VerificationKey;
  readonly fingerprint: string;
};

/** A ceremony that follows from this source, its powers of tau and its contributions. */
export type VerifiedCeremony = {
  /** Open: its keys are not yet for use. Closed: by a beacon, after at least one contribution. */
  readonly state: 'open' | 'closed';
  readonly transcript: Transcript;
  readonly ceremonyHash: string;
  readonly transcriptHash: string;
  readonly powersOfTau: PowersOfTau;
  readonly contributions: number;
  /** Different keys that signed contributions. Whose they are is for people to find out. */
  readonly signers: number;
  readonly keys: readonly VerifiedKey[];
  /** Where the fingerprints were compared with published ones. */
  readonly comparedWithPublished: boolean;
};

/**
 * Derives a ceremony again from its source. It compiles the circuits, checks that each key follows from them and from the
 * powers of tau by exactly the contributions of the transcript, and takes the fingerprints. It cannot see who the
 * contributors are, nor whether they forgot their secrets.
 * @throws SolventError `ceremony-missing`, `ceremony-of-other-circuits`, `transcript-broken`,
 * `transcript-signature-invalid`, `transcript-of-other-keys`, `ceremony-key-changed`, `ceremony-key-malformed`,
 * `ceremony-key-invalid`, `contribution-empty`, `ceremony-without-contribution` (closed by a beacon alone),
 * `beacon-unfit`, `fingerprint-differs`, `powers-of-tau-changed`.
 */
export async function verifyCeremony(options: VerifyCeremonyOptions): Promise<VerifiedCeremony> {
  return withVerifiedCeremony(options, (ceremony) => Promise.resolve(ceremony));
}

/**
 * Derives a ceremony again, as `verifyCeremony` does, and uses what it compiled before that is removed. Circuits are
 * compiled here, in a new directory that nobody else can write into. A cache may hold what somebody else put into it, like a
 * circuit without its range checks.
 * @throws SolventError as `verifyCeremony`; what `use` throws.
 */
export async function withVerifiedCeremony<T>(
  options: VerifyCeremonyOptions,
  use: (ceremony: VerifiedCeremony) => Promise<T>,
): Promise<T> {
  const privateDirectory = await mkdtemp(join(tmpdir(), 'solvent-ceremony-'));
  try {
    return await use(await deriveCeremony({ ...options, cacheDirectory: privateDirectory }));
  } finally {
    await rm(privateDirectory, { recursive: true, force: true });
  }
}

/** Where compiled circuits and initial keys are looked for: only what nobody else can write into may be believed. */
export type DerivationOptions = VerifyCeremonyOptions & { readonly cacheDirectory: string };

/** `verifyCeremony` with what a directory holds; for tests, which know who filled theirs. @throws SolventError as it does. */
export async function deriveCeremony(options: DerivationOptions): Promise<VerifiedCeremony> {
  const { directory, cacheDirectory, onProgress } = options;
  const transcript = await loadTranscript(directory);
  const profile = findProfile(transcript, options.profiles ?? PROFILES);
  assertChain(transcript);
  const last = transcript.steps.at(-1);
  if (last?.kind === 'beacon') {
    assertContribution(transcript);
    parseBeaconValue(last.value, last.iterationsExponent);
    assertAnnounced(transcript, last);
  }
  const powersOfTau = await checkSamePowersOfTau(
    options.powersOfTauPath,
    transcript.powersOfTau,
    ({ doneBytes, totalBytes }) =>
      onProgress?.({ stage: 'reading powers of tau', done: doneBytes, total: totalBytes }),
  );
  const compiled = await compileCircuits(profile, { cacheDirectory, onProgress });
  const keys: VerifiedKey[] = [];
  for (const [index, circuit] of compiled.entries()) {
    keys.push(await verifyKey(circuit, { index, transcript, powersOfTau, options }));
  }
  const ceremony: Omit<VerifiedCeremony, 'comparedWithPublished'> = {
    state: isClosed(transcript) ? 'closed' : 'open',
    transcript,
    ceremonyHash: hashCeremony(transcript),
    transcriptHash: hashTranscript(transcript),
    powersOfTau,
    contributions: contributionsOf(transcript).length,
    signers: signersOf(transcript).size,
    keys,
  };
  if (options.published !== undefined) assertPublished(ceremony, options.published);
  return { ...ceremony, comparedWithPublished: options.published !== undefined };
}

/** What manifests and trust files say about keys that come from a ceremony. */
export function describeProvenance(ceremony: Omit<VerifiedCeremony, 'comparedWithPublished'>): KeyProvenance {
  const { transcript, contributions, signers, powersOfTau, transcriptHash } = ceremony;
  const { source, blake2b } = powersOfTau;
  return {
    kind: 'ceremony',
    contributions,
    signers,
    beacon: transcript.beacon,
    powersOfTau: { source, blake2b },
    transcriptHash,
  };
}

function findProfile(transcript: Transcript, profiles: ReadonlyMap<string, Profile>): Profile {
  const base = profiles.get(transcript.profile);
  if (base === undefined) {
    throw otherCircuits(`a profile out of ${[...profiles.keys()].join(', ')}`, transcript.profile);
  }
  const names = transcript.circuits.map(({ name }) => name);
  const profile = findExtendedProfile(base, names) ?? base;
  const expected = profile.layouts;
  if (expected.length !== transcript.circuits.length) {
    throw otherCircuits(`${expected.length} circuits`, String(transcript.circuits.length));
  }
  expected.forEach((layout, index) => {
    const { name, tag, parameters } = transcript.circuits[index]!;
    const expectedName = nameOfLayout(layout);
    const isSame =
      name === expectedName &&
      tag === deriveCircuitTag(layout).toString() &&
      describe(parameters) === describe(layout);
    if (!isSame) throw otherCircuits(`the circuit ${expectedName} of ${profile.name}`, `another ${name}`);
  });
  return profile;
}

type Context = {
  readonly index: number;
  readonly transcript: Transcript;
  readonly powersOfTau: PowersOfTau;
  readonly options: DerivationOptions;
};

async function verifyKey(circuit: CompiledCircuit, context: Context): Promise<VerifiedKey> {
  const { transcript, powersOfTau, options } = context;
  const { directory, onProgress } = options;
  const stated = transcript.circuits[context.index]!;
  const { name } = circuit;
  if (circuit.r1csSha256 !== stated.r1csSha256) {
    throw otherCircuits(`the constraints of ${name} as this source compiles them`, stated.r1csSha256);
  }
  onProgress?.({ stage: 'checking the key', circuit: name, done: 0, total: 1 });
  const zkeyPath = currentKeyPath(directory, transcript, stated);
  const zkeySha256 = currentSha256(transcript, name);
  await assertKey(zkeyPath, zkeySha256);
  const { circuitHash, contributions } = await readKeyContributions(zkeyPath);
  if (circuitHash !== stated.circuitHash) throw otherKeys(name, 'the circuit hash of the transcript');
  assertContributions(transcript, stated, contributions);

  const verificationKey = await readVerificationKey(zkeyPath);
  await checkDelta(verificationKey, { stated, contributions, steps: transcript.steps });
  const initial = await checkKey(
    { name, r1csPath: circuit.r1csPath, ptauPath: powersOfTau.path, zkeyPath },
    { onProgress: (progress) => onProgress?.({ stage: 'verifying', circuit: name, ...progress }) },
  );
  if (initial.circuitHash !== stated.circuitHash) throw invalid(name, 'the circuit hash is another');
  if (initial.initialSha256 !== stated.initialSha256) {
    throw invalid(name, 'the initial key that the transcript names is not the one of these powers of tau');
  }
  if (options.withSnarkjs === true) await verifyWithSnarkjs(circuit, { zkeyPath, powersOfTau, options });
  const fingerprint = fingerprintKey(circuit.tag, verificationKey);
  return { circuit, zkeyPath, zkeySha256, circuitHash, verificationKey, fingerprint };
}

/** Delta of a key is the generator times its contributions, each with a proof that its maker knew its factor. */
async function checkDelta(
  { delta, gamma }: VerificationKey,
  {
    stated,
    contributions,
    steps,
  }: { stated: TranscriptCircuit; contributions: readonly KeyContribution[]; steps: readonly Step[] },
): Promise<void> {
  const { name, circuitHash } = stated;
  if (delta[0].join() === gamma[0].join() && steps.length > 0) {
    throw invalid(name, 'delta is gamma, or its opposite');
  }
  const initialDelta: [string, string] = ['1', '2'];
  const points = contributions.map((contribution) => contribution.points);
  const pairing = await createPairing();
  try {
    await checkContributions(
      { circuit: name, initialDelta, contributions: points },
      { circuitHash, steps },
      pairing,
    );
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw invalid(name, error.message);
  }
  const last = points.at(-1)?.delta ?? initialDelta;
  const ratio = { from: initialDelta, to: last, base: gamma, multiple: delta };
  if (!(await pairing.haveSameRatio([ratio])))
    throw invalid(name, 'delta is not that of the last contribution');
}

/** A second opinion on one key, with an initial key that snarkjs makes. */
async function verifyWithSnarkjs(
  circuit: CompiledCircuit,
  {
    zkeyPath,
    powersOfTau,
    options,
  }: { zkeyPath: string; powersOfTau: PowersOfTau; options: DerivationOptions },
): Promise<void> {
  const { cacheDirectory, onProgress } = options;
  const { name } = circuit;
  const initial = await cacheInitialKey(circuit, powersOfTau, {
    cacheDirectory,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const powers = await cutTauPowers(powersOfTau.path, domainSizeOf(circuit));
  const { follows, reasons } = await followsFromInitialKey(initial.zkeyPath, powers, zkeyPath, (progress) =>
    onProgress?.({ stage: 'verifying with snarkjs', circuit: name, ...progress }),
  );
  if (!follows) throw invalid(name, `snarkjs says: ${reasons}`);
}

function domainSizeOf({ constraintCount, publicInputCount, publicOutputCount }: CompiledCircuit): number {
  return 2 ** Math.ceil(Math.log2(constraintCount + publicInputCount + publicOutputCount + 1));
}

/** The key lists exactly the steps of the transcript. */
function assertContributions(
  { steps }: Transcript,
  { name }: TranscriptCircuit,
  contributions: readonly KeyContribution[],
): void {
  if (contributions.length !== steps.length) {
    throw otherKeys(name, `${steps.length} contributions, and not ${contributions.length}`);
  }
  steps.forEach((step, index) => {
    const found = contributions[index]!;
    const stated = step.keys.find(({ circuit }) => circuit === name)!;
    if (found.contributionHash !== stated.contributionHash) {
      throw otherKeys(name, `contribution ${index + 1} of the transcript`);
    }
    if (!isSameAuthor(step, found)) throw otherKeys(name, `the author of contribution ${index + 1}`);
  });
}

function isSameAuthor(step: Step, { name, beacon }: KeyContribution): boolean {
  if (step.kind === 'contribution') return beacon === undefined && name === step.contributor;
  return (
    name === BEACON_NAME &&
    beacon?.value === step.value &&
    beacon.iterationsExponent === step.iterationsExponent
  );
}

/**
 * Holds what was published of a ceremony's keys to the keys themselves: fingerprint, tag and provenance of each circuit,
 * and no circuit more or less.
 * @throws SolventError `fingerprint-differs`.
 */
export function assertPublished(
  ceremony: Omit<VerifiedCeremony, 'comparedWithPublished'>,
  published: readonly PinnedCircuit[],
): void {
  if (published.length !== ceremony.keys.length) {
    throw differs('all circuits', `${ceremony.keys.length} circuits`, String(published.length));
  }
  const provenance = describe(describeProvenance(ceremony));
  for (const { circuit, fingerprint } of ceremony.keys) {
    const found = published.find(({ name }) => name === circuit.name);
    if (found?.fingerprint !== fingerprint) {
      throw differs(circuit.name, `the fingerprint ${fingerprint}`, found?.fingerprint ?? 'none');
    }
    if (found.tag !== circuit.tag.toString()) throw differs(circuit.name, 'its tag', 'another');
    if (describe(found.provenance) !== provenance) {
      throw differs(circuit.name, `the provenance ${provenance}`, describe(found.provenance));
    }
  }
}

function describe(value: unknown): string {
  return new TextDecoder().decode(encodeCanonicalJson(value));
}

function otherCircuits(expected: string, found: string): SolventError<KeysCode> {
  return refuseKeys('ceremony-of-other-circuits', {
    expected: `a ceremony for ${expected}`,
    found,
    details: { expected, found },
  });
}

function otherKeys(circuit: string, expected: string): SolventError<KeysCode> {
  return refuseKeys('transcript-of-other-keys', {
    expected: `${expected} in the key of ${circuit}`,
    found: 'something else',
    details: { circuit },
  });
}

function invalid(circuit: string, reasons: string): SolventError<KeysCode> {
  return refuseKeys('ceremony-key-invalid', {
    expected: `the key of ${circuit} to follow from its circuit by the contributions that it lists`,
    found: `another (${reasons})`,
    details: { circuit },
  });
}

function differs(circuit: string, expected: string, found: string): SolventError<KeysCode> {
  return refuseKeys('fingerprint-differs', {
    expected: `${expected} for ${circuit}`,
    found,
    details: { circuit },
  });
}
