import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import { readRegularFile } from '../../system/index.js';
import {
  BUNDLE_FILES,
  deriveAggregateBlind,
  hashManifest,
  parseManifest,
  parseSignature,
  SolventError,
  type Manifest,
  type RunSecret,
} from '../../protocol/index.js';
import { countLayers } from '../aggregate/layers.js';
import type { ProverCode } from '../errors.js';
import type { RunPaths } from '../run/paths.js';
import { describeInputs, haveSameKeys, mergeInputs, type RunPin } from '../run/pin.js';
import { headOf } from './manifest.js';
import { isManifestSigned } from './signature.js';

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_SIGNATURE_BYTES = 4096;

/** The run that a bundle is held to. */
export type BundleOwner = {
  readonly paths: RunPaths;
  readonly secret: RunSecret;
  readonly pin: RunPin;
  /** The key that signs, 64 hexadecimal digits; without it whoever signed is as good. */
  readonly publicKey?: string;
};

/**
 * The manifest of a run's finished bundle, or undefined where there is none yet. Bundles appear whole; what is there and
 * is not this run's own was put there.
 * @throws SolventError `run-file-malformed` where it is no bundle; `bundle-of-another-run` where its snapshot, its keys,
 * its blinds or its signer are others.
 */
export async function loadOwnBundle(owner: BundleOwner): Promise<Manifest | undefined> {
  const { bundle } = owner.paths;
  const isThere = await lstat(bundle).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const { manifest, signature } = await readSigned(bundle);
  const foreign = findForeignPart(manifest, owner);
  if (foreign !== undefined) throw ofAnotherRun(bundle, foreign);
  const isSigned = isManifestSigned(hashManifest(manifest), signature);
  if (!isSigned) throw ofAnotherRun(bundle, 'an invalid signature');
  if (owner.publicKey !== undefined && signature.publicKey !== owner.publicKey) {
    throw ofAnotherRun(bundle, `one that ${signature.publicKey} signed, and not ${owner.publicKey}`);
  }
  return manifest;
}

async function readSigned(bundle: string) {
  try {
    for (const name of Object.values(BUNDLE_FILES)) {
      if (!(await lstat(join(bundle, name))).isFile()) throw new Error(`expected a file ${name}`);
    }
    return {
      manifest: parseManifest(await readRegularFile(join(bundle, BUNDLE_FILES.manifest), MAX_MANIFEST_BYTES)),
      signature: parseSignature(
        await readRegularFile(join(bundle, BUNDLE_FILES.signature), MAX_SIGNATURE_BYTES),
      ),
    };
  } catch (cause) {
    throw new SolventError<ProverCode>(
      'artefact',
      'run-file-malformed',
      `expected a bundle that this command wrote in ${bundle}, got something else: remove it and prove again`,
      { details: { path: bundle }, cause },
    );
  }
}

/** What of a bundle's manifest this run cannot have written. */
function findForeignPart(manifest: Manifest, { pin, secret }: BundleOwner): string | undefined {
  const { profile, circuits, top } = manifest;
  const names = circuits.map(({ name }) => name);
  try {
    const merged = mergeInputs(pin, describeInputs(headOf(manifest), profile, { names, present: circuits }));
    if (!haveSameKeys(merged, pin)) return 'one of other keys';
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    return 'one of another snapshot, or of other keys';
  }
  // Follows from the secret of the run alone: two runs of one snapshot differ in it.
  const blind = deriveAggregateBlind(secret, countLayers(manifest), 0);
  return top.blind === blind.toString() ? undefined : 'one of another run';
}

function ofAnotherRun(path: string, found: string): SolventError<ProverCode> {
  return new SolventError(
    'usage',
    'bundle-of-another-run',
    `expected the bundle of this run in ${path}, got ${found}: find out how it came there; then name a new run directory, or remove the bundle and prove again`,
    { details: { path } },
  );
}
