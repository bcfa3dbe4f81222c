import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { assumeMix, countMix, estimateRun, type EstimateOptions } from '../../src/cli/bench-estimate.js';
import { measureCircuits, type CircuitMeasurement } from '../../src/cli/bench-measurement.js';
import { cacheDirectory } from '../../src/system/index.js';
import { derivePriceTable, nameOfLayout, PROFILES, type Account } from '../../src/protocol/index.js';
import { makeDevelopmentKeys } from '../../src/keys/index.js';
import { exchangeAccounts, listAssets } from '../prover/exchange.js';
import { inTemporaryDirectory } from '../prover/fixture.js';
import { TINY } from '../prover/tiny-keys.js';

const { layouts: STANDARD } = PROFILES.get('standard')!;

/** A machine that takes a whole second for each proof, and four for one of a wide row. */
const MEASURED: readonly CircuitMeasurement[] = STANDARD.map((layout) => ({
  name: nameOfLayout(layout),
  rows: layout.rows,
  secondsPerProof: layout.rows === 1 ? 4 : 1,
  peakMegabytes: 1,
}));

function estimate(users: number, options: Partial<EstimateOptions> = {}) {
  return estimateRun(MEASURED, { layouts: STANDARD, mix: [0, 1, 0, 0], users, workers: 4, ...options });
}

async function* stream(accounts: readonly Account[]): AsyncGenerator<Account> {
  for (const account of accounts) yield await Promise.resolve(account);
}

describe('the mix of users', () => {
  it('is the one by which a run cuts accounts into rows', async () => {
    const { prices } = derivePriceTable(listAssets(64));
    const accounts = exchangeAccounts();
    const options = { prices, orderKey: new Uint8Array(32) };
    const mix = await countMix(stream(accounts), TINY.layouts, options);
    // One of nothing; 34 of three holdings; 20 with a debt; one of eleven holdings; one that takes a wide row.
    const rows = mix.map((share) => Math.round(share * accounts.length));
    expect(rows[2]).toBe(20);
    expect(rows[3]).toBe(1);
    expect(rows[0]! + 3 * rows[1]!).toBeGreaterThanOrEqual(34 * 3 + 11);
  });

  it('has, where it is assumed, a margin row for a tenth of the users and wide rows for nobody', () => {
    expect(assumeMix(STANDARD)).toEqual([0.2, 1.4, 0.1, 0]);
  });
});

describe('the estimate of a run', () => {
  it('counts full and begun batches, and one at least of each circuit', () => {
    const { proofs, coreSeconds, wallSeconds } = estimate(16 * 995 + 1);
    expect(proofs.map(({ proofs: count }) => count)).toEqual([1, 17, 1, 1]);
    expect(proofs.map(({ rows }) => rows)).toEqual([0, 16 * 995 + 1, 0, 0]);
    expect(coreSeconds).toBe(1 + 17 + 1 + 4);
    expect(wallSeconds).toBe((1 + 17 + 1 + 4) / 4);
  });

  it('takes no less time than its slowest proof, however many workers there are', () => {
    expect(estimate(10, { workers: 256 })).toMatchObject({ wallSeconds: 4, coreSeconds: 7 });
  });

  it('gives the cost to the hundredth, and none without a price', () => {
    // 3,600 batches and 6 seconds of the other circuits: 3,606 core seconds.
    const users = 3600 * 995;
    expect(estimate(users, { pricePerCoreHour: '1.50' }).cost).toBe('1.50');
    expect(estimate(users, { pricePerCoreHour: '15' }).cost).toBe('15.03');
    expect(estimate(users, { pricePerCoreHour: '0' }).cost).toBe('0.00');
    expect(estimate(users).cost).toBeUndefined();
    expect(() => estimate(users, { pricePerCoreHour: '-1' })).toThrow(
      expect.objectContaining({ code: 'decimal-malformed' }),
    );
  });
});

describe('the measurement', () => {
  it('proves full batches of every circuit', { timeout: 600_000 }, async () => {
    await inTemporaryDirectory(async (directory) => {
      const keysDirectory = join(directory, 'keys');
      const options = { profile: TINY, keysDirectory, cacheDirectory: cacheDirectory() };
      const keys = await makeDevelopmentKeys(options);
      const seen: string[] = [];
      const measured = await measureCircuits({
        ...{ keys, engine: 'wasm', workers: 1, rounds: 1 },
        onProgress: (circuit, done, total) => seen.push(`${circuit} ${done} of ${total}`),
      });
      expect(measured.map(({ name, rows }) => [name, rows])).toEqual(
        TINY.layouts.map((layout) => [nameOfLayout(layout), layout.rows]),
      );
      for (const { secondsPerProof, peakMegabytes } of measured) {
        expect(secondsPerProof).toBeGreaterThan(0);
        expect(peakMegabytes).toBeGreaterThan(0);
      }
      expect(seen).toEqual(
        ['nothing yet, to warm up', ...TINY.layouts.map(nameOfLayout)].flatMap((name) =>
          [0, 1, 2].map((done) => `${name} ${done} of 2`),
        ),
      );
    });
  });
});
