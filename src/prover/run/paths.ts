import { join } from 'node:path';

import { BUNDLE_FILES } from '../../protocol/index.js';

/** Permission bits of private files: their owner alone reads them. */
export const PRIVATE_FILE_MODE = 0o600;
/** Permission bits of private directories. */
export const PRIVATE_DIRECTORY_MODE = 0o700;

/** Every path of a run's directory. Only `bundle` is ever published. */
export type RunPaths = ReturnType<typeof runPaths>;

/** The paths of the run in a directory. */
export function runPaths(directory: string) {
  const hidden = join(directory, 'private');
  const sealed = join(hidden, 'sealed');
  const batches = join(hidden, 'batches');
  const proofs = join(hidden, 'proofs');
  return {
    directory,
    bundle: join(directory, 'bundle'),
    private: hidden,
    secret: join(hidden, 'secret'),
    pin: join(hidden, 'run.json'),
    /** A hash of all rows and the whole manifest, stored before anything is committed to. */
    content: join(hidden, 'content.json'),
    salt: join(hidden, 'salt'),
    /** Where the rows of each account are, in the order of the snapshot. */
    accounts: join(hidden, 'accounts.ndjson'),
    /** The statements of all accounts, one behind the other. */
    statements: join(hidden, 'statements'),
    /** Which inclusion file is whose. */
    inclusionNames: join(hidden, 'inclusion-names.ndjson'),
    /** What every proof is made under, written and synced before the first. */
    sealed,
    commitments: join(sealed, BUNDLE_FILES.commitments),
    manifest: join(sealed, BUNDLE_FILES.manifest),
    weights: join(sealed, BUNDLE_FILES.weights),
    batches,
    proofs,
    batch: (index: number) => join(batches, String(index)),
    proof: (index: number) => join(proofs, `${index}.json`),
  };
}

/** The directories that a run works in, `private` first. */
export function privateDirectories(paths: RunPaths): string[] {
  return [paths.private, paths.sealed, paths.batches, paths.proofs];
}
