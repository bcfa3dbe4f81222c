import { createHash } from 'node:crypto';

import { z } from 'zod';

import { hashCanonicalJson, readIfExists } from '../../system/index.js';
import {
  encodeJsonLine,
  encodeManifestContent,
  parseJsonLine,
  parseSchema,
  primitives,
} from '../../protocol/index.js';
import type { SnapshotClaim } from '../commit/compose-manifest.js';
import type { ManifestContent } from '../commit/run-seeds.js';
import { MAX_PIN_BYTES } from '../limits.js';
import { storeOrMatch, storeSynced } from './own-files.js';
import { refuseProver } from '../errors.js';

const PIN_FORMAT = 'solvent/run/v3';
const CONTENT_FORMAT = 'solvent/run-content/v1';

const inputs = z.strictObject({
  snapshotHash: primitives.sha256Hex,
  /** SHA-256 of everything else that the snapshot itself states in the manifest. */
  statementHash: primitives.sha256Hex,
  /** SHA-256 of what the platform says the snapshot covers, and of what it says it leaves out. */
  includedHash: primitives.sha256Hex,
  excludedHash: primitives.sha256Hex,
  previousManifestHash: primitives.sha256Hex.nullable(),
  leastDistanceMs: primitives.durationMs,
  profile: primitives.profileName,
  /** All of the run, in its order. */
  circuits: z.array(z.strictObject({ name: primitives.circuitLabel, fingerprint: primitives.sha256Hex })),
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
  leastDistanceMs: 'least distance between snapshots (--least-distance)',
  profile: 'profile of keys (--keys)',
  circuits: 'set of keys (--keys)',
};

/** The inputs of a run: what its manifest says of the snapshot, and the keys that it names. */
export function describeInputs(
  claim: SnapshotClaim,
  keys: Pick<ManifestContent, 'profile'> & {
    readonly circuits: readonly Pick<ManifestContent['circuits'][number], 'name' | 'fingerprint'>[];
  },
): RunInputs {
  const { snapshotHash, scope, previousManifestHash, leastDistanceMs, ...statement } = claim;
  return {
    snapshotHash,
    statementHash: hashCanonicalJson(statement),
    includedHash: hashCanonicalJson(scope.included),
    excludedHash: hashCanonicalJson(scope.excluded),
    previousManifestHash,
    leastDistanceMs,
    profile: keys.profile,
    circuits: keys.circuits.map(({ name, fingerprint }) => ({ name, fingerprint })),
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

/** The inputs that differ from those of a pin. */
export function listChanges(pin: RunPin, given: RunInputs): (keyof RunInputs)[] {
  const parts = Object.keys(NAMES) as (keyof RunInputs)[];
  return parts.filter((part) => hashCanonicalJson(pin[part]) !== hashCanonicalJson(given[part]));
}

/**
 * Holds a run to its inputs: a secret used for two snapshots would show who stayed.
 * @throws SolventError `run-inputs-changed` with the names of the inputs that differ.
 */
export function assertSameInputs(pin: RunPin, given: RunInputs): void {
  const changed = listChanges(pin, given);
  if (changed.length === 0) return;
  throw refuseProver('run-inputs-changed', {
    expected: 'the inputs that this run began with',
    found: `another ${changed.map((part) => NAMES[part]).join(', another ')}`,
    details: { changed: changed.map((part) => NAMES[part]) },
  });
}

/**
 * Binds a run to all of its rows and the whole manifest, before anything is committed to, and holds every later command
 * to them.
 * @param contents content_b of every batch: rows, dummies and ids, and through these the secret.
 * @throws SolventError `run-inputs-changed`.
 */
export async function holdToContent(
  path: string,
  content: ManifestContent,
  contents: readonly Uint8Array[],
): Promise<void> {
  const hash = createHash('sha256');
  for (const batch of contents) hash.update(batch);
  hash.update(encodeManifestContent(content));
  const pinned = encodeJsonLine({ format: CONTENT_FORMAT, contentHash: hash.digest('hex') });
  await storeOrMatch(path, pinned, 'accounts, texts and keys');
}

/** Writes what a run began with. */
export function savePin(path: string, pin: RunPin): Promise<void> {
  return storeSynced(path, encodeJsonLine(pin));
}

function parsePin(path: string, bytes: Uint8Array): RunPin {
  try {
    return parseSchema(schema, PIN_FORMAT, parseJsonLine(bytes, MAX_PIN_BYTES));
  } catch (cause) {
    throw refuseProver('run-file-malformed', {
      expected: 'what this run began with',
      found: 'another file',
      advice: 'restore it, or start a new run directory',
      details: { path },
      cause,
    });
  }
}
