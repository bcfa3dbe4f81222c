export * from './chain.js';
export * from './evidence.js';
export * from './transcript.js';
