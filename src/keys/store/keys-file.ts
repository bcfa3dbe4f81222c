import { join } from 'node:path';

import { z } from 'zod';

import { readIfExists, writeFileAtomically } from '../../system/index.js';
import {
  circuitName,
  circuitParameters,
  deriveTag,
  encodeJsonLine,
  parseJsonLine,
  parseSchema,
  primitives,
  provenance,
  requirePath,
  SolventError,
} from '../../protocol/index.js';
import type { KeyStoreCode } from './errors.js';
import { KEYS_FILE } from './key-paths.js';

export const KEYS_FORMAT = 'solvent/keys/v1';
const MAX_KEYS_FILE_BYTES = 256 * 1024;

const file = z.strictObject({ sha256: primitives.sha256Hex, sizeBytes: primitives.count });

const circuit = z.strictObject({
  name: primitives.circuitLabel,
  parameters: circuitParameters,
  tag: primitives.fieldElement,
  fingerprint: primitives.sha256Hex,
  /** The constraint system that the keys are for. */
  r1csSha256: primitives.sha256Hex,
  files: z.strictObject({ zkey: file, wasm: file, verificationKey: file }),
});

const MIN_CIRCUITS = 2;
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
    ({ circuits, awaited = [] }) => circuits.length + awaited.length >= MIN_CIRCUITS,
    `expected at least ${MIN_CIRCUITS} circuits`,
  );

/** What one file is held to. */
export type FileRecord = z.infer<typeof file>;
/** One circuit's keys as the list states them. */
export type CircuitRecord = z.infer<typeof circuit>;
/** The list of the keys in a folder, in the order of the profile, and what is still missing from it. */
export type KeysRecord = z.infer<typeof schema>;

/**
 * Reads the list of keys, or finds none.
 * @throws SolventError of class `format`; `keys-inconsistent` where a name or tag does not follow from the parameters,
 * or a name comes twice.
 */
export async function findKeysRecord(keysDirectory: string): Promise<KeysRecord | undefined> {
  const bytes = await readIfExists(join(requirePath(keysDirectory, 'the keys'), KEYS_FILE));
  if (bytes === undefined) return undefined;
  const record = parseSchema(schema, KEYS_FORMAT, parseJsonLine(bytes, MAX_KEYS_FILE_BYTES));
  for (const { name, parameters, tag } of record.circuits) {
    const isConsistent = name === circuitName(parameters) && tag === deriveTag(parameters).toString();
    if (!isConsistent) throw inconsistent(name, 'another name or tag');
  }
  const names = [...record.circuits.map(({ name }) => name), ...(record.awaited ?? [])];
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined) throw inconsistent(doubled, 'it twice');
  return record;
}

/** Writes the list of keys. */
export async function saveKeysRecord(keysDirectory: string, record: KeysRecord): Promise<void> {
  await writeFileAtomically(join(keysDirectory, KEYS_FILE), encodeJsonLine(record));
}

/** An error about a list of keys that contradicts itself. */
export function inconsistent(name: string, got: string): SolventError<KeyStoreCode> {
  return new SolventError(
    'artefact',
    'keys-inconsistent',
    `expected ${KEYS_FILE} to follow from the parameters of ${name}, got ${got}: make the keys again in a new folder`,
    { details: { circuit: name } },
  );
}
