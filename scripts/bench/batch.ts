import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  deriveTotalMasks,
  groupCount,
  nameOfLayout,
  PROFILES,
  type Challenges,
  type FieldElement,
  type IdentifiedRow,
  type RowLayout,
} from '../../src/protocol/index.js';
import { saveBatch } from '../../src/prover/commit/batch-file.js';
import { buildCircuitInput, computeBatchDigest } from '../../src/prover/commit/commit-batch.js';

import { spreadSeed } from '../../src/prover/commit/run-seeds.js';
import { loadFastSponge } from '../../src/prover/poseidon/fast-sponge.js';
import { SeededRandom } from '../generate/random.js';

/** Everything that both sides of the comparison start from, as files that child processes read. */
export type BenchBatch = {
  readonly layout: RowLayout;
  readonly digest: FieldElement;
  /** The rows, as the prover's worker reads them. */
  readonly batchPath: string;
  /** The same rows as input signals, in the JSON that snarkjs takes. */
  readonly inputPath: string;
};

const SOME = (1n << 200n) as FieldElement;
/** What everything is proven under: any will do. */
export const BENCH_CHALLENGES: Challenges = {
  gamma: SOME,
  x: (SOME + 1n) as FieldElement,
  rho: (SOME + 2n) as FieldElement,
};
const SEED = new Uint8Array(32).fill(1);

/** The circuit of a profile that has a name. */
export function findLayout(profileName: string, name: string): RowLayout {
  const layout = PROFILES.get(profileName)?.layouts.find((candidate) => nameOfLayout(candidate) === name);
  if (layout === undefined)
    throw new TypeError(`expected a circuit of a profile, got ${name} of ${profileName}`);
  return layout;
}

/** Writes a batch of seeded rows of which every slot is used. */
export async function writeBatch(layout: RowLayout, directory: string): Promise<BenchBatch> {
  await mkdir(directory, { recursive: true });
  const name = nameOfLayout(layout);
  const rows = makeRows(layout);
  const seed = { seed: SEED, totalMask: deriveTotalMasks([SEED])[0]! };
  const point = new Uint8Array(32);
  const points = {
    entries: rows.map(({ id }) => ({ point, id })),
    maskPoints: Array.from({ length: groupCount(layout) }, () => point),
  };
  const batchPath = join(directory, `${name}.batch`);
  await saveBatch(batchPath, layout, { rows, seed, points });
  const { masks } = spreadSeed({ layout }, seed);
  const input = buildCircuitInput({ layout, rows, masks }, BENCH_CHALLENGES);
  const inputPath = join(directory, `${name}.input.json`);
  const texts = [...input].map(([signal, values]) => [signal, values.map(String)] as const);
  await writeFile(inputPath, JSON.stringify(Object.fromEntries(texts)));
  const digest = computeBatchDigest(await loadFastSponge(), layout, { masks, rows });
  return { layout, digest, batchPath, inputPath };
}

/** The circuits take any net value in range. */
function makeRows({ kind, rows, slots }: RowLayout): IdentifiedRow[] {
  const random = new SeededRandom(1);
  return Array.from({ length: rows }, () => ({
    id: new Uint8Array(32),
    netValue: kind === 'margin' ? BigInt(random.below(2 ** 31)) << 80n : 0n,
    slots: Array.from({ length: slots }, (_, assetIndex) => ({
      amountUnits: BigInt(1 + random.below(2 ** 31)) * BigInt(1 + random.below(2 ** 31)),
      assetIndex,
      ...(kind === 'margin' ? { side: 0 as const } : {}),
    })),
  }));
}
