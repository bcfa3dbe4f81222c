export { DevelopmentKeyMaker, type KeyProgress } from './development-key-maker.js';
export type { DevelopmentKeyCode } from './errors.js';
export { verificationKeyOf } from './verification-key.js';
