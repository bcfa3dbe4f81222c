import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  deriveCircuitTag,
  encodeCanonicalJson,
  nameOfLayout,
  PROFILES,
  SolventError,
  type KeyProvenance,
  type PinnedCircuit,
  type Profile,
} from '../../protocol/index.js';
import { checkSamePowersOfTau, type PowersOfTau } from '../powers-of-tau/index.js';
import { findExtendedProfile } from '../wide-circuit.js';
import { assertAnnounced, assertContribution, parseBeaconValue } from './apply-beacon.js';
import { assertChain } from './chain.js';
import { loadTranscript } from './directory.js';
import { compileCircuits } from './init.js';
import type { OnCeremonyProgress } from './progress.js';
import {
  contributionsOf,
  hashCeremony,
  hashTranscript,
  isClosed,
  signersOf,
  type Transcript,
} from '../../protocol/ceremony/index.js';
import { refuseKeys, type KeysCode } from '../errors.js';
import { verifyKey, type VerifiedKey } from './verify-key.js';

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
    const stated = transcript.circuits[index]!;
    if (circuit.r1csSha256 !== stated.r1csSha256) {
      const expected = `the constraints of ${circuit.name} as this source compiles them`;
      throw otherCircuits(expected, stated.r1csSha256);
    }
    keys.push(await verifyKey(circuit, stated, { ...options, transcript, powersOfTau }));
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

function differs(circuit: string, expected: string, found: string): SolventError<KeysCode> {
  return refuseKeys('fingerprint-differs', {
    expected: `${expected} for ${circuit}`,
    found,
    details: { circuit },
  });
}
