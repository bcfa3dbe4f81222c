import { createHash } from 'node:crypto';

import { z } from 'zod';

import { readIfExists, writeFileAtomically } from '../../system/index.js';
import {
  encodeCanonicalJson,
  encodeJsonLine,
  parseJsonLine,
  parseSchema,
  primitives,
  SolventError,
} from '../../protocol/index.js';
import type { ManifestHead } from '../bundle/manifest.js';
import type { ProverCode } from '../errors.js';
import { MAX_PIN_BYTES } from '../limits.js';
import type { ProvingCircuit } from '../snapshot.js';
import { PRIVATE_FILE_MODE } from './paths.js';

const PIN_FORMAT = 'solvent/run/v2';

const inputs = z.strictObject({
  snapshotHash: primitives.sha256Hex,
  /** SHA-256 of everything else that the snapshot itself states in the manifest. */
  statementHash: primitives.sha256Hex,
  /** SHA-256 of what the platform says the snapshot covers, and of what it says it leaves out. */
  includedHash: primitives.sha256Hex,
  excludedHash: primitives.sha256Hex,
  previousManifestHash: primitives.sha256Hex.nullable(),
  profile: primitives.profileName,
  /** All of the profile, in its order; a fingerprint is null until the key of the circuit is there. */
  circuits: z.array(
    z.strictObject({ name: primitives.circuitLabel, fingerprint: primitives.sha256Hex.nullable() }),
  ),
});

const schema = inputs.extend({
  format: z.literal(PIN_FORMAT),
  /** SHA-256 of the secret of the run: no other one is taken for it. */
  secretHash: primitives.sha256Hex,
});

/** What a run is made from. */
export type RunInputs = z.infer<typeof inputs>;
/** What a run's directory is for. */
export type RunPin = z.infer<typeof schema>;

/** The inputs as a person knows them, with the flag of `solvent prove` that gives them. */
const NAMES: Readonly<Record<keyof RunInputs, string>> = {
  snapshotHash: 'snapshot',
  statementHash: 'statement of the snapshot',
  includedHash: 'scope (--scope)',
  excludedHash: 'list of what is excluded (--excluded)',
  previousManifestHash: 'previous manifest (--previous)',
  profile: 'profile of keys (--keys)',
  circuits: 'set of keys (--keys)',
};

/**
 * The inputs of a run.
 * @param head what its manifest says of the snapshot.
 * @param present the circuits whose keys are there: all, or those that are to be pinned now.
 */
export function describeInputs(
  head: ManifestHead,
  profile: string,
  circuits: {
    readonly names: readonly string[];
    readonly present: readonly Pick<ProvingCircuit, 'name' | 'fingerprint'>[];
  },
): RunInputs {
  const { snapshotHash, scope, previousManifestHash, ...statement } = head;
  return {
    snapshotHash,
    statementHash: hashValue(statement),
    includedHash: hashValue(scope.included),
    excludedHash: hashValue(scope.excluded),
    previousManifestHash,
    profile,
    circuits: circuits.names.map((name) => ({
      name,
      fingerprint: circuits.present.find((circuit) => circuit.name === name)?.fingerprint ?? null,
    })),
  };
}

/** The pin of a new run. */
export function makePin(given: RunInputs, secret: Uint8Array): RunPin {
  return { format: PIN_FORMAT, ...given, secretHash: hashSecret(secret) };
}

/** What a pin says of a secret: SHA-256, in hexadecimal. */
export function hashSecret(secret: Uint8Array): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Reads what a run began with, or finds that it has not begun. @throws SolventError `run-file-malformed`. */
export async function findPin(path: string): Promise<RunPin | undefined> {
  const bytes = await readIfExists(path);
  return bytes === undefined ? undefined : parsePin(path, bytes);
}

/**
 * Holds a run to its inputs: a secret used for two snapshots would show who stayed. A circuit is bound to its key when
 * that is first there.
 * @returns the pin with every key that either has.
 * @throws SolventError `run-inputs-changed` with the names of the inputs that differ.
 */
export function mergeInputs(pinned: RunPin, given: RunInputs): RunPin {
  const circuits = mergeCircuits(pinned.circuits, given.circuits);
  const parts = Object.keys(NAMES) as (keyof RunInputs)[];
  const changed = parts.filter((part) =>
    part === 'circuits' ? circuits === undefined : pinned[part] !== given[part],
  );
  if (circuits === undefined || changed.length > 0) {
    throw new SolventError<ProverCode>(
      'usage',
      'run-inputs-changed',
      `expected the inputs that this run began with, got another ${changed.map((part) => NAMES[part]).join(', another ')}: give the same again, or name a new run directory`,
      { details: { changed: changed.map((part) => NAMES[part]) } },
    );
  }
  return { ...pinned, circuits };
}

/** Whether two pins name the same keys. */
export function haveSameKeys(one: RunPin, other: RunPin): boolean {
  return one.circuits.every(({ fingerprint }, place) => fingerprint === other.circuits[place]?.fingerprint);
}

function hashValue(value: unknown): string {
  return createHash('sha256').update(encodeCanonicalJson(value)).digest('hex');
}

/** The circuits with all fingerprints that either has, or undefined where they differ. */
function mergeCircuits(
  pinned: RunInputs['circuits'],
  given: RunInputs['circuits'],
): RunInputs['circuits'] | undefined {
  const merged = pinned.map(({ name, fingerprint }, place) => ({
    name,
    fingerprint: fingerprint ?? given[place]?.fingerprint ?? null,
  }));
  const areSame =
    given.length === pinned.length &&
    given.every(
      ({ name, fingerprint }, place) =>
        name === merged[place]!.name &&
        (fingerprint ?? merged[place]!.fingerprint) === merged[place]!.fingerprint,
    );
  return areSame ? merged : undefined;
}

/** Writes what a run began with. */
export function savePin(path: string, pin: RunPin): Promise<void> {
  return writeFileAtomically(path, encodeJsonLine(pin), { mode: PRIVATE_FILE_MODE });
}

function parsePin(path: string, bytes: Uint8Array): RunPin {
  try {
    return parseSchema(schema, PIN_FORMAT, parseJsonLine(bytes, MAX_PIN_BYTES));
  } catch (cause) {
    throw new SolventError<ProverCode>(
      'artefact',
      'run-file-malformed',
      'expected what this run began with, got another file: restore it, or start a new run directory',
      { details: { path }, cause },
    );
  }
}
