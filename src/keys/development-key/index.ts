export { DevelopmentKeyMaker, type KeyProgress } from './development-key-maker.js';
