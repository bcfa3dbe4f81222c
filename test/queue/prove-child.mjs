// Proves a snapshot over a queue, and makes no points of its own accord, so that all commitments come from workers:
// prove-child.mjs SNAPSHOT KEYS RUN --queue URL.
import { loadSigningKey } from '../../dist/src/identity/index.js';
import { waitForKeys } from '../../dist/src/keys/index.js';
import { prove } from '../../dist/src/prover/index.js';
import { createQueueCommitter } from '../../dist/src/queue/committing.js';
import { createQueueProver, readQueueKey } from '../../dist/src/queue/index.js';
import { loadSnapshot, readAccounts, stateSnapshot } from '../../dist/src/snapshot/index.js';

const [snapshotDirectory, keysDirectory, runDirectory, , url] = process.argv.slice(2);
const snapshot = await loadSnapshot(snapshotDirectory);
const keys = await waitForKeys(keysDirectory, { onWait: () => undefined });
const queue = { url, key: readQueueKey() };
await prove({
  snapshot: stateSnapshot(snapshot, { excluded: [], previousManifestHash: null, leastDistanceMs: 60_000 }),
  accountCount: snapshot.accountCount,
  accounts: () => readAccounts(snapshot),
  profile: keys.profile,
  circuits: keys.circuits,
  signingKey: await loadSigningKey(keysDirectory),
  runDirectory,
  workers: 1,
  engine: 'wasm',
  commitBatches: createQueueCommitter(queue, { isHelping: false }),
  proveBatches: createQueueProver(queue),
});
