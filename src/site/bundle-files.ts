import { copyFile, lstat, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { describePlace, readNamedFile } from '../system/index.js';
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
  for (const name of ALL_FILES) {
    const isFile = await lstat(join(bundle, name)).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!isFile) {
      throw new SolventError<PublishCode>(
        'usage',
        'bundle-incomplete',
        `expected a finished bundle in ${bundle}, got no file ${name} (${dirname(bundle)}: ${await describePlace(dirname(bundle))}): run solvent prove to its end first`,
        { details: { path: bundle } },
      );
    }
  }
  return {
    manifest: parseManifest(await readNamedFile(join(bundle, BUNDLE_FILES.manifest), MAX_MANIFEST_BYTES)),
    signature: parseSignature(await readNamedFile(join(bundle, BUNDLE_FILES.signature), MAX_SIGNATURE_BYTES)),
  };
}

/** Copies named files from one folder into another, which is made. */
export async function copyFiles(from: string, to: string, names: readonly string[]): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of names) await copyFile(join(from, name), join(to, name));
}
