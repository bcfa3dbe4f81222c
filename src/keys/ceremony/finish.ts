import { join } from 'node:path';

import { acquireLock, makeDirectory, removeAbandoned } from '../../system/index.js';
import { encodeJsonLine, PUBLISHED_FILES, SolventError, type KeyProvenance } from '../../protocol/index.js';
import { loadKeys, type KeySet } from '../store/index.js';
import { circuitFilePath } from '../store/keys-file.js';
import { findKeysRecord, KEYS_FORMAT, saveKeysRecord, type CircuitRecord } from '../store/keys-file.js';
import { assertContribution } from './apply-beacon.js';
import { loadTranscript, TRANSCRIPT_FILE } from './directory.js';
import { readKeyContributions } from './key-contributions.js';
import { assertRoom, copyWhole, describeFile, nameDiskErrors, storeFile } from '../disk.js';
import {
  encodeCeremonyEvidence,
  encodeTranscript,
  EVIDENCE_FORMAT,
  isClosed,
  type CeremonyEvidence,
  type Transcript,
} from '../../protocol/ceremony/index.js';
import {
  describeProvenance,
  withVerifiedCeremony,
  type VerifiedCeremony,
  type VerifyCeremonyOptions,
} from './verify.js';
import type { VerifiedKey } from './verify-key.js';
import { refuseKeys, type KeysCode } from '../errors.js';

export type FinishCeremonyOptions = VerifyCeremonyOptions & {
  /** Where the proving keys go: new, or filled by an earlier run with keys of the same ceremony. */
  readonly keysDirectory: string;
};

/** Keys for real use. */
export type FinishedCeremony = {
  readonly ceremony: VerifiedCeremony;
  readonly provenance: KeyProvenance;
  readonly keys: KeySet;
};

/**
 * Derives a closed ceremony again and puts its keys where proofs are made, with the transcript and the evidence beside them.
 * Killed at any moment, the same call goes on.
 * @throws SolventError `ceremony-without-contribution`, `ceremony-without-beacon`, `keys-exist`, `directory-in-use`,
 * `disk-full`, and what `verifyCeremony` throws.
 */
export async function finishCeremony(options: FinishCeremonyOptions): Promise<FinishedCeremony> {
  // What can be refused in a moment is not refused after hours.
  const transcript = await loadTranscript(options.directory);
  assertContribution(transcript);
  assertClosed(transcript);
  return withVerifiedCeremony(options, (ceremony) => installCeremony(ceremony, options));
}

/**
 * Puts the keys of a ceremony that was derived again where proofs are made; for tests, which derive it with what they cached.
 * @throws SolventError as `finishCeremony`.
 */
export async function installCeremony(
  ceremony: VerifiedCeremony,
  { keysDirectory, onProgress }: Pick<FinishCeremonyOptions, 'keysDirectory' | 'onProgress'>,
): Promise<FinishedCeremony> {
  const { transcript } = ceremony;
  assertContribution(transcript);
  assertClosed(transcript);
  const provenance = describeProvenance(ceremony);

  await nameDiskErrors(keysDirectory, () => makeDirectory(keysDirectory));
  const lock = await acquireLock(keysDirectory);
  try {
    await removeAbandoned(keysDirectory);
    await assertNoOtherKeys(keysDirectory, ceremony);
    const circuits: CircuitRecord[] = [];
    for (const [index, key] of ceremony.keys.entries()) {
      onProgress?.({
        stage: 'installing',
        circuit: key.circuit.name,
        done: index,
        total: ceremony.keys.length,
      });
      circuits.push(await installKey(key, keysDirectory));
    }
    await storeFile(join(keysDirectory, TRANSCRIPT_FILE), encodeTranscript(transcript));
    await storeFile(
      join(keysDirectory, EVIDENCE_FILE),
      encodeCeremonyEvidence(await buildCeremonyEvidence(transcript, ceremony.keys)),
    );
    await nameDiskErrors(keysDirectory, () =>
      saveKeysRecord(keysDirectory, {
        format: KEYS_FORMAT,
        profile: transcript.profile,
        provenance,
        circuits,
      }),
    );
    const keys = await loadKeys(keysDirectory);
    return { ceremony, provenance, keys };
  } finally {
    await lock.release();
  }
}

/** What is published with keys, so that everyone counts the contributions to them alone. */
export const EVIDENCE_FILE = PUBLISHED_FILES.ceremony.fileName;

/**
 * The evidence of a closed ceremony, from the keys that it ended with.
 * @param keys in the order of the transcript.
 * @throws SolventError `ceremony-key-malformed`, `contribution-empty`.
 */
export async function buildCeremonyEvidence(
  transcript: Transcript,
  keys: readonly { readonly zkeyPath: string }[],
): Promise<CeremonyEvidence> {
  const circuits: CeremonyEvidence['circuits'] = [];
  for (const [index, { zkeyPath }] of keys.entries()) {
    const { contributions } = await readKeyContributions(zkeyPath);
    circuits.push({
      circuit: transcript.circuits[index]!.name,
      initialDelta: ['1', '2'],
      contributions: contributions.map(({ points }) => points),
    });
  }
  return { format: EVIDENCE_FORMAT, transcript, circuits };
}

async function installKey(key: VerifiedKey, keysDirectory: string): Promise<CircuitRecord> {
  const { circuit, verificationKey, fingerprint, zkeyPath, zkeySha256 } = key;
  const { name, parameters, tag, r1csSha256, wasmPath } = circuit;
  await assertRoom(keysDirectory, (await describeFile(zkeyPath)).sizeBytes);
  const zkey = await copyWhole(zkeyPath, circuitFilePath(keysDirectory, name, 'zkey'));
  if (zkey.sha256 !== zkeySha256) throw changedMeanwhile(zkeyPath);
  const files = {
    zkey,
    wasm: await copyWhole(wasmPath, circuitFilePath(keysDirectory, name, 'wasm')),
    verificationKey: await storeFile(
      circuitFilePath(keysDirectory, name, 'verificationKey'),
      encodeJsonLine(verificationKey),
    ),
  };
  return {
    name,
    parameters,
    tag: tag.toString(),
    fingerprint,
    r1csSha256,
    files,
  };
}

function changedMeanwhile(path: string): SolventError<KeysCode> {
  return refuseKeys('ceremony-key-changed', {
    expected: `${path} as it was when it was verified`,
    found: 'another',
    advice: 'run the same command again',
    details: { path },
  });
}

function assertClosed(transcript: Transcript): void {
  if (isClosed(transcript)) return;
  throw refuseKeys('ceremony-without-beacon', {
    expected: 'a ceremony that its beacon has closed',
    found: 'an open one',
    advice: `apply the value of ${transcript.beacon} first`,
  });
}

async function assertNoOtherKeys(keysDirectory: string, ceremony: VerifiedCeremony): Promise<void> {
  const record = await findKeysRecord(keysDirectory);
  if (record === undefined) return;
  const { provenance } = record;
  if (provenance.kind === 'ceremony' && provenance.transcriptHash === ceremony.transcriptHash) return;
  throw refuseKeys('keys-exist', {
    expected: 'a directory without keys, or with keys of this ceremony',
    found: `others in ${keysDirectory}`,
    details: { path: keysDirectory },
  });
}
