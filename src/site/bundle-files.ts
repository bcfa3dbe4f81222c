import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { copyRegularFile, isDirectory, readRegularFile } from '../system/index.js';
import {
  BUNDLE_FILES,
  parseManifest,
  parseSignature,
  SolventError,
  type Manifest,
  type ManifestSignature,
} from '../protocol/index.js';
import type { PublishCode } from './errors.js';

/** Everything that a bundle has. */
export const ALL_FILES: readonly string[] = Object.values(BUNDLE_FILES);
/** What the chain of snapshots is walked with. */
export const SMALL_FILES: readonly string[] = [BUNDLE_FILES.manifest, BUNDLE_FILES.signature];

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_SIGNATURE_BYTES = 4096;

/** A manifest with its signature. */
export type Signed = { readonly manifest: Manifest; readonly signature: ManifestSignature };

/**
 * The manifest and signature of a bundle that has all of its files, none of them a link to somewhere else.
 * @throws SolventError `bundle-incomplete`, or of class `format`.
 */
export async function loadSigned(bundle: string): Promise<Signed> {
  if (!(await isDirectory(bundle))) throw incomplete(bundle, 'no folder');
  for (const name of ALL_FILES) {
    const isFile = await lstat(join(bundle, name)).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!isFile) throw incomplete(bundle, `no file ${name}`);
  }
  return {
    manifest: parseManifest(await readRegularFile(join(bundle, BUNDLE_FILES.manifest), MAX_MANIFEST_BYTES)),
    signature: parseSignature(
      await readRegularFile(join(bundle, BUNDLE_FILES.signature), MAX_SIGNATURE_BYTES),
    ),
  };
}

/**
 * Copies named files from one folder into another, which is made. Whoever filled the first may have put links into it, to
 * files that are not theirs to publish: only regular files are copied.
 * @throws SolventError `file-unreadable`.
 */
export async function copyFiles(from: string, to: string, names: readonly string[]): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of names) await copyRegularFile(join(from, name), join(to, name));
}

function incomplete(bundle: string, found: string): SolventError<PublishCode> {
  return new SolventError(
    'usage',
    'bundle-incomplete',
    `expected a finished bundle in ${bundle}, got ${found}: run prove to its end first`,
    { details: { path: bundle } },
  );
}
