import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ed25519 } from '@noble/curves/ed25519.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { encodeJsonLine, formatManifestHash } from '../../src/protocol/index.js';
import { drawSecondInstant, encodePins, type Pins } from '../../src/protocol/reserves/index.js';
import { runCommand } from '../../src/verifier/command/program.js';
import type { ReservesReport } from '../../src/verifier/reserves/index.js';
import { batches, honest, platform } from '../../conformance/adversary/case.js';
import { publish as publishBundle } from '../../conformance/adversary/world.js';
import { writeBundle } from './bundle-files.js';
import { mappingSlot } from '../../conformance/adversary/reserves/chain.js';
import {
  BALANCES,
  build,
  CHAIN,
  CONTRACTS,
  KEYS,
  makeWorld,
  publish,
  wallet,
  type World,
} from '../../conformance/adversary/reserves/world.js';

const ALLOW = '--allow-development-keys';
const { manifest } = honest;
const signer = {
  publicKey: platform.trust.signingKey,
  sign: (message: Uint8Array) => ed25519.sign(message, platform.signingSecret),
};
let directory = '';
const at = (...names: string[]) => join(directory, ...names);

/** A contract of its own for each asset, the same in every run. */
const tokenAddress = (symbol: string) => `0x${Buffer.from(symbol).toString('hex').padStart(40, 'a')}`;

/** A token for each asset of the adversary's honest exchange, all in one wallet: just what is owed. */
function makeCovered(): World {
  const world = makeWorld();
  const contracts = new Map(manifest.assets.map(({ symbol }) => [symbol, tokenAddress(symbol)]));
  const code = world.accounts.get(CONTRACTS.usdt)!;
  for (const contract of contracts.values()) world.accounts.set(contract, { ...code, storage: new Map() });
  world.liabilities = {
    platform: manifest.platform,
    takenAt: manifest.takenAt,
    snapshotHash: manifest.snapshotHash,
    manifestHash: formatManifestHash(manifest),
    manifestHashCompared: false,
    signingKey: signer.publicKey,
    trustHash: null,
    insecure: true,
    assets: manifest.assets.map(({ symbol, decimals }, index) => ({
      asset: symbol,
      decimals,
      equityUnits: BigInt(manifest.totals[index]!.equity),
      debtUnits: BigInt(manifest.totals[index]!.debt),
    })),
  };
  const usdt = world.pins.tokens.find(({ contract }) => contract === CONTRACTS.usdt)!;
  const tokens: Pins['tokens'] = [];
  world.entries = world.liabilities.assets.map(({ asset, decimals, equityUnits }) => {
    const contract = contracts.get(asset)!;
    tokens.push({
      ...usdt,
      contract,
      asset,
      decimals,
      kind: 'issued',
      proxy: null,
      freezes: [],
      balance: { ...usdt.balance!, rule: { kind: 'plain' } },
    });
    const storage = world.accounts.get(contract)!.storage as Map<string, bigint>;
    storage.set(mappingSlot(KEYS.hot.address, BALANCES), equityUnits);
    return wallet(KEYS.hot, equityUnits, { contract, asset });
  });
  tokens.sort((a, b) => (a.contract < b.contract ? -1 : 1));
  world.pins = { ...world.pins, tokens };
  return world;
}

async function writeReserves(name: string, world: World): Promise<void> {
  const built = await build(world);
  const files = await publish(built, signer);
  await mkdir(at(name));
  for (const [file, bytes] of files) await writeFile(at(name, file), bytes);
  await writeFile(at(`${name}.pins.json`), encodePins(built.pins));
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-reserves-'));
  await writeBundle(at('bundle'), honest);
  await writeFile(at('trust.json'), encodeJsonLine(platform.trust));
  await writeReserves('covered', makeCovered());
  const without = makeCovered();
  without.entries = without.entries.slice(1);
  await writeReserves('without', without);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const exitCode = await runCommand(['reserves', ...args], {
    write: (text) => (out += text),
    writeError: (text) => (err += text),
    readLine: () => Promise.resolve(''),
  });
  return { exitCode, out, err };
}

