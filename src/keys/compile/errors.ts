/** What can go wrong while a circuit is compiled; all of class `artefact`. */
export type CompileCode =
  /** A circuit or a file that it includes is not where the package should have it. */
  | 'circuit-source-missing'
  /** The sizes make no circuit: a batch larger than its tree, an index that cannot reach every asset. */
  | 'circuit-parameters-invalid'
  /** The compiler ended with an error, or without what it was asked for. */
  | 'circuit-compilation-failed';
