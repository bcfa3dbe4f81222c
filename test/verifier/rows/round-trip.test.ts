import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createPairing } from '../../../src/verifier/index.js';
import {
  verifyRowBundle,
  verifyRowInclusion,
  type RowBundleSource,
} from '../../../src/verifier/rows/index.js';
import type { PairingBackend } from '../../../src/verifier/index.js';
import {
  makeRowInclusion,
  openFinishedRun,
  type Account,
  type RowProvingCircuit,
} from '../../../src/prover/run-rows/index.js';
import { encodeJsonLine } from '../../../src/protocol/index.js';
import {
  encodeBase64url,
  encodePoint,
  hashToPoint,
  parseInclusion,
  type Trust,
} from '../../../src/protocol/rows/index.js';
import { claimOf, debt, equity, exchangeAccounts } from '../../prover/run-rows/exchange.js';
import { proveExchange, readBundle, sourceOf, trustOf } from '../../prover/run-rows/fixture.js';
import { makeRowKeys } from '../../prover/run-rows/tiny-row-keys.js';

/** A point of the curve in its one form. */
const POINT = encodeBase64url(encodePoint(hashToPoint('any')));
const MAKING_KEYS_MS = 1_200_000;

let folder: string;
let circuits: readonly RowProvingCircuit[];
let trust: Trust;
let pairing: PairingBackend;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'solvent-rows-'));
  circuits = await makeRowKeys();
  trust = trustOf(circuits);
  pairing = await createPairing();
}, MAKING_KEYS_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = () => ({ pairing, allowDevelopmentKeys: true });

/** A venue, proven and verified whole, and what a user of it finds. */
async function prove(
  name: string,
  accounts: readonly Account[],
  assetCount: number,
  used: readonly RowProvingCircuit[] = circuits,
) {
  const directory = join(folder, name);
  const manifestHash = await proveExchange({ directory, accounts, assetCount, circuits: used });
  const bundle = await readBundle(directory);
  const run = await openFinishedRun(directory);
  const check = async (userId: string) =>
    verifyRowInclusion(await makeRowInclusion(run, userId), sourceOf(bundle), trustOf(used), {
      ...options(),
      userId,
    });
  const report = await verifyRowBundle(sourceOf(bundle), trustOf(used), { ...options(), manifestHash });
  return { run, bundle, report, check };
}

describe('an exchange of 64 assets', () => {
  const accounts = exchangeAccounts();
  let venue: Awaited<ReturnType<typeof prove>>;
  beforeAll(async () => {
    venue = await prove('exchange', accounts, 64);
  }, MAKING_KEYS_MS);

  it('is verified whole, with its totals', () => {
    expect(venue.report).toMatchObject({ valid: true, code: 'valid', insecure: true });
    expect(venue.report.manifest!.totals).toEqual(claimOf(accounts, 64).totals);
    expect(venue.report.checks.every(({ result }) => result !== 'failed')).toBe(true);
    // Debtors fill more than one batch, and so do spot rows.
    expect(venue.report.manifest!.circuits.map(({ proofCount }) => proofCount)).toEqual([1, 2, 2, 1]);
  });

  it.each(['spot-0', 'spot-33', 'debtor-7', 'wide', 'many', 'nobody'])(
    'shows %s what they hold, over all parts',
    async (userId) => {
      const report = await venue.check(userId);
      expect(report).toMatchObject({ valid: true, code: 'valid' });
      expect(report.holdings).toEqual(accounts.find((account) => account.userId === userId)!.holdings);
    },
  );

  it('has accounts of many parts and of a wide row', async () => {
    const file = async (userId: string) => parseInclusion(await makeRowInclusion(venue.run, userId));
    expect((await file('many')).partCount).toBeGreaterThan(3);
    const wide = await file('wide');
    expect(wide.parts.map(({ batch }) => venue.run.layouts[batch]!.slots)).toContain(64);
  });

  it('is not valid without a trust file, or under development keys that nobody allowed', async () => {
    const source = (): RowBundleSource => sourceOf(venue.bundle);
    expect(await verifyRowBundle(source(), undefined, options())).toMatchObject({
      valid: false,
      code: 'trust-missing',
    });
    expect(await verifyRowBundle(source(), trust, { pairing })).toMatchObject({
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
    expect((await check('a')).holdings).toEqual(accounts[0]!.holdings);
  });

  it('of margin accounts alone is verified under the same keys', async () => {
    const accounts = [
      { userId: 'a', holdings: [equity(0, 900_000n), debt(1, 5n)] },
      { userId: 'b', holdings: [equity(1, 900_000n), debt(2, 5n)] },
    ];
    const { report, check } = await prove('margin', accounts, 4);
    expect(report).toMatchObject({ valid: true });
    expect((await check('b')).holdings).toEqual(accounts[1]!.holdings);
  });

  it('of one user and one asset, without margin circuits, is verified without weighted totals', async () => {
    const accounts = [{ userId: 'only', holdings: [equity(0, 42n)] }];
    const { report, check, bundle } = await prove('one', accounts, 1, circuits.slice(0, 2));
    expect(report).toMatchObject({ valid: true });
    expect(bundle.weights).toBeUndefined();
    expect((await check('only')).holdings).toEqual(accounts[0]!.holdings);
    const weights = encodeJsonLine({ points: Array.from({ length: 3 }, () => POINT), zW: '0' });
    const withPoints = { ...sourceOf(bundle), weights };
    expect(await verifyRowBundle(withPoints, trustOf(circuits.slice(0, 2)), options())).toMatchObject({
      valid: false,
      code: 'weights-form',
    });
  });
});
