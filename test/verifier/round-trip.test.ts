import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  encodeBase64url,
  encodeJsonLine,
  encodePoint,
  hashToPoint,
  parseInclusion,
  type Account,
  type Holding,
  type Trust,
} from '../../src/protocol/index.js';
import { makeInclusion, type ProvingCircuit } from '../../src/prover/index.js';
import {
  createPairing,
  verifyBundle,
  verifyInclusion,
  type BundleSource,
  type PairingBackend,
} from '../../src/verifier/index.js';
import { claimOf, debt, equity, exchangeAccounts } from '../prover/exchange.js';
import { proveExchange, readBundle, sourceOf, trustOf } from '../prover/fixture.js';
import { makeCircuitKeys } from '../prover/tiny-keys.js';

/** A point of the curve in its one form. */
const POINT = encodeBase64url(encodePoint(hashToPoint('any')));
const MAKING_KEYS_MS = 1_200_000;

let root: string;
let circuits: readonly ProvingCircuit[];
let trust: Trust;
let pairing: PairingBackend;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'solvent-rows-'));
  circuits = await makeCircuitKeys();
  trust = trustOf(circuits);
  pairing = await createPairing();
}, MAKING_KEYS_MS);
afterAll(() => rm(root, { recursive: true, force: true }));

const options = () => ({ pairing, allowDevelopmentKeys: true });

/** A venue, proven and verified whole, and what a user of it finds. */
async function prove(
  name: string,
  accounts: readonly Account[],
  assetCount: number,
  used: readonly ProvingCircuit[] = circuits,
) {
  const directory = join(root, name);
  const manifestHash = await proveExchange({ directory, accounts, assetCount, circuits: used });
  const bundle = await readBundle(directory);
  const check = async (userId: string) =>
    verifyInclusion((await makeInclusion(directory, userId)).bytes, sourceOf(bundle), trustOf(used), {
      ...options(),
      userId,
    });
  const report = await verifyBundle(sourceOf(bundle), trustOf(used), { ...options(), manifestHash });
  return { directory, bundle, report, check };
}

describe('an exchange of 64 assets', () => {
  const accounts = exchangeAccounts();
  let venue: Awaited<ReturnType<typeof prove>>;
  beforeAll(async () => {
    venue = await prove('exchange', accounts, 64);
  }, MAKING_KEYS_MS);

  it('is verified whole, with its totals', () => {
    expect(venue.report).toMatchObject({ valid: true, code: 'valid', insecure: true });
    expect(venue.report.totals).toEqual(claimOf(accounts, 64).totals);
    expect(venue.report.checks.every(({ result }) => result !== 'failed')).toBe(true);
    // Debtors fill more than one batch, and so do spot rows.
    expect(venue.report.circuits.map(({ proofCount }) => proofCount)).toEqual([1, 2, 2, 1]);
  });

  it.each(['spot-0', 'spot-33', 'debtor-7', 'wide', 'many', 'nobody'])(
    'shows %s what they hold, over all parts',
    async (userId) => {
      const report = await venue.check(userId);
      expect(report).toMatchObject({ valid: true, code: 'valid' });
      expect(report.holdings).toEqual(
        toReported(accounts.find((account) => account.userId === userId)!.holdings),
      );
    },
  );

  it('has accounts of many parts and of a wide row', async () => {
    const file = async (userId: string) =>
      parseInclusion((await makeInclusion(venue.directory, userId)).bytes);
    expect((await file('many')).partCount).toBeGreaterThan(3);
    const wide = await file('wide');
    expect(wide.parts.some(({ slots }) => slots.length > 3)).toBe(true);
  });

  it('is not valid without a trust file, or under development keys that nobody allowed', async () => {
    const source = (): BundleSource => sourceOf(venue.bundle);
    expect(await verifyBundle(source(), undefined, options())).toMatchObject({
      valid: false,
      code: 'trust-missing',
    });
    expect(await verifyBundle(source(), trust, { pairing })).toMatchObject({
      valid: false,
      code: 'development-keys',
    });
  });
});

describe('a venue', () => {
  it('of 4 assets without debt is verified under the same keys', async () => {
    const accounts = [
      { userId: 'a', holdings: [equity(0, 5n), equity(3, (1n << 64n) - 1n)] },
      { userId: 'b', holdings: [equity(2, 7n)] },
    ];
    const { report, check } = await prove('spot', accounts, 4);
    expect(report).toMatchObject({ valid: true });
    expect((await check('a')).holdings).toEqual(toReported(accounts[0]!.holdings));
  });

  it('of margin accounts alone is verified under the same keys', async () => {
    const accounts = [
      { userId: 'a', holdings: [equity(0, 900_000n), debt(1, 5n)] },
      { userId: 'b', holdings: [equity(1, 900_000n), debt(2, 5n)] },
    ];
    const { report, check } = await prove('margin', accounts, 4);
    expect(report).toMatchObject({ valid: true });
    expect((await check('b')).holdings).toEqual(toReported(accounts[1]!.holdings));
  });

  it('of one user and one asset, without margin circuits, is verified without weighted totals', async () => {
    const accounts = [{ userId: 'only', holdings: [equity(0, 42n)] }];
    const { report, check, bundle } = await prove('one', accounts, 1, circuits.slice(0, 2));
    expect(report).toMatchObject({ valid: true });
    expect(bundle.weights).toBeUndefined();
    expect((await check('only')).holdings).toEqual(toReported(accounts[0]!.holdings));
    const weights = encodeJsonLine({ points: Array.from({ length: 3 }, () => POINT), zW: '0' });
    const withPoints = { ...sourceOf(bundle), weights };
    expect(await verifyBundle(withPoints, trustOf(circuits.slice(0, 2)), options())).toMatchObject({
      valid: false,
      code: 'weights-form',
    });
  });
});

/** Holdings as a report states them. */
function toReported(holdings: readonly Holding[]) {
  const { assets } = claimOf([], 64);
  return holdings.map(({ assetIndex, equityUnits, debtUnits }) => ({
    asset: assets[assetIndex]!.symbol,
    equity: equityUnits.toString(),
    debt: debtUnits.toString(),
  }));
}
