import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { batches, honest, platform } from '../../conformance/adversary/case.js';
import { publish } from '../../conformance/adversary/world.js';
import { buildProgram } from '../../src/cli/program.js';
import { encodeBase64, encodeJsonLine } from '../../src/protocol/index.js';
import { drawSecondInstant, encodePins, parsePins, type Pins } from '../../src/protocol/reserves/index.js';
import { createSnapshot } from '../../src/snapshot/index.js';
import { writeBundle } from '../verifier/bundle-files.js';
import { KEYS, SOLANA, STELLAR } from '../verifier/reserves/accounts/world.js';

/** Round 123 of quicknet, public values: it draws the second instant of the one below. */
const ROUND = {
  round: 123,
  randomness: 'fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc',
  signature:
    'b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92',
};
const TAKEN_AT = '2023-08-16T15:15:33Z';
const SECOND = drawSecondInstant(TAKEN_AT, ROUND);
const OWED = honest.manifest.assets.map(({ symbol, decimals }, index) => ({
  ...{ asset: symbol, decimals, owed: honest.manifest.totals[index]!.equity },
}));
/** PKCS#8 before the 32 bytes of an Ed25519 key. */
const PKCS_8 = '302e020100300506032b657004220420';
const BLOCKS = { first: ['100', 'a'.repeat(44)], second: ['200', 'b'.repeat(44)] } as const;

let directory = '';
const at = (...names: string[]) => join(directory, ...names);

async function run(...args: string[]): Promise<{ exitCode: number; out: string }> {
  let [out, exitCode] = ['', 0];
  const words = ['reserves', ...args];
  const output = { write: (text: string) => (out += text), end: (code: number) => (exitCode = code) };
  const program = await buildProgram(output, words);
  await program.parseAsync(words, { from: 'user' });
  return { exitCode, out };
}

/** Reviewed tokens: each asset of the snapshot is one of Solana's. */
const REVIEWED: Pins = {
  format: 'solvent/pins/v1',
  chains: [],
  accountChains: [
    {
      chain: SOLANA,
      native: { asset: 'SOL', decimals: 9, kind: 'issued' },
      block: null,
      tokens: OWED.map(({ asset, decimals }) => ({
        ...{ contract: `mint-of-${asset}`, asset, decimals, kind: 'issued' as const, issuer: 'a test' },
      })).sort((a, b) => (a.contract < b.contract ? -1 : 1)),
    },
  ],
  ...{ tokens: [], wallets: [], delegates: [], custodians: [] },
};

const walletsOf = (less: string) =>
  [
    'chain,address,contract,amount',
    ...OWED.map(({ asset, owed }, index) =>
      [SOLANA, KEYS.sol.on(SOLANA), `mint-of-${asset}`, index === 0 ? less : owed].join(','),
    ),
  ].join('\n');

/** Challenge, signature, import and publication of one account. */
async function account(name: 'first' | 'second', takenAt: string, ...more: string[]): Promise<void> {
  const [number, hash] = BLOCKS[name];
  const [pins, work] = [at(`${name}.pins.json`), at(`${name}.work`)];
  await run(
    'pins',
    '--from',
    at('reviewed.json'),
    '--taken-at',
    takenAt,
    '--block',
    `${SOLANA}=${number}:${hash}`,
    '--out',
    pins,
  );
  await run(
    'challenge',
    at('snapshot'),
    '--identity',
    at('exchange.pem'),
    '--accounts',
    at(`${name}.csv`),
    '--pins',
    pins,
    '--out',
    work,
    ...more,
  );
  await run('sign-request', work, '--out', at(`${name}.requests`));
  const address = KEYS.sol.on(SOLANA);
  const message = await readFile(
    at(`${name}.requests`, `${SOLANA.replace(':', '-')}-${address}.txt`),
    'utf8',
  );
  expect(message).toContain(`as of ${name === 'first' ? TAKEN_AT : SECOND}`);
  const signature = encodeBase64(Buffer.from(KEYS.sol.sign(message), 'hex'));
  await writeFile(at(`${name}.signatures.csv`), `address,signature\n${address},${signature}\n`);
  await run('import', work, at(`${name}.signatures.csv`));
  await run('publish', work, '--bundle', at('bundle'), '--identity', at('exchange.pem'), '--out', at(name));
}

const check = (...more: string[]) =>
  run(
    ...[
      'check',
      at('first'),
      '--bundle',
      at('bundle'),
      '--trust',
      at('trust.json'),
      '--pins',
      at('first.pins.json'),
    ],
    ...['--level', 'reproducible', '--allow-development-keys', '--json', ...more],
  );

