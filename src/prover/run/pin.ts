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
  type Profile,
} from '../../protocol/index.js';
import { describeSnapshot } from '../bundle/manifest.js';
import { describeCircuits } from '../circuits.js';
import type { ProverCode } from '../errors.js';
import { MAX_PIN_BYTES } from '../limits.js';
import type { ProvingCircuit, SealedSnapshot } from '../snapshot.js';
import { PRIVATE_FILE_MODE } from './paths.js';

const PIN_FORMAT = 'solvent/run/v1';

const schema = z.strictObject({
  format: z.literal(PIN_FORMAT),
  snapshotHash: primitives.sha256Hex,
  /** SHA-256 of everything else that the snapshot states in the manifest. */
  statementHash: primitives.sha256Hex,
  profile: primitives.profileName,
  /** All of the profile, in its order; a fingerprint is null until the key of the circuit is there. */
  circuits: z.array(
    z.strictObject({ name: primitives.circuitLabel, fingerprint: primitives.sha256Hex.nullable() }),
  ),
});

/** What a run's directory is for. */
export type RunPin = z.infer<typeof schema>;

/**
 * The pin of a run on these inputs.
 * @param present the circuits whose keys are there: all, or those that are to be pinned now.
 */
export function buildPin(
  snapshot: SealedSnapshot,
  profile: Profile,
  present: readonly Pick<ProvingCircuit, 'name' | 'fingerprint'>[],
): RunPin {
  return {
    format: PIN_FORMAT,
    snapshotHash: snapshot.snapshotHash,
    statementHash: createHash('sha256')
      .update(encodeCanonicalJson(describeSnapshot(snapshot)))
      .digest('hex'),
    profile: profile.name,
    circuits: describeCircuits(profile).all.map(({ name }) => ({
      name,
      fingerprint: present.find((circuit) => circuit.name === name)?.fingerprint ?? null,
    })),
  };
}

/**
 * Binds a run's directory to its inputs the first time, and holds every later command to them: a secret used for two
 * snapshots would show who stayed. A circuit is bound to its key when that is first there.
 * @throws SolventError `run-inputs-changed` with the names of the inputs that differ; `run-file-malformed`.
 */
export async function holdToPin(path: string, pin: RunPin): Promise<void> {
  const bytes = await readIfExists(path);
  if (bytes === undefined) return savePin(path, pin);
  const pinned = parsePin(path, bytes);
  const circuits = mergeCircuits(pinned.circuits, pin.circuits);
  const changed = [
    ...(['snapshotHash', 'statementHash', 'profile'] as const).filter((part) => pinned[part] !== pin[part]),
    ...(circuits === undefined ? (['circuits'] as const) : []),
  ];
  if (circuits === undefined || changed.length > 0) {
    throw new SolventError<ProverCode>(
      'usage',
      'run-inputs-changed',
      `expected the inputs that this run began with, got another ${changed.join(', ')}: name a new run directory`,
      { details: { changed } },
    );
  }
  const isMore = circuits.some(
    ({ fingerprint }, place) => fingerprint !== pinned.circuits[place]!.fingerprint,
  );
  if (isMore) await savePin(path, { ...pinned, circuits });
}

/** The circuits with all fingerprints that either has, or undefined where they differ. */
function mergeCircuits(
  pinned: RunPin['circuits'],
  given: RunPin['circuits'],
): RunPin['circuits'] | undefined {
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

function savePin(path: string, pin: RunPin): Promise<void> {
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
