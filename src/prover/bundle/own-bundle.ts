import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { isThere, readIfExists, readRegularFile } from '../../system/index.js';
import {
  BUNDLE_FILES,
  hashManifest,
  parseManifest,
  parseSignature,
  PUBLISHED_FILES,
  SolventError,
  type BundleFileKind,
  type Manifest,
} from '../../protocol/index.js';
import { stateClaim } from '../commit/compose-manifest.js';
import type { ProverCode } from '../errors.js';
import type { RunPaths } from '../run/paths.js';
import { describeInputs, listChanges, type RunPin } from '../run/pin.js';
import { isManifestSigned } from './signature.js';
import { refuseProver } from '../errors.js';

const MAX_LIST_BYTES = 1024 * 1024 * 1024;

/** The run that a bundle is held to. */
export type BundleOwner = {
  readonly paths: RunPaths;
  readonly pin: RunPin;
  /** The key that signs, 64 hexadecimal digits; without it whoever signed is as good. */
  readonly publicKey?: string;
};

/**
 * The manifest of a run's finished bundle, or undefined where there is none yet. Bundles appear whole; what is there and
 * is not this run's own was put there.
 * @throws SolventError `run-file-malformed` where it is no bundle; `bundle-of-another-run` where its snapshot, its keys,
 * what is committed to or its signer are others.
 */
export async function loadOwnBundle({ paths, pin, publicKey }: BundleOwner): Promise<Manifest | undefined> {
  const { bundle } = paths;
  if (!(await isThere(bundle))) return undefined;
  const { manifest, signature } = await readSigned(bundle);
  const changed = listChanges(pin, describeInputs(stateClaim(manifest), manifest));
  if (changed.length > 0) throw ofAnotherRun(bundle, 'one of another snapshot, or of other keys');
  if (!(await isSealed(paths))) throw ofAnotherRun(bundle, 'one of another run');
  if (!isManifestSigned(hashManifest(manifest), signature)) {
    throw ofAnotherRun(bundle, 'an invalid signature');
  }
  if (publicKey !== undefined && signature.publicKey !== publicKey) {
    throw ofAnotherRun(bundle, `one that ${signature.publicKey} signed, and not ${publicKey}`);
  }
  return manifest;
}

async function readSigned(bundle: string) {
  try {
    const names: string[] = [...(await readdir(bundle))];
    for (const [kind, name] of Object.entries(BUNDLE_FILES)) {
      if (kind === 'weights' && !names.includes(name)) continue;
      if (!(await lstat(join(bundle, name))).isFile()) throw new Error(`expected a file ${name}`);
    }
    return {
      manifest: parseManifest(await readBundleFile(bundle, 'manifest')),
      signature: parseSignature(await readBundleFile(bundle, 'signature')),
    };
  } catch (cause) {
    throw refuseProver('run-file-malformed', {
      expected: `a bundle that this command wrote in ${bundle}`,
      found: 'something else',
      advice: 'remove it and prove again',
      details: { path: bundle },
      cause,
    });
  }
}

/** Whether what was committed to in a bundle is what this run sealed, byte for byte. */
async function isSealed({ bundle, manifest, commitments, weights }: RunPaths): Promise<boolean> {
  const sealed = { manifest, commitments, weights };
  for (const [kind, path] of Object.entries(sealed) as [keyof typeof sealed, string][]) {
    const own = await readIfExists(path);
    const published = await readBundleFile(bundle, kind).catch(() => undefined);
    if ((own === undefined) !== (published === undefined)) return false;
    if (own !== undefined && !Buffer.from(own).equals(published!)) return false;
  }
  return true;
}

function readBundleFile(bundle: string, kind: BundleFileKind): Promise<Uint8Array> {
  const { maxBytes, isList } = PUBLISHED_FILES[kind];
  return readRegularFile(join(bundle, BUNDLE_FILES[kind]), isList ? MAX_LIST_BYTES : maxBytes);
}

function ofAnotherRun(path: string, found: string): SolventError<ProverCode> {
  return refuseProver('bundle-of-another-run', {
    expected: `the bundle of this run in ${path}`,
    found,
    details: { path },
  });
}
