import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { isDirectory } from '../system/index.js';
import {
  encodeRotation,
  formatManifestHash,
  parseRotation,
  type Manifest,
  type Rotation,
} from '../protocol/index.js';
import { RESERVES_FILE, RESERVES_SIGNATURE_FILE } from '../protocol/reserves/index.js';
import { verifyHistory, type History } from '../verifier/index.js';
import { HISTORY_DIRECTORY, loadHistory, loadPublished } from '../verifier/node/index.js';
import {
  ALL_FILES,
  copyFiles,
  listFiles,
  loadSigned,
  SMALL_FILES,
  type Signed,
  type PublishedSnapshot,
} from './bundle-files.js';
import { refuseSite } from './errors.js';
import { copyReserves, RESERVES_DIRECTORY } from './reserves.js';

/** The chain of snapshots that a new one ends. */
export type Chain = {
  /** Those before it, the newest first. */
  readonly snapshots: readonly PublishedSnapshot[];
  /** Writes the chain's directory of a site. */
  readonly write: (site: string) => Promise<void>;
};

/** Where a chain comes from. */
export type ChainSources = {
  /** The directory of the new bundle. */
  readonly bundle: string;
  /** The reserves of the new bundle, where they are published beside it. */
  readonly reserves?: string | undefined;
  /** The site that was published before. */
  readonly previous?: string | undefined;
  /** Changes of the signing key since then, as files. */
  readonly rotations?: readonly string[] | undefined;
  /** That the snapshots before this one are left out, if its manifest names one. */
  readonly withoutHistory?: boolean | undefined;
};

/** What the chain of reserves is walked with. */
const SMALL_RESERVES_FILES = [RESERVES_FILE, RESERVES_SIGNATURE_FILE];

type Earlier = {
  readonly snapshot: PublishedSnapshot;
  readonly from: string;
  readonly names: readonly string[];
  /** The reserves that were published beside it; null where there were none. */
  readonly reservesFrom: string | null;
};

/**
 * Reads the chain from the site before, and holds it and the new snapshot to be one without gap or fork. A site's
 * `history` has the small files of every snapshot and the whole bundles of all but the newest, so that
 * `history verify` walks it as it is.
 * @throws SolventError with a `HistoryCode`; `history-not-given`, `bundle-incomplete`, `file-unreadable`; of class `format`.
 */
export async function loadChain(
  { bundle, reserves, previous, rotations = [], withoutHistory = false }: ChainSources,
  signed: Signed,
): Promise<Chain> {
  assertHistoryGiven(signed.manifest, { previous, withoutHistory });
  const own = [bundle, directoryOf(signed.manifest), SMALL_FILES] as const;
  const writeOwn = async (site: string) => {
    await copyFiles(own[0], join(site, own[1]), own[2]);
    if (reserves === undefined) return;
    await copyFiles(reserves, join(site, own[1], RESERVES_DIRECTORY), SMALL_RESERVES_FILES);
  };
  if (previous === undefined) {
    return {
      snapshots: [],
      write: writeOwn,
    };
  }
  const before = await loadHistory(await locateHistory(previous));
  const added = await Promise.all(rotations.map((path) => loadPublished(path, parseRotation)));
  const history: History = {
    manifests: [...before.manifests, { ...signed, origin: bundle }],
    rotations: [...before.rotations, ...added],
  };
  const earlier = await listEarlier(history, { previous, signed });
  return {
    snapshots: earlier.map(({ snapshot }) => snapshot),
    write: async (site) => {
      await writeOwn(site);
      for (const { from, names, snapshot, reservesFrom } of earlier) {
        await copyFiles(from, join(site, snapshot.directory), names);
        if (reservesFrom !== null) {
          await copyReserves(reservesFrom, join(site, snapshot.directory, RESERVES_DIRECTORY));
        }
      }
      for (const rotation of history.rotations) await writeRotation(site, rotation);
    },
  };
}

/** Without the site before, what was published before would be gone from the new one: only where that is meant. */
function assertHistoryGiven(
  { previousManifestHash }: Manifest,
  { previous, withoutHistory }: Pick<ChainSources, 'previous' | 'withoutHistory'>,
): void {
  if (previous !== undefined && withoutHistory) {
    throw notGiven('the site before or --no-history', 'both', 'leave one of them out');
  }
  if (previous !== undefined || withoutHistory || previousManifestHash === null) return;
  throw notGiven(
    `the site that published the manifest ${previousManifestHash}, which this one follows`,
    'none',
    'name it with --previous, or say --no-history where the history is to end',
  );
}

/** The history of a site, which must be a directory of its own and no link. */
async function locateHistory(site: string): Promise<string> {
  const path = join(site, HISTORY_DIRECTORY);
  if (await isDirectory(path)) return path;
  throw notGiven(
    `a published site with its directory ${HISTORY_DIRECTORY} in ${site}`,
    'none',
    'name the whole site',
  );
}

function notGiven(expected: string, found: string, advice: string) {
  return refuseSite('history-not-given', { expected, found, advice });
}

async function listEarlier(
  history: History,
  { previous, signed }: { previous: string; signed: Signed },
): Promise<Earlier[]> {
  const { manifest: last } = await loadSigned(join(previous, 'bundle'));
  const { entries } = verifyHistory(history, {
    lastManifestHash: formatManifestHash(signed.manifest),
    signingKey: signed.signature.publicKey,
  });
  const byHash = new Map(history.manifests.map((found) => [formatManifestHash(found.manifest), found]));
  const earlier: Earlier[] = [];
  for (const { manifestHash, takenAt } of entries.slice(0, -1).reverse()) {
    const { manifest, origin } = byHash.get(manifestHash)!;
    // The newest of the site before is whole in its bundle; its history has the small files of it.
    const isLast = manifestHash === formatManifestHash(last);
    const from = isLast ? join(previous, 'bundle') : origin;
    const names = isLast
      ? listFiles(manifest)
      : (await readdir(from)).filter((name) => ALL_FILES.includes(name));
    const reserves = join(isLast ? previous : from, RESERVES_DIRECTORY);
    earlier.push({
      ...{ snapshot: { takenAt, manifestHash, directory: directoryOf(manifest) }, from, names },
      reservesFrom: (await isDirectory(reserves)) ? reserves : null,
    });
  }
  return earlier;
}

/** A directory for each instant, which no two snapshots of a chain share. Not every file system takes colons. */
function directoryOf({ takenAt }: Manifest): string {
  return `${HISTORY_DIRECTORY}/${takenAt.replaceAll(':', '')}`;
}

/** Changes of the signing key lie beside the snapshots, named after the one that each follows: keys may return. */
function writeRotation(site: string, rotation: Rotation): Promise<void> {
  const name = `rotation-${rotation.lastManifestHash?.slice(0, 16) ?? 'first'}.json`;
  return writeFile(join(site, HISTORY_DIRECTORY, name), encodeRotation(rotation));
}
