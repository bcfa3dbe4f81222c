/** What can go wrong while a circuit is compiled; all of class `artefact`. */
export type CompileCode =
  /** A circuit or a file that it includes is not where the package should have it. */
  | 'circuit-source-missing'
  /** The compiler ended with an error, or without what it was asked for. */
  | 'circuit-compilation-failed';
