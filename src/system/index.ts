export * from './disk-errors.js';
export * from './files.js';
export * from './garbage.js';
export * from './lock.js';
export { describeHolder, type LockHolder } from './lock-holder.js';
export * from './make-directory.js';
export * from './output.js';
export * from './paths.js';

export * from './thread-pool.js';
export * from './regular-file.js';
export * from './errors.js';
export * from './same-files.js';
