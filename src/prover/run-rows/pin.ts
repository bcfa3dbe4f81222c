import { createHash } from 'node:crypto';

import { encodeJsonLine } from '../../protocol/index.js';
import { encodeManifestContent } from '../../protocol/rows/index.js';
import type { ManifestContent } from '../commit/run-seeds.js';
import { storeOrMatch } from './stored-bytes.js';

const PIN_FORMAT = 'solvent/run/v2';

/**
 * Binds a run's directory to everything that is proven in it the first time, before anything is committed to, and holds
 * every later command to it.
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
  await storeOrMatch(
    path,
    encodeJsonLine({ format: PIN_FORMAT, contentHash: hash.digest('hex') }),
    'accounts, texts and keys',
  );
}
