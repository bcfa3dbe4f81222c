/** A snapshot that a site holds. */
export type PublishedSnapshot = {
  readonly takenAt: string;
  readonly manifestHash: string;
  /** Where its files are, from the site's root. */
  readonly directory: string;
};
