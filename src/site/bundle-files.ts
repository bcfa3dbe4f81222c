import { lstat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import {
  copyRegularFile,
  describeDirectory,
  isDirectory,
  makeDirectory,
  readRegularFile,
} from '../system/index.js';
import {
  BUNDLE_FILES,
  parseManifest,
  parseSignature,
  PUBLISHED_FILES,
  type BundleFileKind,
  type Manifest,
  type ManifestSignature,
} from '../protocol/index.js';
import { refuseSite } from './errors.js';

/** A snapshot that a site holds. */
export type PublishedSnapshot = {
  readonly takenAt: string;
  readonly manifestHash: string;
  /** Where its files are, from the site's root. */
  readonly directory: string;
};

/** What the chain of snapshots is walked with. */
export const SMALL_FILES: readonly string[] = [BUNDLE_FILES.manifest, BUNDLE_FILES.signature];
/** Everything that a bundle may have. */
export const ALL_FILES: readonly string[] = Object.values(BUNDLE_FILES);

/** A manifest with its signature. */
export type Signed = { readonly manifest: Manifest; readonly signature: ManifestSignature };

/**
 * The manifest and signature of a bundle that has all of its files, none of them a link to somewhere else.
 * @throws SolventError `bundle-incomplete`, or of class `format`.
 */
export async function loadSigned(bundle: string): Promise<Signed> {
  if (!(await isDirectory(bundle))) throw await refuseRun(bundle);
  await assertFiles(bundle, SMALL_FILES);
  const manifest = parseManifest(await readWhole(bundle, 'manifest'));
  const signature = parseSignature(await readWhole(bundle, 'signature'));
  await assertFiles(bundle, listFiles(manifest));
  return { manifest, signature };
}

/** The files that the bundle of a manifest has: weighted totals only where there are margin circuits. */
export function listFiles({ circuits }: Manifest): readonly string[] {
  const isMargin = circuits.some(({ parameters }) => parameters.kind === 'margin');
  return ALL_FILES.filter((name) => isMargin || name !== BUNDLE_FILES.weights);
}

async function assertFiles(bundle: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const isFile = await lstat(join(bundle, name)).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!isFile) throw incomplete(bundle, `no file ${name} (${await describeRun(bundle)})`);
  }
}

/** A file of a bundle, no longer than its kind can be. @throws SolventError `file-unreadable`. */
function readWhole(bundle: string, kind: BundleFileKind): Promise<Uint8Array> {
  const { fileName, maxBytes } = PUBLISHED_FILES[kind];
  return readRegularFile(join(bundle, fileName), maxBytes);
}

/**
 * Copies named files from one directory into another, which is made. Whoever filled the first may have put links into it, to
 * files that are not theirs to publish: only regular files are copied.
 * @throws SolventError `file-unreadable`.
 */
export async function copyFiles(from: string, to: string, names: readonly string[]): Promise<void> {
  await makeDirectory(to);
  for (const name of names) await copyRegularFile(join(from, name), join(to, name));
}

/** What is where a run should be that has a bundle. */
async function describeRun(bundle: string): Promise<string> {
  return `${await describeDirectory(dirname(bundle))} at ${dirname(bundle)}`;
}

/** Why a directory that has no bundle in it is no finished run. */
async function refuseRun(bundle: string) {
  const run = dirname(bundle);
  if ((await describeDirectory(run)) !== 'a bundle') return incomplete(bundle, await describeRun(bundle));
  return refuseSite('bundle-incomplete', {
    expected: 'the directory of a finished run',
    found: `the bundle in it, ${run}`,
    advice: `give ${dirname(resolve(run))}`,
    details: { path: run },
  });
}

function incomplete(bundle: string, found: string) {
  const advice = found.includes(`(a published site at `)
    ? 'bring the whole site, without links in it'
    : 'run solvent prove to its end first';
  return refuseSite('bundle-incomplete', {
    expected: `a finished bundle in ${bundle}`,
    found,
    advice,
    details: { path: bundle },
  });
}
