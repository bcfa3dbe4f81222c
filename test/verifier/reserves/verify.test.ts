import { beforeAll, describe, expect, it } from 'vitest';

import { recoverWithLibauth } from '../../../src/verifier/node/signer-recovery.js';
import {
  build,
  ETHER,
  makeWorld,
  publish,
  verify,
  type Built,
} from '../../../conformance/adversary/reserves/world.js';
import type { ReservesFiles } from '../../../src/reserves/index.js';

let honest: Built;
let files: ReservesFiles;
beforeAll(async () => {
  honest = await build(makeWorld());
  files = await publish(honest);
});

const rowOf = (report: Awaited<ReturnType<typeof verify>>, asset: string) =>
  report.assets.find((row) => row.asset === asset)!;

describe('reserves of an honest platform', () => {
  it('are valid, and every check is made', async () => {
    const report = await verify(files, honest);
    expect(report).toMatchObject({ valid: true, code: 'valid', level: 'proven', insecure: false });
    expect(report.checks.filter(({ result }) => result !== 'passed').map(({ title }) => title)).toEqual([
      'The reserves are those that others were shown',
    ]);
  });

  it('show each asset in kind, balance and control apart', async () => {
    const report = await verify(files, honest);
    // 5 + 0.7 of keys, 1.5 staked, 1 + 1 of owners, floored to units of 10^-9.
    const owners = 2n * 10n ** 9n;
    const signed = 7_200_000_000n;
    expect(rowOf(report, 'ETH')).toEqual({
      asset: 'ETH',
      decimals: 9,
      owed: '8000000000',
      owedByUsers: '1000000000',
      byLevel: {
        proven: (owners + signed).toString(),
        reproducible: (owners + signed).toString(),
        attested: (owners + signed + 2_000_000_000n).toString(),
        stated: (owners + signed + 2_000_000_000n).toString(),
      },
      cells: [
        { balance: 'proven', control: 'owners', amount: owners.toString() },
        { balance: 'proven', control: 'signed', amount: signed.toString() },
        { balance: 'proven', control: 'custodian', amount: '2000000000' },
      ],
      held: (owners + signed).toString(),
      ofIt: {
        custodian: '0',
        audited: '0',
        wrapped: '0',
        staked: '1500000000',
        own: '0',
        delegated: '1000000000',
      },
      encumbered: '3000000000',
      ratio: '1.15',
      ratioWithDebt: '1.275',
      outcome: 'covered',
    });
    expect(rowOf(report, 'USDT')).toMatchObject({ held: '2100000', outcome: 'covered' });
    expect(rowOf(report, 'USDC')).toMatchObject({ held: '700', ratio: '1', outcome: 'covered' });
    expect(rowOf(report, 'BTC')).toMatchObject({ held: '0', outcome: 'not-shown' });
    expect(report.outcome).toBe('not-shown');
  });

  it.each([
    ['attested', 'not-shown', { BTC: 'covered', SOL: 'not-shown' }],
    ['stated', 'covered', { BTC: 'covered', SOL: 'covered' }],
  ] as const)('count at the level %s what that level shows', async (level, outcome, rows) => {
    const report = await verify(files, honest, { level });
    expect(report.outcome).toBe(outcome);
    for (const [asset, expected] of Object.entries(rows)) {
      expect([asset, rowOf(report, asset).outcome]).toEqual([asset, expected]);
    }
  });

  it('are short where a unit of what is owed is missing', async () => {
    const owed = honest.world.liabilities.assets.map((asset) =>
      asset.asset === 'USDC' ? { ...asset, equityUnits: 701n } : asset,
    );
    const world = { ...honest.world, liabilities: { ...honest.world.liabilities, assets: owed } };
    const report = await verify(files, { ...honest, world });
    expect(report).toMatchObject({ valid: true, outcome: 'short' });
    expect(rowOf(report, 'USDC')).toMatchObject({ outcome: 'short', ratio: '0.998573' });
  });

  it('have the same answer from libsecp256k1 as from noble', async () => {
    expect(await verify(files, honest, { recover: recoverWithLibauth })).toEqual(await verify(files, honest));
  });

  it('are compared with a hash that the reader brings', async () => {
    const { reservesHash } = await verify(files, honest);
    expect(await verify(files, honest, { reservesHash: reservesHash! })).toMatchObject({
      valid: true,
      reservesHashCompared: true,
    });
    expect(await verify(files, honest, { reservesHash: '0'.repeat(64) })).toMatchObject({
      valid: false,
      code: 'reserves-hash-differs',
      assets: [],
      platform: null,
    });
  });

  it('say INSECURE where what is owed rests on development keys', async () => {
    const world = { ...honest.world, liabilities: { ...honest.world.liabilities, insecure: true } };
    const report = await verify(files, { ...honest, world });
    expect(report.verdict).toContain('INSECURE');
    expect(report.notShown[0]).toContain('INSECURE');
  });

  it('count a token by its own decimals and never round up', async () => {
    expect(honest.world.entries.some((entry) => entry.amount === (5n * ETHER + 123n).toString())).toBe(true);
    expect(rowOf(await verify(files, honest), 'ETH').cells[1]!.amount).toBe('7200000000');
  });
});

describe('without what only the reader can bring', () => {
  it.each([
    ['pins', { pins: undefined }, 'pins-missing'],
    ['a bundle', { bundle: undefined }, 'bundle-unverifiable'],
    ['a trust file', { bundle: { outcome: 'unverifiable', code: 'trust-missing' } }, 'bundle-unverifiable'],
  ] as const)('nothing is said without %s', async (_, options, code) => {
    const report = await verify(files, honest, options);
    expect(report).toMatchObject({ valid: false, code, outcome: 'not-shown', assets: [] });
  });

  it('nothing is said of a chain whose block is not pinned', async () => {
    const chains = honest.pins.chains.map((pin, index) => (index === 1 ? { ...pin, block: null } : pin));
    expect(await verify(files, { ...honest, pins: { ...honest.pins, chains } })).toMatchObject({
      valid: false,
      code: 'block-not-pinned',
    });
  });

  it('reserves beside a bundle that is not valid are refused', async () => {
    const bundle = { outcome: 'invalid', code: 'proof-invalid' } as const;
    expect(await verify(files, honest, { bundle })).toMatchObject({ valid: false, code: 'bundle-not-valid' });
  });
});
