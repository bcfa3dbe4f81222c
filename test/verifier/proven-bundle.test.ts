import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { encodeJsonLine, formatDecimal, type Account, type InclusionFile } from '../../src/protocol/index.js';
import { makeInclusion } from '../../src/prover/index.js';
import {
  createPairing,
  parseTrust,
  verifyBundle,
  verifyInclusion,
  type BundleSource,
  type Trust,
} from '../../src/verifier/index.js';
import { openBundle } from '../../src/verifier/node/files.js';
import { solvent } from '../integration/commands.js';
import { sampleAccounts, sealSnapshot } from '../prover/exchange.js';
import { toPieces } from '../../conformance/adversary/world.js';

/** Circuits, keys and proofs as they are made for users: what the simulated ones of the other tests stand for. */
const ACCOUNTS = sampleAccounts(40, 2).filter(({ holdings }) => holdings.length > 0);
const { assets: ASSETS, totals: TOTALS } = sealSnapshot(ACCOUNTS);
const INSTANTS = { first: '2026-01-31T00:00:00Z', second: '2026-02-28T00:00:00Z' } as const;
type Run = keyof typeof INSTANTS;

const pairing = await createPairing();
let directory: string;
let trust: Trust;

const at = (...names: string[]) => join(directory, ...names);
const bundleOf = (run: Run) => openBundle(at(run, 'bundle'));
const verify = (source: BundleSource) => verifyBundle(source, trust, { pairing, allowDevelopmentKeys: true });

async function check(file: InclusionFile, run: Run, { userId }: { userId: string }) {
  const { manifest, signature } = await bundleOf(run);
  const options = { pairing, allowDevelopmentKeys: true, userId };
  return verifyInclusion(encodeJsonLine(file), { manifest, signature }, trust, options);
}

function writeBooks(): Promise<unknown> {
  const money = (units: bigint, asset: number) =>
    formatDecimal({ coefficient: units, fractionDigits: ASSETS[asset]!.decimals });
  const balances = ACCOUNTS.flatMap(({ userId, holdings }) =>
    holdings.map(({ assetIndex, equityUnits, debtUnits }) =>
      [
        userId,
        ASSETS[assetIndex]!.symbol,
        money(equityUnits, assetIndex),
        money(debtUnits, assetIndex),
      ].join(),
    ),
  );
  const assets = ASSETS.map(({ symbol, decimals, price, collateralRatio }) =>
    [symbol, decimals, price, collateralRatio].join(),
  );
  return Promise.all([
    writeFile(at('balances.csv'), `user_id,asset,equity,debt\n${balances.join('\n')}\n`),
    writeFile(at('assets.csv'), `symbol,decimals,price,collateral_ratio\n${assets.join('\n')}\n`),
  ]);
}

function succeed(...args: string[]): void {
  const { exitCode, errors } = solvent(...args);
  if (exitCode !== 0) throw new Error(`expected ${args[0]!} to succeed, got: ${errors}`);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-proven-'));
  await writeBooks();
  succeed('setup', '--profile', 'tiny', '--keys', at('keys'), '--development');
  trust = parseTrust(await readFile(at('keys', 'trust.json')));
  for (const [run, instant] of Object.entries(INSTANTS)) {
    const snapshot = at(`snapshot-${run}`);
    const books = ['--balances', at('balances.csv'), '--assets', at('assets.csv')];
    const statement = ['--platform', 'Example Exchange', '--at', instant, '--quote', 'USD'];
    succeed('snapshot', ...statement, ...books, '--out', snapshot);
    succeed('prove', snapshot, '--keys', at('keys'), '--out', at(run));
  }
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a bundle of the prover', () => {
  it('is valid, with the sums of its accounts', async () => {
    for (const run of ['first', 'second'] as const) {
      const report = await verify(await bundleOf(run));
      expect(report).toMatchObject({ valid: true, code: 'valid', totals: TOTALS, takenAt: INSTANTS[run] });
    }
  });

  it('is refused with the proofs of another snapshot of the same accounts', async () => {
    // The secret is fresh for each snapshot: other nonces, other digests, nothing to splice.
    const expected = {
      aggregates: 'proof-invalid',
      batches: 'child-without-proof',
      manifest: 'signature-invalid',
    } as const;
    for (const [part, code] of Object.entries(expected)) {
      const second = await bundleOf('second');
      const spliced = { ...(await bundleOf('first')), [part]: second[part as keyof BundleSource] };
      expect((await verify(spliced)).code).toBe(code);
    }
  });

  it('is refused with two proofs swapped, or a proof twice, or a proof less', async () => {
    const text = await readFile(at('first', 'bundle', 'batches.ndjson'), 'utf8');
    const lines = text.trimEnd().split('\n');
    const proofs = lines.map((line) => /"proof":.*/.exec(line)![0]);
    const swapped = [lines[0]!.replace(proofs[0]!, proofs[1]!), lines[1]!.replace(proofs[1]!, proofs[0]!)];
    const withLines = async (changed: readonly string[]) => {
      const batches = toPieces([Buffer.from(changed.map((line) => `${line}\n`).join(''))]);
      return (await verify({ ...(await bundleOf('first')), batches })).code;
    };
    expect(lines.length).toBeGreaterThan(2);
    expect(await withLines(lines)).toBe('valid');
    expect(await withLines([...swapped, ...lines.slice(2)])).toBe('proof-invalid');
    expect(await withLines([...lines.slice(0, -1), lines[0]!])).toBe('proof-count-differs');
    expect(await withLines(lines.slice(1))).toBe('proof-count-differs');
  });
});

describe('the inclusion files of the prover', () => {
  it('are valid for every account, with the holdings of its books', async () => {
    for (const { userId, holdings } of ACCOUNTS) {
      const file = await makeInclusion(at('first'), userId);
      const report = await check(file, 'first', { userId });
      expect(report).toMatchObject({ valid: true, depth: 'light' });
      expect(report.holdings).toEqual(holdings.map(toReported));
    }
  });

  it('are refused for another user, and against another snapshot', async () => {
    const [one, other] = ACCOUNTS as [Account, Account];
    const file = await makeInclusion(at('first'), one.userId);
    expect((await check(file, 'first', other)).code).toBe('user-id-differs');
    expect((await check({ ...file, userId: other.userId }, 'first', other)).code).toBe(
      'batch-digest-differs',
    );
    expect((await check(file, 'second', one)).code).toBe('inclusion-of-other-snapshot');
  });

  it('hold in full with their bundle, read from a disk', async () => {
    const { userId } = ACCOUNTS[3]!;
    const path = at('file.json');
    await writeFile(path, encodeJsonLine(await makeInclusion(at('first'), userId)));
    const options = { pairing, allowDevelopmentKeys: true, userId };
    const report = await verifyInclusion(await readFile(path), await bundleOf('first'), trust, options);
    expect(report).toMatchObject({ valid: true, depth: 'full' });
  });
});

function toReported({ assetIndex, equityUnits, debtUnits }: Account['holdings'][number]) {
  return {
    asset: ASSETS[assetIndex]!.symbol,
    equity: equityUnits.toString(),
    debt: debtUnits.toString(),
  };
}
