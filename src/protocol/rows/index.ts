export * from './encoding.js';
export * from './layout.js';
export * from './packing.js';
export * from './profiles.js';
