/** What can go wrong when a site is made. */
export type PublishCode =
  /** artefact: the check page was not built. */
  | 'page-not-built'
  /** usage: there is no finished bundle in the run, or the previous site has none. */
  | 'bundle-incomplete'
  /** usage: the site would lie in the run's directory, beside what is private. */
  | 'site-inside-run'
  /** usage: the manifest names an earlier one, and the site that has it was not given, or both it and none. */
  | 'history-not-given'
  /** verification: readers with this trust file would refuse the bundle. */
  | 'bundle-not-valid';
