import { stat } from 'node:fs/promises';

import {
  SolventError,
  type KeyProvenance,
  type RowLayout,
  deriveCircuitTag,
  fingerprintKey,
  parseFieldElement,
  parseJsonLine,
  parseSchema,
  primitives,
  PROFILES,
  type PinnedCircuit,
  type VerificationKey,
} from '../../protocol/index.js';
import { describeDirectory, hashFile, isDirectoryHeld, readNamedFile } from '../../system/index.js';
import { findExtendedProfile } from '../wide-circuit.js';
import { refuseKeys, type KeysCode } from '../errors.js';
import {
  circuitFilePath,
  type CircuitFile,
  findKeysRecord,
  inconsistent,
  ofAnotherVersion,
  type CircuitRecord,
  type FileRecord,
  type KeysRecord,
} from './keys-file.js';

/** The widest circuit's key, of one row with 2,048 slots, takes 100 KB. */
export const MAX_VERIFICATION_KEY_BYTES = 256 * 1024;
const VERIFICATION_KEY_FORMAT = 'a verification key';

/** The keys of one circuit, and where its large files are. */
export type CircuitKeys = PinnedCircuit & {
  readonly verificationKey: VerificationKey;
  readonly zkeyPath: string;
  /** SHA-256 in hexadecimal, as the list states it. */
  readonly zkeySha256: string;
  readonly zkeySizeBytes: number;
  /** The witness generator. */
  readonly wasmPath: string;
  /** SHA-256 of the constraint system, in hexadecimal. */
  readonly r1csSha256: string;
  /**
   * Reads the proving key and the witness generator through and holds them to their hashes; the first time it is
   * called, and not again. To be called before either is opened.
   * @throws SolventError `key-file-missing`, `key-file-changed`.
   */
  readonly checkFiles: () => Promise<void>;
};

/** All keys of one directory. */
export type KeySet = {
  readonly profile: string;
  readonly provenance: KeyProvenance;
  /** In the order of the profile, with the wide circuits that it was given besides. */
  readonly circuits: readonly CircuitKeys[];
};

/**
 * Reads the list of a directory's keys, which must be there for all circuits, and the verification keys, which must have the
 * hashes and fingerprints that it states. Of the large files only the sizes are checked: their content when `checkFiles`
 * of the circuit is called.
 * @throws SolventError `keys-missing`, `keys-incomplete`, `keys-inconsistent`, `keys-mixed`, `keys-of-another-version`,
 * `key-file-missing`, `key-file-changed`, or of class `format`.
 */
export async function loadKeys(keysDirectory: string): Promise<KeySet> {
  const record = await findKeysRecord(keysDirectory);
  if (record === undefined) throw await missingKeys(keysDirectory);
  if (record.awaited !== undefined) {
    throw incompleteKeys(keysDirectory, record, await isDirectoryHeld(keysDirectory));
  }
  return loadListed(keysDirectory, record);
}

/**
 * Reads the keys that a list names, as `loadKeys` does.
 * @throws SolventError as `loadKeys`.
 */
export async function loadListed(keysDirectory: string, record: KeysRecord): Promise<KeySet> {
  assertThisVersion(keysDirectory, record);
  const circuits: CircuitKeys[] = [];
  for (const circuit of record.circuits) {
    circuits.push(await loadCircuit(keysDirectory, circuit, record.provenance));
  }
  return { profile: record.profile, provenance: record.provenance, circuits };
}

/** An error about a directory without a list of keys. */
export async function missingKeys(path: string): Promise<SolventError<KeysCode>> {
  return refuseKeys('keys-missing', {
    expected: `a directory of keys in ${path}`,
    found: await describeDirectory(path),
    details: { path },
  });
}

/**
 * An error about a list that lacks circuits.
 * @param isSetupAtWork whether a setup is at work in the directory, for which it is enough to wait.
 */
export function incompleteKeys(
  path: string,
  { circuits, awaited = [] }: KeysRecord,
  isSetupAtWork: boolean,
): SolventError<KeysCode> {
  const expected = circuits.length + awaited.length;
  const [found, advice] = isSetupAtWork
    ? ['and a setup at work', 'wait for it to end']
    : ['and no setup at work', 'run solvent setup again'];
  return refuseKeys('keys-incomplete', {
    expected: `keys of ${expected} circuits in ${path}`,
    found: `${circuits.length} ${found}`,
    advice,
    details: { path, expected, found: circuits.length, awaited },
  });
}

/**
 * Holds the circuits of a list to those that its profile has in this version of the program, where it has that profile.
 * @throws SolventError `keys-of-another-version`.
 */
function assertThisVersion(path: string, { profile: name, circuits }: KeysRecord): void {
  const profile = PROFILES.get(name);
  if (profile === undefined) return;
  const names = circuits.map((circuit) => circuit.name);
  const { layouts } = findExtendedProfile(profile, names) ?? profile;
  const tags = new Set(layouts.map((layout) => deriveCircuitTag(layout).toString()));
  const others = circuits.filter(({ tag }) => !tags.has(tag)).map((circuit) => circuit.name);
  if (others.length === 0 && names.length === layouts.length) return;
  const found = others.length === 0 ? 'fewer' : `another ${others.join(', ')}`;
  throw ofAnotherVersion(path, `the circuits of the profile ${name}`, found);
}

