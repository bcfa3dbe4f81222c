import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  encodeRotation,
  formatManifestHash,
  parseRotation,
  type Manifest,
  type Rotation,
} from '../protocol/index.js';
import { verifyHistory, type History } from '../verifier/index.js';
import { loadHistory, loadPublished } from '../verifier/node/index.js';
import { ALL_FILES, copyFiles, loadSigned, SMALL_FILES, type Signed } from './bundle-files.js';
import type { PublishedSnapshot } from './snapshot.js';

const HISTORY = 'history';

/** The chain of snapshots that a new one ends. */
export type Chain = {
  /** Those before it, the newest first. */
  readonly snapshots: readonly PublishedSnapshot[];
  /** Writes the chain's folder of a site. */
  readonly write: (site: string) => Promise<void>;
};

/** Where a chain comes from. */
export type ChainSources = {
  /** The folder of the new bundle. */
  readonly bundle: string;
  /** The site that was published before. */
  readonly previous?: string | undefined;
  /** Changes of the signing key since then, as files. */
  readonly rotations?: readonly string[] | undefined;
};

type Earlier = {
  readonly snapshot: PublishedSnapshot;
  readonly from: string;
  readonly names: readonly string[];
};

/**
 * Reads the chain from the site before, and holds it and the new snapshot to be one without gap or fork. A site's
 * `history` has the small files of every snapshot and the whole bundles of all but the newest, so that
 * `history verify` walks it as it is.
 * @throws SolventError with a `HistoryCode`; `bundle-incomplete`; of class `format`.
 */
export async function loadChain(
  { bundle, previous, rotations = [] }: ChainSources,
  signed: Signed,
): Promise<Chain> {
  const own = [bundle, folderOf(signed.manifest), SMALL_FILES] as const;
  if (previous === undefined) {
    return {
      snapshots: [],
      write: (site) => copyFiles(own[0], join(site, own[1]), own[2]),
    };
  }
  const before = await loadHistory(join(previous, HISTORY));
  const added = await Promise.all(rotations.map((path) => loadPublished(path, parseRotation)));
  const history: History = {
    manifests: [...before.manifests, { ...signed, origin: bundle }],
    rotations: [...before.rotations, ...added],
  };
  const earlier = await listEarlier(history, { previous, signed });
  return {
    snapshots: earlier.map(({ snapshot }) => snapshot),
    write: async (site) => {
      await copyFiles(own[0], join(site, own[1]), own[2]);
      for (const { from, names, snapshot } of earlier) {
        await copyFiles(from, join(site, snapshot.folder), names);
      }
      for (const rotation of history.rotations) await writeRotation(site, rotation);
    },
  };
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
    const names = isLast ? ALL_FILES : (await readdir(from)).filter((name) => ALL_FILES.includes(name));
    earlier.push({ snapshot: { takenAt, manifestHash, folder: folderOf(manifest) }, from, names });
  }
  return earlier;
}

/** A folder for each instant, which no two snapshots of a chain share. Not every file system takes colons. */
function folderOf({ takenAt }: Manifest): string {
  return `${HISTORY}/${takenAt.replaceAll(':', '')}`;
}

/** Changes of the signing key lie beside the snapshots. */
function writeRotation(site: string, rotation: Rotation): Promise<void> {
  const name = `rotation-${rotation.newKey.slice(0, 16)}.json`;
  return writeFile(join(site, HISTORY, name), encodeRotation(rotation));
}
