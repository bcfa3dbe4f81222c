import { join } from 'node:path';

import { z } from 'zod';

import { readIfExists, writeFileAtomically } from '../../system/index.js';
import {
  deriveCircuitTag,
  encodeJsonLine,
  layoutParameters,
  nameOfLayout,
  parseJsonLine,
  parseSchema,
  primitives,
  provenance,
  PUBLISHED_FILES,
  requirePath,
  SolventError,
} from '../../protocol/index.js';
import { type KeysCode, refuseKeys } from '../errors.js';

/** The list of the keys in a directory, each of which is whole; it names those that are still being made. */
export const KEYS_FILE = 'keys.json';
/** What verifiers are given, by another way than the bundle. */
export const TRUST_FILE = PUBLISHED_FILES.trust.fileName;

/** The files of one circuit: its proving key, its witness generator, its verification key. */
export type CircuitFile = 'zkey' | 'wasm' | 'verificationKey';

const SUFFIXES: Readonly<Record<CircuitFile, string>> = {
  zkey: '.zkey',
  wasm: '.wasm',
  verificationKey: '.vk.json',
};

/** Where a circuit's file is in a directory of keys. */
export function circuitFilePath(keysDirectory: string, circuitName: string, file: CircuitFile): string {
  return join(keysDirectory, `${circuitName}${SUFFIXES[file]}`);
}

export const KEYS_FORMAT = 'solvent/keys/v2';
const MAX_KEYS_FILE_BYTES = 256 * 1024;

const file = z.strictObject({ sha256: primitives.sha256Hex, sizeBytes: primitives.count });

const circuit = z.strictObject({
  name: primitives.circuitLabel,
  parameters: layoutParameters,
  tag: primitives.fieldElement,
  fingerprint: primitives.sha256Hex,
  /** The constraint system that the keys are for. */
  r1csSha256: primitives.sha256Hex,
  files: z.strictObject({ zkey: file, wasm: file, verificationKey: file }),
});

const MAX_CIRCUITS = 32;

const schema = z
  .strictObject({
    format: z.literal(KEYS_FORMAT),
    profile: primitives.profileName,
    provenance,
    circuits: z.array(circuit).max(MAX_CIRCUITS),
    /** Circuits whose keys are still being made, in the order of the profile; not there once all keys are. */
    awaited: z.array(primitives.circuitLabel).min(1).max(MAX_CIRCUITS).optional(),
  })
  .refine(
    ({ circuits, awaited = [] }) => circuits.length + awaited.length > 0,
    'expected at least one circuit',
  );

/** What one file is held to. */
export type FileRecord = z.infer<typeof file>;
/** One circuit's keys as the list states them. */
export type CircuitRecord = z.infer<typeof circuit>;
/** The list of the keys in a directory, in the order of the profile, and what is still missing from it. */
export type KeysRecord = z.infer<typeof schema>;

/**
 * Reads the list of keys, or finds none.
 * @throws SolventError of class `format`; `keys-inconsistent` where a name or tag does not follow from the parameters,
 * or a name comes twice; `keys-mixed`; `keys-of-another-version`.
 */
export async function findKeysRecord(keysDirectory: string): Promise<KeysRecord | undefined> {
  const bytes = await readIfExists(join(requirePath(keysDirectory, 'the keys'), KEYS_FILE));
  if (bytes === undefined) return undefined;
  const record = parseRecord(keysDirectory, bytes);
  for (const { name, parameters, tag } of record.circuits) {
    const isConsistent = name === nameOfLayout(parameters) && tag === deriveCircuitTag(parameters).toString();
    if (!isConsistent) throw inconsistent(name, 'another name or tag');
  }
  const names = [...record.circuits.map(({ name }) => name), ...(record.awaited ?? [])];
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined) throw inconsistent(doubled, 'it twice');
  assertOneSet(keysDirectory, record);
  return record;
}

function parseRecord(path: string, bytes: Uint8Array): KeysRecord {
  try {
    return parseSchema(schema, KEYS_FORMAT, parseJsonLine(bytes, MAX_KEYS_FILE_BYTES));
  } catch (error) {
    if (!(error instanceof SolventError && error.code === 'format-unknown')) throw error;
    throw ofAnotherVersion(path, `a list in the format ${KEYS_FORMAT}`, 'another format');
  }
}

/** An error about keys that this version of the program has no use for. */
export function ofAnotherVersion(path: string, expected: string, found: string): SolventError<KeysCode> {
  return refuseKeys('keys-of-another-version', {
    expected: `${expected} in ${path}`,
    found,
    details: { path, expected, found },
  });
}

/** With two numbers of index bits, a code of one circuit is another asset's in the other. */
function assertOneSet(path: string, { circuits }: KeysRecord): void {
  const found = [...new Set(circuits.map(({ parameters }) => parameters.indexBits))];
  if (found.length <= 1) return;
  throw refuseKeys('keys-mixed', {
    expected: `circuits of one number of index bits in ${path}`,
    found: found.join(' and '),
    details: { path, circuits: circuits.map(({ name }) => name) },
  });
}

/** Writes the list of keys. */
export async function saveKeysRecord(keysDirectory: string, record: KeysRecord): Promise<void> {
  await writeFileAtomically(join(keysDirectory, KEYS_FILE), encodeJsonLine(record));
}

/** An error about a list of keys that contradicts itself. */
export function inconsistent(name: string, got: string): SolventError<KeysCode> {
  return refuseKeys('keys-inconsistent', {
    expected: `${KEYS_FILE} to follow from the parameters of ${name}`,
    found: got,
    details: { circuit: name },
  });
}
