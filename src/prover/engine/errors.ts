/** Why a proving key could not be loaded, or a proof could not be made. */
export type EngineCode =
  | 'engine-unknown' // usage: no engine of that name
  | 'engine-unavailable' // usage: the binary or the feature that the engine needs is not there
  | 'engine-key-mismatch' // invariant: a key loaded by one engine was given to another
  | 'engine-closed' // invariant: a prover was used after close()
  | 'witness-mismatch' // proving: a witness of another circuit
  | 'proving-failed'; // proving: the engine itself reported an error
