export { DevelopmentKeyMaker, type KeyProgress } from './development-key-maker.js';
export type { DevelopmentKeyCode } from './errors.js';
