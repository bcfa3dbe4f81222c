import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { assumeMix, countMix, estimateRun, type EstimateOptions } from '../../src/cli/bench-estimate.js';
import { measureProfile, type BenchMeasurement } from '../../src/cli/bench-measurement.js';
import { cacheDirectory } from '../../src/system/index.js';
import { PROFILES, type Profile } from '../../src/protocol/index.js';
import { assignCircuit } from '../../src/prover/shard/assign.js';
import { makeDevelopmentKeys } from '../../src/keys/index.js';
import { accountsArbitrary, stream, tagBatches } from '../prover/exchange.js';
import { inTemporaryDirectory } from '../prover/temporary-directory.js';
import { TINY } from '../prover/tiny-keys.js';

const STANDARD = PROFILES.get('standard')!;

/** A machine that takes a whole second for each batch, and four for an aggregate. */
function measurementOf({ batches, aggregate }: Profile): BenchMeasurement {
  return {
    batches: batches.map(({ users }, index) => ({
      name: `batch-${index}`,
      size: users,
      secondsPerProof: 1,
      peakMegabytes: 1,
    })),
    aggregate: { name: 'aggregate', size: aggregate.children, secondsPerProof: 4, peakMegabytes: 1 },
  };
}

function estimate(users: number, options: Partial<EstimateOptions> = {}) {
  const mix = [1, 0, 0, 0, 0];
  return estimateRun(measurementOf(STANDARD), { profile: STANDARD, mix, users, workers: 4, ...options });
}

describe('the mix of users', () => {
  it('is the one by which a run assigns accounts to circuits', async () => {
    const circuits = tagBatches(TINY);
    await fc.assert(
      fc.asyncProperty(accountsArbitrary(2), async (accounts) => {
        const assigned = accounts.map((account) => assignCircuit(circuits, account));
        const counted = circuits.map((_, place) => assigned.filter((found) => found === place).length);
        expect(await countMix(stream(accounts), TINY)).toEqual(counted);
      }),
      { seed: 31, numRuns: 50 },
    );
  });

  it('has, where it is assumed, a tenth of the users in debt and most of them with few assets', () => {
    const mix = assumeMix(STANDARD);
    const shares = mix.map((weight) => weight / mix.reduce((sum, other) => sum + other, 0));
    expect(shares.map((share) => share.toFixed(3))).toEqual(['0.720', '0.180', '0.076', '0.019', '0.005']);
  });
});

describe('the estimate of a run', () => {
  it('counts full and begun batches, and every layer of aggregates', () => {
    // 435 users a batch, 16 batches an aggregate: 17 batches, 2 aggregates over them, 1 on top.
    const { proofs, coreSeconds, wallSeconds } = estimate(16 * 435 + 1);
    expect(proofs.map(({ proofs: count }) => count)).toEqual([17, 0, 0, 0, 0, 3]);
    expect(coreSeconds).toBe(17 + 3 * 4);
    expect(wallSeconds).toBe((17 + 3 * 4) / 4);
  });

  it('takes no less time than one batch and one aggregate, however many workers there are', () => {
    expect(estimate(10, { workers: 256 })).toMatchObject({ wallSeconds: 5, coreSeconds: 5 });
  });

  it('gives the cost to the hundredth, and none without a price', () => {
    // 3,600 batches, 225 + 15 + 1 aggregates: 4,564 core seconds.
    const users = 3600 * 435;
    expect(estimate(users, { pricePerCoreHour: '1.50' }).cost).toBe('1.90');
    expect(estimate(users, { pricePerCoreHour: '0' }).cost).toBe('0.00');
    expect(estimate(users).cost).toBeUndefined();
    expect(() => estimate(users, { pricePerCoreHour: '-1' })).toThrow(
      expect.objectContaining({ code: 'decimal-malformed' }),
    );
  });
});

describe('the measurement', () => {
  it('proves full batches of every circuit, and an aggregate', async () => {
    await inTemporaryDirectory(async (directory) => {
      const keysDirectory = join(directory, 'keys');
      const options = { profile: TINY, keysDirectory, cacheDirectory: cacheDirectory() };
      const keys = await makeDevelopmentKeys(options);
      const seen: string[] = [];
      const { batches, aggregate } = await measureProfile({
        ...{ profile: TINY, keys, engine: 'wasm', workers: 1, rounds: 1 },
        onProgress: (circuit, done, total) => seen.push(`${circuit} ${done} of ${total}`),
      });
      expect(batches.map(({ name, size }) => [name, size])).toEqual([
        ['spot-2', 16],
        ['margin-2', 7],
      ]);
      for (const { secondsPerProof, peakMegabytes } of [...batches, aggregate]) {
        expect(secondsPerProof).toBeGreaterThan(0);
        expect(peakMegabytes).toBeGreaterThan(0);
      }
      expect(seen).toEqual(
        ['nothing yet, to warm up', 'spot-2', 'margin-2'].flatMap((name) =>
          [0, 1, 2].map((done) => `${name} ${done} of 2`),
        ),
      );
    });
  });
});
