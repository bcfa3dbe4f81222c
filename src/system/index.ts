export * from './disk-errors.js';
export * from './files.js';
export * from './lock.js';
export * from './output.js';
export * from './paths.js';
export * from './published-file.js';
export * from './regular-file.js';
export type { UnreadableCode } from './unreadable-file.js';
export * from './same-files.js';