const check = (name: string, ...more: string[]) =>
  run(
    at(name),
    ...['--bundle', at('bundle'), '--trust', at('trust.json'), '--pins', at(`${name}.pins.json`)],
    ...more,
  );
const reportOf = ({ out }: { out: string }) => JSON.parse(out) as ReservesReport;

describe('solvent-verify reserves', () => {
  it('ends with 0 where every asset is covered, and shows what is owed and held', async () => {
    const { exitCode, out, err } = await check('covered', ALLOW);
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/^COVERED \(INSECURE: development keys\) {2}valid\n/);
    expect(out).toMatch(/BTC +[0-9,]+\.[0-9]{8} +[0-9,]+\.[0-9]{8} +100\.00 %/);
    expect(out).toContain('NOT compared with what others were shown');
    expect(out).toContain('Not shown\n');
  });

  it('gives one object with what the terminal shows', async () => {
    const report = reportOf(await check('covered', ALLOW, '--json'));
    expect(report).toMatchObject({ valid: true, outcome: 'covered', level: 'proven', insecure: true });
    expect(report.assets.map(({ asset, ratio, outcome }) => [asset, ratio, outcome])).toEqual([
      ...manifest.assets.map(({ symbol }) => [symbol, '1', 'covered']),
    ]);
    expect(report.blocks[0]!.chain).toBe(CHAIN);
    const hash = report.reservesHash!;
    expect((await check('covered', ALLOW, '--reserves-hash', hash)).exitCode).toBe(0);
  });

  it('ends with 4 where a wallet is missing, though all that is stated is true', async () => {
    const ended = await check('without', ALLOW, '--json');
    expect(ended.exitCode).toBe(4);
    expect(reportOf(ended)).toMatchObject({ valid: true, outcome: 'not-shown' });
  });

  it('stands beside the report on the bundle where it is asked for, and decides how that ends', async () => {
    const withBundle = async (name: string, ...more: string[]) => {
      let out = '';
      const exitCode = await runCommand(
        [
          ...['bundle', at('bundle'), '--trust', at('trust.json'), ALLOW, '--reserves', at(name)],
          ...['--pins', at('covered.pins.json'), ...more],
        ],
        { write: (text) => (out += text), writeError: () => undefined, readLine: () => Promise.resolve('') },
      );
      return { exitCode, out };
    };
    const whole = await withBundle('covered', '--html', at('whole.html'));
    expect(whole.exitCode).toBe(0);
    expect(whole.out).toMatch(/^VALID[^]*\nCOVERED \(INSECURE: development keys\) {2}valid\n/);
    const page = await readFile(at('whole.html'), 'utf8');
    for (const told of [
      'What the platform owes',
      'Reserves: what is held against it',
      '✓ Covered',
      '100.00 %',
      'Not shown by the reserves',
    ])
      expect(page).toContain(told);
    await cp(at('covered'), at('cut'), { recursive: true });
    await writeFile(at('cut', 'entries.ndjson'), '');
    const refused = await withBundle('cut', '--json', '--html', at('cut.html'));
    expect([refused.exitCode, JSON.parse(refused.out)]).toMatchObject([
      1,
      { format: 'solvent/reserves-report/v1', valid: false, code: 'file-size-differs' },
    ]);
    expect(await readFile(at('cut.html'), 'utf8')).not.toContain('100.00 %');
  });

  it('ends with 1 where reserves or the bundle are refused, before it asks for more', async () => {
    expect((await check('covered', ALLOW, '--reserves-hash', '0'.repeat(64))).exitCode).toBe(1);
    const refused = await check('covered', '--json');
    expect([refused.exitCode, reportOf(refused).code]).toEqual([1, 'bundle-not-valid']);
    await writeFile(at('broken.json'), '{}\n');
    const broken = await run(at('covered'), '--bundle', at('bundle'), '--pins', at('broken.json'));
    expect([broken.exitCode, broken.err]).toEqual([1, expect.stringContaining('schema-violated')]);
  });

  it('ends with 3 without pins or without trust', async () => {
    const both = ['--bundle', at('bundle'), '--trust', at('trust.json'), ALLOW, '--json'];
    const bare = await run(at('covered'), ...both);
    expect([bare.exitCode, reportOf(bare).code]).toEqual([3, 'pins-missing']);
    const pins = ['--pins', at('covered.pins.json'), '--json'];
    const trustless = await run(at('covered'), '--bundle', at('bundle'), ...pins);
    expect([trustless.exitCode, reportOf(trustless).code]).toEqual([3, 'bundle-unverifiable']);
  });

  it('ends with 2 where it is called wrongly, or there are no reserves', async () => {
    expect((await run(at('covered'))).exitCode).toBe(2);
    expect((await check('covered', '--level', 'believed')).exitCode).toBe(2);
    const none = await run(at('bundle'), '--bundle', at('bundle'));
    expect([none.exitCode, none.err]).toEqual([2, expect.stringContaining('without reserves.json')]);
  });

  it('writes the report as a page that needs nothing else', async () => {
    const { exitCode } = await check('covered', ALLOW, '--html', at('report.html'));
    expect(exitCode).toBe(0);
    const { readFile } = await import('node:fs/promises');
    const page = await readFile(at('report.html'), 'utf8');
    expect(page).toContain('✓ Covered');
    expect(page).toMatch(/Content-Security-Policy" content="default-src [^"]*none/);
    expect(page).not.toMatch(/<script|https?:\/\//);
  });
});

describe('solvent-verify reserves --persistence', () => {
  /** Round 123 of quicknet, public values, draws the second instant of this one. */
  const FIRST = '2023-08-16T15:15:33Z';
  const BEACON = {
    round: 123,
    signature:
      'b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92',
  };

  beforeAll(async () => {
    const published = publishBundle(platform, batches, {
      manifest: (changed) => {
        Object.assign(changed, { takenAt: FIRST });
        for (const asset of changed.assets) Object.assign(asset, { pricedAt: null, maxPriceAgeMs: null });
      },
    });
    await writeBundle(at('earlier'), published);
    const owed = makeCovered().liabilities;
    const liabilities = { ...owed, takenAt: FIRST, manifestHash: formatManifestHash(published.manifest) };
    await writeReserves('first', { ...makeCovered(), liabilities });
    const drawn = { ...liabilities, takenAt: drawSecondInstant(FIRST, BEACON) };
    const built = await build({ ...makeCovered(), liabilities: drawn });
    built.world.liabilities = liabilities;
    const draft = { ...built.draft, takenAt: FIRST, purpose: 'persistence' as const, beacon: BEACON };
    await mkdir(at('second'));
    for (const [file, bytes] of await publish({ ...built, draft }, signer))
      await writeFile(at('second', file), bytes);
    await writeFile(at('second.pins.json'), encodePins(built.pins));
  });

  const verifyBoth = (second: string, ...more: string[]) =>
    run(
      at('first'),
      ...['--bundle', at('earlier'), '--trust', at('trust.json'), '--pins', at('first.pins.json'), ALLOW],
      ...['--persistence', at(second), '--persistence-pins', at(`${second}.pins.json`), ...more],
    );

  it('shows the second instant beside the first, whose coverage alone counts', async () => {
    const { exitCode, out, err } = await verifyBoth('second');
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/^COVERED/);
    expect(out).toContain(drawSecondInstant(FIRST, BEACON).slice(0, 10));
    expect(JSON.parse((await verifyBoth('second', '--json')).out)).toMatchObject({
      outcome: 'covered',
      persistence: { takenAt: drawSecondInstant(FIRST, BEACON) },
    });
  });

  it('is not covered, in any line, where the second is refused or none', async () => {
    const again = await verifyBoth('first');
    expect([again.exitCode, again.out]).toEqual([2, '']);
    expect(again.err).toContain('second-instant-missing');
    await cp(at('second'), at('changed'), { recursive: true });
    await cp(at('second.pins.json'), at('changed.pins.json'));
    await writeFile(at('changed', 'entries.ndjson'), '');
    const { exitCode, out } = await verifyBoth('changed');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^NOT VALID \(?/);
    expect(out).not.toMatch(/^COVERED/m);
    expect(JSON.parse((await verifyBoth('changed', '--json')).out)).toMatchObject({
      valid: false,
      outcome: 'not-shown',
      code: 'file-size-differs',
    });
  });
});
