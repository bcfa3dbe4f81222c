/** What can go wrong when a site is made. */
export type PublishCode =
  /** artefact: the check page was not built. */
  | 'page-not-built'
  /** usage: there is no finished bundle in the run, or the previous site has none. */
  | 'bundle-incomplete'
  /** verification: readers with this trust file would refuse the bundle. */
  | 'bundle-not-valid';
