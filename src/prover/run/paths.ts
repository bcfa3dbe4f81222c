import { join } from 'node:path';

/** Permission bits of private files. */
export const PRIVATE_FILE_MODE = 0o600;
/** Permission bits of private folders. */
export const PRIVATE_DIRECTORY_MODE = 0o700;

/** Every path of a run's directory. Only `bundle` is ever published. */
export type RunPaths = ReturnType<typeof runPaths>;

/** The paths of the run in a directory. */
export function runPaths(directory: string) {
  const hidden = join(directory, 'private');
  const batches = join(hidden, 'batches');
  const trees = join(hidden, 'trees');
  const proofs = join(hidden, 'proofs');
  return {
    directory,
    bundle: join(directory, 'bundle'),
    private: hidden,
    secret: join(hidden, 'secret'),
    pin: join(hidden, 'run.json'),
    /** Which inclusion file is whose. */
    inclusionNames: join(hidden, 'inclusion-names.ndjson'),
    batches,
    trees,
    proofs,
    plan: join(batches, PLAN_FILE),
    batch: (circuit: string, index: number) => join(batches, batchFile(circuit, index)),
    keys: (circuit: string) => join(batches, keysFile(circuit)),
    tree: (circuit: string, index: number) => join(trees, `${circuit}.${index}`),
    batchProof: (circuit: string, index: number) => join(proofs, `${circuit}.${index}.json`),
    aggregateProof: (layer: number, index: number) => join(proofs, `aggregate.${layer}.${index}.json`),
  };
}

/** The file that says how many batches there are. */
export const PLAN_FILE = 'plan.json';
/** The file of one batch's private input. */
export const batchFile = (circuit: string, index: number): string => `${circuit}.${index}`;
/** The file of the shuffle keys of a circuit's rows, in order. */
export const keysFile = (circuit: string): string => `${circuit}.keys`;
