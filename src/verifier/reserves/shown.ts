// How a report is shown, for the site and the check page. No entry of the package.
export { listLevelsApart, reportStatedReserves, type StatedReserve } from './report.js';
export { MARKS } from './sums.js';
export { COVERAGE_WORDS, formatRatio, listReservesNotShown, MARK_WORDS } from './words.js';
