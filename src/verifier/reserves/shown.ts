// How a report is shown, for the site and the check page. No entry of the package.
export { listLevelsApart, reportStatedReserves, type StatedReserve } from './report.js';
export { MARKS } from './sums.js';
export {
  COVERAGE_WORDS,
  formatRatio,
  LEVEL_WORDS,
  listReservesNotShown,
  MARK_WORDS,
  retellReserves,
} from './words.js';
