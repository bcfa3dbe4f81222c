import type { Profile } from '../../../src/protocol/index.js';

/** The smallest profile that there can be: real circuits, of a few thousand constraints. */
export const LEAST: Profile = {
  name: 'least',
  batches: [{ kind: 'spot', assets: 2, indexBits: 1, users: 2, slots: 1, netBits: 0, depth: 1, arity: 16 }],
  aggregate: { kind: 'aggregate', assets: 2, children: 2, arity: 16 },
};
