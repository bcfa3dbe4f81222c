import { addStages } from '../snapshot/index.js';

/** The queries of this room, below `analysis/`. */
addStages('analysis', new URL('./sql', import.meta.url));
