import { randomBytes } from 'node:crypto';

import { readIfExists, writeFileAtomically } from '../../system/index.js';
import { SolventError, type RunSecret } from '../../protocol/index.js';
import type { ProverCode } from '../errors.js';
import { PRIVATE_FILE_MODE } from './paths.js';

const SECRET_BYTES = 32;

/**
 * The secret of a run: made once from the system's randomness, and read from then on.
 * @throws SolventError `run-file-malformed` where the file is there and does not hold 32 bytes.
 */
export async function loadOrCreateSecret(path: string): Promise<RunSecret> {
  if ((await readIfExists(path)) === undefined) {
    await writeFileAtomically(path, randomBytes(SECRET_BYTES), { mode: PRIVATE_FILE_MODE });
  }
  return loadSecret(path);
}

/** The secret of a run that has one. @throws SolventError `run-file-malformed`. */
export async function loadSecret(path: string): Promise<RunSecret> {
  const secret = await readIfExists(path);
  if (secret?.length === SECRET_BYTES) return secret;
  // A new secret would not fit the digests and nonces that the old one made.
  throw new SolventError<ProverCode>(
    'artefact',
    'run-file-malformed',
    `expected ${SECRET_BYTES} bytes in the secret of the run, got ${secret?.length ?? 'no file'}: restore it, or start a new run directory`,
    { details: { path } },
  );
}
