export { addHistoryCommand } from './history.js';
export { addExample, encodeOutput, type Output } from './output.js';
export { addReservesCommand, type OpenNodes } from './reserves.js';
export { addTrustCommand, writeTrust } from './trust.js';
export { formatVersion, loadBuild, type Build } from './version.js';
