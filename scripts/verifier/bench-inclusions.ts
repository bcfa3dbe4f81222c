// Verifies a directory of inclusion files as an operator does, under simulated keys.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeJsonLine } from '../../src/protocol/index.js';
import { createPairingPool, verifyInclusionDirectory } from '../../src/verifier/node/index.js';
import {
  layoutOf,
  makeAggregate,
  makeBatch,
  makeInclusion,
  makePlatform,
  publish,
  toSource,
  type Node,
  type User,
} from '../../conformance/adversary/world.js';
import { describeScript, parseFrom } from '../command-line.js';

const CIRCUIT = 'spot-3';
/** Rows of a batch with users; the other is a dummy. */
const USERS_PER_BATCH = layoutOf(CIRCUIT).users - 1;
const CHILDREN = 3;

const command = describeScript('npm run bench:inclusion-check --', {
  does: 'Measure verifying a directory of inclusion files, as an operator does it before handing them out.',
  examples: ['', '1000'],
}).argument('[files]', 'how many inclusion files', parseFrom(1, 1e7), 10_000);
command.parse();
const [fileCount] = command.processedArgs as [number];
const directory = await mkdtemp(join(tmpdir(), 'solvent-inclusions-'));
try {
  const platform = makePlatform('bench');
  const batches = makeBatches(fileCount);
  const paths = growPaths(batches);
  const nodes = [...new Set([...paths.values()].flat())];
  const published = publish(platform, { nodes, top: paths.get(batches[0]!)!.at(-1)! });
  for (const batch of batches) await writeFiles(batch);
  await measure();

  async function writeFiles(batch: Node): Promise<void> {
    // The proofs of one path are the same in each of its files.
    const path = paths.get(batch)!;
    const users = batch.rows.flatMap((user) => user ?? []);
    for (const { userId } of users) {
      const file = encodeJsonLine(makeInclusion(platform, published, { userId, path }));
      await writeFile(join(directory, `${userId}.json`), file);
    }
  }

  async function measure(): Promise<void> {
    const pairing = await createPairingPool();
    const startedMs = performance.now();
    const startedCpu = process.cpuUsage();
    const report = await verifyInclusionDirectory(directory, toSource(published), {
      trust: platform.trust,
      pairing,
      allowDevelopmentKeys: true,
    });
    const seconds = (performance.now() - startedMs) / 1000;
    const { user, system } = process.cpuUsage(startedCpu);
    if (!report.valid || report.validCount !== fileCount) throw new Error('expected every file to be valid');
    const layerCount = paths.get(batches[0]!)!.length - 1;
    console.log(
      `${fileCount} files, ${layerCount} layers above each batch, ${batches.length} batches: ${seconds.toFixed(1)} s on ` +
        `${availableParallelism()} cores, ${((user + system) / 1000 / fileCount).toFixed(2)} ms of processor time a file, the bundle included`,
    );
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}

function makeBatches(userCount: number): Node[] {
  const users = Array.from({ length: userCount }, (_, index): User => ({
    userId: `user-${index}`,
    circuit: CIRCUIT,
    holdings: [{ assetIndex: 1, equityUnits: BigInt(index + 1), debtUnits: 0n }],
  }));
  const batches: Node[] = [];
  for (let start = 0; start < users.length; start += USERS_PER_BATCH) {
    batches.push(makeBatch(CIRCUIT, users.slice(start, start + USERS_PER_BATCH), `bench ${start}`));
  }
  return batches;
}

/** Each batch with the aggregates above it, up to one top. */
function growPaths(batches: readonly Node[]): ReadonlyMap<Node, Node[]> {
  const paths = new Map(batches.map((batch) => [batch, [batch]]));
  let layer: readonly Node[] = batches;
  do {
    const above: Node[] = [];
    for (let start = 0; start < layer.length; start += CHILDREN) {
      const children = layer.slice(start, start + CHILDREN);
      const parent = makeAggregate(children, `bench ${above.length} of ${layer.length}`);
      above.push(parent);
      for (const path of paths.values()) if (children.includes(path.at(-1)!)) path.push(parent);
    }
    layer = above;
  } while (layer.length > 1);
  return paths;
}
