import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import {
  BUNDLE_FILES,
  parseManifest,
  parseRotation,
  parseSignature,
  requirePath,
  SolventError,
  type Rotation,
} from '../../protocol/index.js';
import { parseReserves, RESERVES_FILE, RESERVES_SIGNATURE_FILE } from '../../protocol/reserves/index.js';
import type { History, PublishedManifest, PublishedReserves } from '../history/history.js';
import { unreadable } from './files.js';
import { loadFromDirectory } from './reserves-files.js';
import { refuseUse } from '../errors.js';

/** `rotation-2026-03.json` and the like, beside the bundles. */
const ROTATION_FILE = /^rotation.*\.json$/;

/** The directory beside the files of a bundle, in a history, that has its reserves. */
const RESERVES_DIRECTORY = 'reserves';

/** The directory of a published site that holds its history. */
export const HISTORY_DIRECTORY = 'history';

/**
 * Reads a directory of bundles, one a directory, with the reserves in each, and the rotations beside them; of a published site its history. Nothing but
 * regular files is read: others may have filled the directory, and a link in it would lead to a file of the reader's own.
 * @throws SolventError `file-unreadable` (usage), or of class `format` with the path.
 */
export async function loadHistory(named: string): Promise<Required<History>> {
  const directory = await locateHistory(requirePath(named, 'the history'));
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(directory, cause, 'a directory of bundles');
  });
  if (entries.some(({ name }) => name === BUNDLE_FILES.manifest)) throw singleBundle(directory);
  const manifests: PublishedManifest[] = [];
  const reserves: PublishedReserves[] = [];
  const rotations: Rotation[] = [];
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      const names = await readdir(path);
      if (!names.includes(BUNDLE_FILES.manifest)) continue;
      manifests.push({
        manifest: await loadFromDirectory(join(path, BUNDLE_FILES.manifest), parseManifest),
        signature: await loadFromDirectory(join(path, BUNDLE_FILES.signature), parseSignature),
        origin: path,
      });
      if (names.includes(RESERVES_DIRECTORY)) reserves.push(await loadReserves(path));
    } else if (ROTATION_FILE.test(entry.name)) {
      rotations.push(await loadFromDirectory(path, parseRotation));
    } else if (entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isDirectory()) {
      throw linkedDirectory(path);
    }
  }
  return { manifests, rotations, reserves };
}

/** What says which reserves they are; a history may have no more of them. */
async function loadReserves(origin: string): Promise<PublishedReserves> {
  const directory = join(origin, RESERVES_DIRECTORY);
  if (!(await lstat(directory)).isDirectory()) throw linkedDirectory(directory);
  return {
    reserves: await loadFromDirectory(join(directory, RESERVES_FILE), parseReserves),
    signature: await loadFromDirectory(join(directory, RESERVES_SIGNATURE_FILE), parseSignature),
    origin,
  };
}

/** A published site is one of whose directories is `history`, which holds bundles and is none itself. */
async function locateHistory(path: string): Promise<string> {
  const history = join(path, HISTORY_DIRECTORY);
  const found = await lstat(history).catch(() => undefined);
  if (found?.isDirectory() !== true) return path;
  const names: readonly string[] = await readdir(history);
  return names.includes(BUNDLE_FILES.manifest) ? path : history;
}

/** One bundle has no history: the directory that all are in has. */
function singleBundle(path: string): SolventError {
  return refuseUse('file-unreadable', {
    expected: 'a published site, or a directory of bundles',
    found: `a single bundle at ${path}`,
    advice: 'give the site, or the directory that its bundles are in',
    details: { path, reason: 'a bundle' },
  });
}

function linkedDirectory(path: string): SolventError {
  return refuseUse('file-unreadable', {
    expected: `a directory at ${path}`,
    found: 'a symbolic link',
    advice: 'put the directory itself there',
    details: { path, reason: 'a symbolic link' },
  });
}
