import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { batches, honest, platform } from '../../conformance/adversary/case.js';
import { publish } from '../../conformance/adversary/world.js';
import { buildProgram } from '../../src/cli/program.js';
import { encodeJsonLine } from '../../src/protocol/index.js';
import { encodePins, type Pins } from '../../src/protocol/reserves/index.js';
import { createSnapshot } from '../../src/snapshot/index.js';
import { writeBundle } from '../verifier/bundle-files.js';
import { hash, toWord } from '../verifier/reserves/chain.js';
import { KEYS, signText } from '../verifier/reserves/world.js';
import { ANVIL, compileTokens, startAnvil, type LocalChain } from '../../scripts/reserves/local-chain.js';

const CHAIN = 'eip155:31337';
/** What the adversary's honest exchange owes. */
const ASSETS = honest.manifest.assets.map(({ symbol, decimals }, index) => ({
  asset: symbol,
  decimals,
  owed: BigInt(honest.manifest.totals[index]!.equity),
}));
/** PKCS#8 before the 32 bytes of an Ed25519 key. */
const PKCS_8 = '302e020100300506032b657004220420';

let directory = '';
let chain: LocalChain;
let takenAt = '';
const at = (...names: string[]) => join(directory, ...names);

async function run(...args: string[]): Promise<{ exitCode: number; out: string }> {
  let [out, exitCode] = ['', 0];
  const program = buildProgram({ write: (text) => (out += text), end: (code) => (exitCode = code) });
  await program.parseAsync(['reserves', ...args], { from: 'user' });
  return { exitCode, out };
}
const codeOf = async (ended: Promise<unknown>) =>
  ended.then(
    () => undefined,
    (error: unknown) => (error as { code?: string }).code,
  );

/** A token for each asset, all that is owed in the wallets of two keys; and who pins what. */
async function makeChain(): Promise<void> {
  chain = await startAnvil();
  const bytecode = compileTokens().Plain!;
  const tokens: Pins['tokens'] = [];
  for (const { asset, decimals, owed } of ASSETS) {
    const contract = await chain.deploy(bytecode);
    const code = (await chain.node.call('eth_getCode', [contract, 'latest'])) as string;
    await chain.invoke(contract, 'mint(address,uint256)', [KEYS.hot.address, owed - 1n]);
    await chain.invoke(contract, 'mint(address,uint256)', [KEYS.token.address, 1n]);
    tokens.push({
      ...{
        chain: CHAIN,
        contract,
        asset,
        decimals,
        kind: 'issued',
        issuer: 'a test',
        proxy: null,
        freezes: [],
      },
      codeHash: hash(Uint8Array.from(Buffer.from(code.slice(2), 'hex'))),
      balance: { layout: { kind: 'solidity', slot: toWord(1n) }, rule: { kind: 'plain' } },
    });
  }
  const { timestamp } = (await chain.node.call('eth_getBlockByNumber', ['latest', false])) as {
    timestamp: string;
  };
  takenAt = new Date((Number(timestamp) + 3) * 1000).toISOString().replace('.000Z', 'Z');
  await chain.node.call('evm_setNextBlockTimestamp', [Number(timestamp) + 9]);
  await chain.node.call('anvil_mine', ['0x1']);
  const reviewed: Pins = {
    format: 'solvent/pins/v1',
    chains: [
      { chain: CHAIN, native: { asset: 'ETH', decimals: 18, kind: 'issued' }, block: null, settlement: null },
    ],
    tokens: tokens.sort((a, b) => (a.contract < b.contract ? -1 : 1)),
    ...{ wallets: [], delegates: [], custodians: [] },
  };
  await writeFile(at('reviewed.json'), encodePins(reviewed));
}

async function makeBundle(snapshotHash: string): Promise<void> {
  const published = publish(platform, batches, {
    manifest: (manifest) => {
      Object.assign(manifest, { takenAt, snapshotHash });
      for (const asset of manifest.assets) Object.assign(asset, { pricedAt: null, maxPriceAgeMs: null });
    },
  });
  await writeBundle(at('bundle'), published);
  await writeFile(at('trust.json'), encodeJsonLine(platform.trust));
}