describe('solvent reserves, of accounts at the instant and at a second one', () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'solvent-accounts-'));
    await writeFile(at('balances.csv'), 'user_id,asset,equity,debt\nann@example.org,BTC,1,0\n');
    await writeFile(at('assets.csv'), 'symbol,decimals,price,collateral_ratio\nBTC,8,61234.5,0.95\n');
    const { hash } = await createSnapshot({
      ...{ platform: 'Example Exchange', takenAt: TAKEN_AT, quote: 'USD', underwater: 'fail' },
      ...{ balancesPath: at('balances.csv'), assetsPath: at('assets.csv'), outDirectory: at('snapshot') },
    });
    const published = publish(platform, batches, {
      manifest: (manifest) => {
        Object.assign(manifest, { takenAt: TAKEN_AT, snapshotHash: hash });
        for (const asset of manifest.assets) Object.assign(asset, { pricedAt: null, maxPriceAgeMs: null });
      },
    });
    await writeBundle(at('bundle'), published);
    await writeFile(at('trust.json'), encodeJsonLine(platform.trust));
    const key = Buffer.from(PKCS_8 + Buffer.from(platform.signingSecret).toString('hex'), 'hex');
    const pem = `-----BEGIN PRIVATE KEY-----\n${key.toString('base64')}\n-----END PRIVATE KEY-----\n`;
    await writeFile(at('exchange.pem'), pem, { mode: 0o600 });
    await writeFile(at('reviewed.json'), encodePins(REVIEWED));
    await writeFile(at('round.json'), JSON.stringify(ROUND));
    await writeFile(at('first.csv'), walletsOf(OWED[0]!.owed));
    await writeFile(at('second.csv'), walletsOf('1'));
    await mkdir(at('other'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('shows what was borrowed for a day beside the first', async () => {
    await account('first', TAKEN_AT);
    await account('second', SECOND, '--purpose', 'persistence', '--beacon', at('round.json'));
    const pins = parsePins(await readFile(at('second.pins.json')));
    expect(pins.accountChains![0]!.block).toEqual({ number: 200, hash: 'b'.repeat(44) });

    const alone = await check();
    expect(JSON.parse(alone.out)).toMatchObject({ valid: true, outcome: 'covered', purpose: 'snapshot' });
    const both = await check('--persistence', at('second'), '--persistence-pins', at('second.pins.json'));
    expect(both.exitCode).toBe(0);
    const { persistence } = JSON.parse(both.out) as {
      persistence: { takenAt: string; assets: { asset: string; difference: string }[] };
    };
    expect(persistence.takenAt).toBe(SECOND);
    expect(persistence.assets.map(({ difference }) => difference)).toEqual(
      OWED.map(({ owed }, index) => (index === 0 ? (1n - BigInt(owed)).toString() : '0')),
    );
  });

  it('refuses the first in the stead of the second, and blocks of the wrong instant', async () => {
    await expect(check('--persistence', at('first'))).rejects.toMatchObject({
      code: 'second-instant-missing',
    });
    const { exitCode, out } = await check('--persistence', at('second'));
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ valid: false, code: 'block-differs' });
  });

  it.each([
    ['no round', []],
    ['another round', ['--beacon', 'other.json']],
    ['a file that is none', ['--beacon', 'first.csv']],
  ])('says which round draws the second instant, given %s', async (_, more) => {
    await writeFile(at('other.json'), JSON.stringify({ ...ROUND, round: 124 }));
    const named = more.map((text) => (text.startsWith('--') ? text : at(text)));
    const out = at('other', 'work');
    const challenge = run(
      ...['challenge', at('snapshot'), '--identity', at('exchange.pem'), '--accounts', at('first.csv')],
      ...['--pins', at('first.pins.json'), '--purpose', 'persistence', ...named, '--out', out],
    );
    await expect(challenge).rejects.toMatchObject({
      code: 'beacon-missing',
      message: expect.stringMatching(/round 123 of drand quicknet.*public\/123/) as string,
    });
    await expect(readFile(join(out, 'work.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    ['an amount that is none', `${SOLANA},${KEYS.sol.on(SOLANA)},,1.5`, 'row-malformed'],
    ['an address that is none', `${SOLANA},${KEYS.sol.on(SOLANA)}x,,1`, 'row-malformed'],
    [
      'the same twice',
      `${SOLANA},${KEYS.sol.on(SOLANA)},,1\n${SOLANA},${KEYS.sol.on(SOLANA)},,2`,
      'row-malformed',
    ],
    ['a token that is not reviewed', `${SOLANA},${KEYS.sol.on(SOLANA)},mint,1`, 'chain-not-reviewed'],
    ['a chain that is not reviewed', `${STELLAR},${KEYS.sol.on(STELLAR)},,1`, 'chain-not-reviewed'],
  ])('refuses a list with %s', async (_, rows, code) => {
    await writeFile(at('bad.csv'), `chain,address,contract,amount\n${rows}\n`);
    await expect(
      run(
        ...['challenge', at('snapshot'), '--identity', at('exchange.pem'), '--accounts', at('bad.csv')],
        ...['--pins', at('first.pins.json'), '--out', at('other', 'work')],
      ),
    ).rejects.toMatchObject({ code });
  });

  it('refuses a signature of another account, and a block in no pins', async () => {
    await writeFile(at('wrong.csv'), `address,signature\n${KEYS.sol.on(SOLANA)},${KEYS.vault.sign('x')}\n`);
    await expect(run('import', at('first.work'), at('wrong.csv'))).rejects.toMatchObject({
      code: 'signature-of-other',
    });
    await expect(
      run(
        ...['challenge', at('snapshot'), '--identity', at('exchange.pem'), '--accounts', at('first.csv')],
        ...['--pins', at('reviewed.json'), '--out', at('other', 'work')],
      ),
    ).rejects.toMatchObject({ code: 'block-not-there' });
  });
});
