import { createHash } from 'node:crypto';

import { z } from 'zod';

import { readIfExists, writeFileAtomically } from '../../platform/index.js';
import {
  encodeCanonicalJson,
  encodeJsonLine,
  parseJsonLine,
  parseSchema,
  primitives,
  SolventError,
} from '../../protocol/index.js';
import { describeSnapshot } from '../bundle/manifest.js';
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
  circuits: z.array(z.strictObject({ name: primitives.circuitLabel, fingerprint: primitives.sha256Hex })),
});

/** What a run's directory is for. */
export type RunPin = z.infer<typeof schema>;

/** The pin of a run on these inputs. */
export function buildPin(
  snapshot: SealedSnapshot,
  profile: string,
  circuits: readonly ProvingCircuit[],
): RunPin {
  return {
    format: PIN_FORMAT,
    snapshotHash: snapshot.snapshotHash,
    statementHash: createHash('sha256')
      .update(encodeCanonicalJson(describeSnapshot(snapshot)))
      .digest('hex'),
    profile,
    circuits: circuits.map(({ name, fingerprint }) => ({ name, fingerprint })),
  };
}

/**
 * Binds a run's directory to its inputs the first time, and holds every later command to them: a secret used for two
 * snapshots would show who stayed.
 * @throws SolventError `run-inputs-changed` with the names of the inputs that differ; `run-file-malformed`.
 */
export async function holdToPin(path: string, pin: RunPin): Promise<void> {
  const bytes = await readIfExists(path);
  if (bytes === undefined) {
    await writeFileAtomically(path, encodeJsonLine(pin), { mode: PRIVATE_FILE_MODE });
    return;
  }
  const pinned = parsePin(path, bytes);
  const changed = (['snapshotHash', 'statementHash', 'profile', 'circuits'] as const).filter(
    (part) => !Buffer.from(encodeCanonicalJson(pinned[part])).equals(encodeCanonicalJson(pin[part])),
  );
  if (changed.length === 0) return;
  throw new SolventError<ProverCode>(
    'usage',
    'run-inputs-changed',
    `expected the inputs that this run began with, got another ${changed.join(', ')}: name a new run directory`,
    { details: { changed } },
  );
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
