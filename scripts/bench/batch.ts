import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  circuitName,
  derivePriceTable,
  deriveTag,
  padPrices,
  PROFILES,
  type Account,
  type BatchParameters,
  type UnitPrice,
} from '../../src/protocol/index.js';
import { encodeAccount } from '../../src/prover/batch/account-record.js';
import { encodeAccountRow, encodeBatchFile } from '../../src/prover/batch/batch-file.js';
import { buildBatchInput } from '../../src/prover/batch/circuit-input.js';
import { commitBatch } from '../../src/prover/batch/commitment.js';
import type { BatchCircuit } from '../../src/prover/circuits.js';
import { loadFastPoseidon } from '../../src/prover/fast-poseidon.js';
import { listMarket } from '../generate/market.js';
import { SeededRandom } from '../generate/random.js';

/** Everything that both sides of the comparison start from, as files that child processes read. */
export type BenchBatch = {
  readonly circuit: BatchCircuit;
  readonly prices: readonly UnitPrice[];
  /** The rows, as the prover's worker reads them. */
  readonly batchPath: string;
  /** The same rows as input signals, in the JSON that snarkjs takes. */
  readonly inputPath: string;
};

export const BENCH_PLATFORM = 'Benchmark';
export const BENCH_SECRET = new Uint8Array(32).fill(1);

/** The first batch circuit of a profile that has a name. */
export function findBatchCircuit(profileName: string, name: string): BatchCircuit {
  const profile = PROFILES.get(profileName);
  const parameters = profile?.batches.find((candidate) => circuitName(candidate) === name);
  if (profile === undefined || parameters === undefined) {
    throw new TypeError(`expected a batch circuit of a profile, got ${name} of ${profileName}`);
  }
  return { name, parameters, tag: deriveTag(parameters) };
}

/** Writes a full batch of seeded accounts. */
export async function writeBatch(circuit: BatchCircuit, directory: string): Promise<BenchBatch> {
  await mkdir(directory, { recursive: true });
  const { parameters } = circuit;
  const accounts = makeAccounts(parameters);
  const prices = listPrices(parameters.assets);
  const batchPath = join(directory, `${circuit.name}.batch`);
  await writeFile(
    batchPath,
    encodeBatchFile(accounts.map((account) => encodeAccountRow(encodeAccount(account)))),
  );

  const hash = await loadFastPoseidon();
  const batch = commitBatch(
    hash,
    accounts.map((account) => ({ account })),
    { circuit, index: 0, secret: BENCH_SECRET, platform: BENCH_PLATFORM, prices },
  );
  const input = Object.fromEntries(
    [...buildBatchInput(hash, circuit, { batch, prices })].map(([name, values]) => [
      name,
      values.map(String),
    ]),
  );
  const inputPath = join(directory, `${circuit.name}.input.json`);
  await writeFile(inputPath, JSON.stringify(input));
  return { circuit, prices, batchPath, inputPath };
}

/** The prices of the made-up market's most widely held assets, in their order. */
export function listPrices(assets: number): readonly UnitPrice[] {
  return padPrices(derivePriceTable(listMarket(assets)), assets);
}

/** Seeded accounts that fill a batch, each with 1 to all of the circuit's slots in use, some in debt where it may be. */
export function makeAccounts({ users, slots, assets, kind }: BatchParameters): Account[] {
  const random = new SeededRandom(1);
  const market = listMarket(assets);
  return Array.from({ length: users }, (_, user) => {
    const count = 1 + random.below(Math.min(slots, assets));
    const indexes = new Set<number>();
    while (indexes.size < count) indexes.add(random.below(assets));
    const held = [...indexes].sort((a, b) => a - b);
    const isCovered = market[held[0]!]!.collateralRatio !== '0';
    return {
      userId: `user${user}@example.com`,
      holdings: held.map((assetIndex, place) => ({
        assetIndex,
        equityUnits: BigInt(1_000_000_000 + random.below(2 ** 20) * random.below(2 ** 20)),
        // A little of the last holding is owed: far less than the first one is worth as collateral.
        debtUnits: kind === 'margin' && isCovered && place === count - 1 ? 1n : 0n,
      })),
    };
  });
}