describe.skipIf(ANVIL === undefined)('solvent reserves, on a local Ethereum node (anvil)', () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'solvent-reserves-'));
    await makeChain();
    await writeFile(at('balances.csv'), 'user_id,asset,equity,debt\nann@example.org,BTC,1,0\n');
    await writeFile(at('assets.csv'), 'symbol,decimals,price,collateral_ratio\nBTC,8,61234.5,0.95\n');
    const snapshot = await createSnapshot({
      platform: 'Example Exchange',
      takenAt,
      quote: 'USD',
      balancesPath: at('balances.csv'),
      assetsPath: at('assets.csv'),
      outDirectory: at('snapshot'),
      underwater: 'fail',
    });
    await makeBundle(snapshot.hash);
    const pem = Buffer.from(PKCS_8 + Buffer.from(platform.signingSecret).toString('hex'), 'hex').toString(
      'base64',
    );
    await writeFile(at('exchange.pem'), `-----BEGIN PRIVATE KEY-----\n${pem}\n-----END PRIVATE KEY-----\n`, {
      mode: 0o600,
    });
    const wallets = [KEYS.hot, KEYS.token, KEYS.stranger].map(({ address }) => `${CHAIN},${address}\n`);
    await writeFile(at('wallets.csv'), `chain,address\n${wallets.join('')}`);
  });
  afterAll(async () => {
    chain.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const rpc = () => ['--rpc', `${CHAIN}=${chain.url}`];
  const identity = () => ['--identity', at('exchange.pem')];
  const check = (name: string, ...more: string[]) =>
    run(
      ...[
        'check',
        at(name),
        '--bundle',
        at('bundle'),
        '--trust',
        at('trust.json'),
        '--pins',
        at('pins.json'),
      ],
      ...['--allow-development-keys', '--json', ...more],
    );

  it('goes from the snapshot to reserves that a reader with pins of their own finds covered', async () => {
    const made = await run(
      ...['challenge', at('snapshot'), '--accounts', at('wallets.csv'), '--pins', at('reviewed.json')],
      ...[...rpc(), ...identity(), '--out', at('work')],
    );
    // A wallet that holds nothing is no amount, and signs nothing.
    expect(made.out).toContain(`${2 * ASSETS.length} amounts in 1 chain`);
    await run('sign-request', at('work'), '--out', at('requests'));
    const csv = await readFile(at('requests/requests.csv'), 'utf8');
    expect(csv.match(/shows that it controls/g)?.length).toBe(2);

    const rows: string[] = [];
    for (const key of [KEYS.hot, KEYS.token]) {
      const text = await readFile(at('requests', `eip155-31337-${key.address}.txt`), 'utf8');
      rows.push(`${key.address},${signText(text, key)}\n`);
    }
    await writeFile(at('first.csv'), `address,signature\n${rows[0]!}`);
    await writeFile(at('second.csv'), `address,signature\n${rows[1]!}`);
    const publishing = [at('work'), '--bundle', at('bundle'), ...identity()];
    await run('import', at('work'), at('first.csv'));
    expect(await codeOf(run('publish', ...publishing, '--out', at('reserves')))).toBe('control-missing');
    await run('publish', ...publishing, '--unsigned-as-stated', '--out', at('partly'));
    await run('import', at('work'), at('second.csv'));
    const { out } = await run('publish', ...publishing, '--json', '--out', at('reserves'));
    const { reservesHash } = JSON.parse(out) as { reservesHash: string };

    await run(
      'pins',
      '--from',
      at('reviewed.json'),
      '--taken-at',
      takenAt,
      ...rpc(),
      '--out',
      at('pins.json'),
    );
    const covered = await check('reserves', '--reserves-hash', reservesHash);
    expect([covered.exitCode, JSON.parse(covered.out)]).toEqual([
      0,
      expect.objectContaining({ valid: true, outcome: 'covered', reservesHashCompared: true }),
    ]);
    const short = await check('partly');
    expect([short.exitCode, JSON.parse(short.out)]).toEqual([
      4,
      expect.objectContaining({ valid: true, outcome: 'short' }),
    ]);
    expect((await check('partly', '--level', 'stated')).exitCode).toBe(0);
  });

  it('says which wallets two directories both claim', async () => {
    const same = await run('compare', at('reserves'), at('partly'));
    expect([same.exitCode, same.out.match(/0x[0-9a-f]{40}/g)?.length]).toEqual([1, 2]);
  });

  it('leaves the work as it was where a file that is imported is wrong', async () => {
    const before = await readFile(at('work/evidence.ndjson'));
    const text = await readFile(at('requests', `eip155-31337-${KEYS.hot.address}.txt`), 'utf8');
    const wrong = `address,signature\n${KEYS.hot.address},${signText(text, KEYS.stranger)}\n`;
    await writeFile(at('wrong.csv'), wrong);
    expect(await codeOf(run('import', at('work'), at('first.csv'), at('wrong.csv')))).toBe(
      'signature-of-other',
    );
    expect((await readFile(at('work/evidence.ndjson'))).equals(before)).toBe(true);
  });

  it('asks for a block after the instant, and for a node of each chain', async () => {
    const later = ['--taken-at', '2126-01-01T00:00:00Z', ...rpc(), '--out', at('late.json')];
    expect(await codeOf(run('pins', '--from', at('reviewed.json'), ...later))).toBe('block-not-there');
    const bare = [
      'challenge',
      at('snapshot'),
      '--accounts',
      at('wallets.csv'),
      ...identity(),
      '--out',
      at('none'),
    ];
    expect(await codeOf(run(...bare))).toBe('rpc-missing');
  });
});
