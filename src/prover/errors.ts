import { defineErrors } from '../protocol/index.js';

/** Why a run of proofs, or an inclusion file, cannot be made: whose move is next, and what to do. */
export const PROVER_ERRORS = {
  // What was asked for.
  /** Not a number of workers that a machine could have. */
  'workers-out-of-range': { class: 'usage' },
  /** The run directory belongs to another snapshot or other keys. */
  'run-inputs-changed': { class: 'usage', advice: 'give the same again, or name a new run directory' },
  /** A private file or directory of the run is somebody else's, or open to others. */
  'run-not-private': { class: 'usage' },
  /** There is a secret in a run directory where no run has begun. */
  'run-secret-foreign': {
    class: 'usage',
    advice: 'whoever put it there may know it. Name a new run directory',
  },
  /** The run directory holds a bundle that this run did not make, or that another key signed. */
  'bundle-of-another-run': {
    class: 'usage',
    advice: 'find out how it came there; then name a new run directory, or remove the bundle and prove again',
  },
  /** The run directory holds no finished bundle. */
  'run-incomplete': { class: 'usage', advice: 'run solvent prove to its end first' },
  /** What the key signs does not verify under its public key. */
  'signing-key-unsuitable': { class: 'usage', advice: 'bring the key pair that setup made' },
  /** The snapshot has no account of that user. */
  'user-not-found': { class: 'usage', advice: 'ids are compared letter for letter' },
  /** The snapshot has more assets than the circuits of the profile have room for. */
  'too-many-assets': { class: 'usage', advice: 'list fewer' },
  /** A snapshot of nobody. */
  'no-accounts': { class: 'usage', advice: 'make one with users' },
  /** No engine has this name. */
  'engine-unknown': { class: 'usage' },
  /** The binary or the feature that the engine needs is not there. */
  'engine-unavailable': { class: 'usage' },

  // What lies on the disk.
  /** A file of the run directory cannot be made again without loss, and is not what this run wrote. */
  'run-file-malformed': { class: 'artefact' },
  /** Circuits or keys of another profile than the one asked for. */
  'circuit-mismatch': { class: 'artefact', advice: 'run setup for this profile' },
  /** Not the witness generator of this circuit. */
  'witness-generator-malformed': { class: 'artefact', advice: 'compile the circuits again' },

  // Proofs.
  /** The circuit refuses these accounts. */
  'witness-refused': { class: 'proving' },
  /** A witness is of another circuit than the key. */
  'witness-mismatch': { class: 'proving', advice: 'it belongs to another circuit than the key' },
  /** The engine itself reports an error. */
  'proving-failed': { class: 'proving' },
  /** A proof was made and does not verify. */
  'proof-refused': { class: 'proving', advice: 'check that proving and verification key are of one setup' },
  /** There is no proof after the allowed number of attempts. */
  'proof-failed': {
    class: 'proving',
    advice: 'give it more memory or fewer workers, and run the command again',
  },

  // What cannot be.
  /** A key that one engine loaded was given to another. */
  'engine-key-mismatch': { class: 'invariant' },
  /** A prover was used after it was closed. */
  'engine-closed': { class: 'invariant' },
  /** Finished proofs do not pass the checks that everyone makes. */
  'bundle-refused': { class: 'invariant', advice: 'nothing was published, start a new run directory' },
  /** Ids or holdings of a sealed snapshot are out of form, order or range. */
  'account-malformed': { class: 'invariant', advice: 'make the snapshot again' },
  /** One user stands twice in a sealed snapshot. */
  'account-doubled': { class: 'invariant', advice: 'make the snapshot again' },
  /** A statement of a sealed snapshot does not add up to its account's holdings. */
  'statement-mismatch': { class: 'invariant', advice: 'make the snapshot again' },
  /** Accounts do not add up to what the snapshot states. */
  'snapshot-mismatch': { class: 'invariant', advice: 'make the snapshot again' },
  /** Circuit and protocol disagree about what was proven. */
  'public-signals-mismatch': { class: 'invariant', advice: 'its circuit is of another version' },
} as const;

export type ProverCode = keyof typeof PROVER_ERRORS;

/** Makes an error about a run, its proofs or its inclusion files. */
export const refuseProver = defineErrors(PROVER_ERRORS);
