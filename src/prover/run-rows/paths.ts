import { join } from 'node:path';

import { BUNDLE_FILES } from '../../protocol/rows/index.js';

/** Every path of a run's directory. Only `bundle` is ever published. */
export type RowRunPaths = ReturnType<typeof rowRunPaths>;

/** The paths of the run in a directory. */
export function rowRunPaths(directory: string) {
  const hidden = join(directory, 'private');
  const sealed = join(hidden, 'sealed');
  const batches = join(hidden, 'batches');
  const groups = join(hidden, 'groups');
  const proofs = join(hidden, 'proofs');
  return {
    directory,
    bundle: join(directory, 'bundle'),
    private: hidden,
    secret: join(hidden, 'secret'),
    salt: join(hidden, 'salt'),
    pin: join(hidden, 'run.json'),
    /** Where the rows of each account are. */
    accounts: join(hidden, 'accounts.ndjson'),
    /** What every proof is made under, written and synced before the first. */
    sealed,
    commitments: join(sealed, BUNDLE_FILES.commitments),
    manifest: join(sealed, BUNDLE_FILES.manifest),
    weights: join(sealed, BUNDLE_FILES.weights),
    batches,
    groups,
    proofs,
    batch: (index: number) => join(batches, String(index)),
    groupsOf: (index: number) => join(groups, `${index}.ndjson`),
    proof: (index: number) => join(proofs, `${index}.json`),
  };
}
