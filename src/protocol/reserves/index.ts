export * from './binary.js';
export * from './challenge.js';
export * from './entries.js';
export * from './evidence.js';
export * from './levels.js';
export * from './limits.js';
export * from './pins.js';
export { joinKey, tokenAmount, unitAmount } from './primitives.js';
export * from './reserves-file.js';
