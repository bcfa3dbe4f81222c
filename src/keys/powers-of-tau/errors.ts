/** What can be wrong with a whole file of powers of tau; all of class `artefact`. */
export type PowersOfTauCode =
  /** Its circuits would need more rows than it has. */
  | 'powers-of-tau-too-small'
  /** Its hash is not one of the published ones, and nobody said that it need not be. */
  | 'powers-of-tau-unknown'
  /** Another file than the one that a ceremony was begun with. */
  | 'powers-of-tau-changed';
