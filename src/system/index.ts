export * from './disk-errors.js';
export * from './files.js';
export * from './lock.js';
export * from './output.js';
export * from './paths.js';
export * from './places.js';