/** Whether a circuit's files are all there with the hashes that the list states; reads them through. */
export async function areFilesWhole(keysDirectory: string, { name, files }: CircuitRecord): Promise<boolean> {
  for (const file of ['zkey', 'wasm', 'verificationKey'] as const) {
    const { sha256 } = files[file];
    if ((await hashFile(circuitFilePath(keysDirectory, name, file)).catch(() => undefined)) !== sha256)
      return false;
  }
  return true;
}

/**
 * Reads one circuit of a list, and checks as much of it as `loadKeys` does.
 * @throws SolventError `keys-inconsistent`, `key-file-missing`, `key-file-changed`, or of class `format`.
 */
async function loadCircuit(
  keysDirectory: string,
  record: CircuitRecord,
  provenance: KeyProvenance,
): Promise<CircuitKeys> {
  const { name, parameters, tag, fingerprint, r1csSha256, files } = record;
  const pathOf = (file: CircuitFile) => circuitFilePath(keysDirectory, name, file);
  for (const file of ['zkey', 'wasm', 'verificationKey'] as const) {
    await assertSize(pathOf(file), files[file]);
  }
  await assertHash(pathOf('verificationKey'), files.verificationKey);
  const bytes = await readNamedFile(pathOf('verificationKey'), MAX_VERIFICATION_KEY_BYTES);
  const verificationKey = parseVerificationKey(bytes);
  if (fingerprint !== fingerprintKey(parseFieldElement(tag), verificationKey)) {
    throw inconsistent(name, 'another fingerprint');
  }
  let checked: Promise<void> | undefined;
  const checkFiles = async () => {
    await assertHash(pathOf('zkey'), files.zkey);
    await assertHash(pathOf('wasm'), files.wasm);
  };
  return {
    name,
    parameters,
    tag,
    fingerprint,
    provenance,
    verificationKey,
    zkeyPath: pathOf('zkey'),
    zkeySha256: files.zkey.sha256,
    zkeySizeBytes: files.zkey.sizeBytes,
    wasmPath: pathOf('wasm'),
    r1csSha256,
    checkFiles: () => (checked ??= checkFiles()),
  };
}

function parseVerificationKey(bytes: Uint8Array): VerificationKey {
  const value = parseJsonLine(bytes, MAX_VERIFICATION_KEY_BYTES);
  return parseSchema(primitives.verificationKey, VERIFICATION_KEY_FORMAT, value);
}

async function assertSize(path: string, { sizeBytes }: FileRecord): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw missing(path, cause);
  });
  if (found.size !== sizeBytes) throw changed(path, `${sizeBytes} bytes`, String(found.size));
}

async function assertHash(path: string, { sha256 }: FileRecord): Promise<void> {
  const found = await hashFile(path).catch((cause: unknown) => {
    throw missing(path, cause);
  });
  if (found !== sha256) throw changed(path, `the hash ${sha256}`, found);
}

function missing(path: string, cause: unknown): SolventError<KeysCode> {
  return refuseKeys('key-file-missing', {
    expected: `the file ${path}`,
    found: 'none that can be read',
    details: { path },
    cause,
  });
}

function changed(path: string, expected: string, found: string): SolventError<KeysCode> {
  return refuseKeys('key-file-changed', {
    expected: `${expected} of ${path}`,
    found,
    details: { path, expected, found },
  });
}

/** One circuit's proving key. */
export type KeyListing = {
  readonly profile: string;
  readonly circuit: string;
  readonly parameters: RowLayout;
  readonly sizeBytes: number;
  readonly provenance: KeyProvenance;
  readonly fingerprint: string;
  readonly sha256: string;
  /** Whether its files were read through and are whole; undefined where they were not read. */
  readonly isWhole?: boolean;
};

/**
 * Lists the proving keys of a directory.
 * @param options `check`: read every file through, and say which are not what the list states.
 * @throws SolventError as `loadKeys`.
 */
export async function listKeys(
  keysDirectory: string,
  { check = false }: { readonly check?: boolean } = {},
): Promise<readonly KeyListing[]> {
  const { profile, provenance, circuits } = await loadKeys(keysDirectory);
  const listings: KeyListing[] = [];
  for (const { name, parameters, fingerprint, zkeySizeBytes, zkeySha256, checkFiles } of circuits) {
    const listing = {
      profile,
      circuit: name,
      parameters,
      sizeBytes: zkeySizeBytes,
      provenance,
      fingerprint,
      sha256: zkeySha256,
    };
    listings.push(check ? { ...listing, isWhole: await isWhole(checkFiles) } : listing);
  }
  return listings;
}

async function isWhole(checkFiles: () => Promise<void>): Promise<boolean> {
  try {
    await checkFiles();
    return true;
  } catch (error) {
    if (error instanceof SolventError && error.errorClass === 'artefact') return false;
    throw error;
  }
}
