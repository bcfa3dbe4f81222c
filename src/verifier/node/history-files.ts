import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import {
  BUNDLE_FILES,
  parseManifest,
  parseRotation,
  parseSignature,
  requirePath,
  type Rotation,
} from '../../protocol/index.js';
import type { History, PublishedManifest } from '../history/history.js';
import { unreadable } from './files.js';
import { loadPublished } from './published-file.js';

/** `rotation-2026-03.json` and the like, beside the bundles. */
const ROTATION_FILE = /^rotation.*\.json$/;

/**
 * Reads a folder of bundles, one a folder, and the rotations beside them.
 * @throws SolventError `file-unreadable` (usage), or of class `format` with the path.
 */
export async function loadHistory(directory: string): Promise<History> {
  requirePath(directory, 'the history');
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(directory, cause, 'a folder of bundles');
  });
  const manifests: PublishedManifest[] = [];
  const rotations: Rotation[] = [];
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      const names = await readdir(path);
      if (!names.includes(BUNDLE_FILES.manifest)) continue;
      manifests.push({
        manifest: await loadPublished(join(path, BUNDLE_FILES.manifest), parseManifest),
        signature: await loadPublished(join(path, BUNDLE_FILES.signature), parseSignature),
        origin: path,
      });
    } else if (ROTATION_FILE.test(entry.name)) {
      rotations.push(await loadPublished(path, parseRotation));
    }
  }
  return { manifests, rotations };
}
