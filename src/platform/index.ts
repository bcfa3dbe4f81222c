export * from './files.js';
export * from './lock.js';
export * from './paths.js';
