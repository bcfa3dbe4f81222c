// How a report is shown, for the site and the check page. No entry of the package.
export { retellReport } from '../report.js';
export { listLevelsApart, reportStatedReserves, retellReserves, type StatedReserve } from './report.js';
export { MARKS } from './sums.js';
export { COVERAGE_WORDS, formatRatio, LEVEL_WORDS, listReservesNotShown, MARK_WORDS } from './words.js';
