/** Why a run of proofs, or an inclusion file, could not be made. */
export type ProverCode =
  | 'workers-out-of-range' // usage: not a number of workers that a machine could have
  | 'run-inputs-changed' // usage: the run directory belongs to another snapshot or other keys
  | 'run-not-private' // usage: a private file or directory of the run is somebody else's, or open to others
  | 'run-secret-foreign' // usage: there is a secret in a run directory where no run has begun
  | 'bundle-of-another-run' // usage: the run directory holds a bundle that this run did not make, or another key signed
  | 'run-incomplete' // usage: the run directory holds no finished bundle
  | 'signing-key-unsuitable' // usage: what it signs does not verify under its public key
  | 'user-not-found' // usage: no account of that user in the snapshot
  | 'too-many-assets' // usage: more assets than the circuits of the profile have room for
  | 'no-accounts' // usage: a snapshot of nobody
  | 'run-file-malformed' // artefact: a file of the run directory that cannot be made again without loss
  | 'circuit-mismatch' // artefact: circuits or keys of another profile than the one asked for
  | 'witness-generator-malformed' // artefact: not the witness generator of this circuit
  | 'witness-refused' // proving: the circuit refuses these accounts
  | 'proof-refused' // proving: a proof was made and does not verify
  | 'proof-failed' // proving: no proof after the allowed number of attempts
  | 'bundle-refused' // invariant: finished proofs do not pass the checks that everyone makes
  | 'account-malformed' // invariant: ids or holdings of a sealed snapshot out of form, order or range
  | 'account-doubled' // invariant: one user twice in a sealed snapshot
  | 'statement-mismatch' // invariant: a statement of a sealed snapshot that does not add up to its account's holdings
  | 'snapshot-mismatch' // invariant: accounts do not add up to what the snapshot states
  | 'public-signals-mismatch'; // invariant: circuit and protocol disagree about what was proven
