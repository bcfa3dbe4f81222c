import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { batches, honest, platform } from '../../conformance/adversary/case.js';
import { publish } from '../../conformance/adversary/world.js';
import { buildProgram } from '../../src/cli/program.js';
import { encodeJsonLine } from '../../src/protocol/index.js';
import { encodePins, parsePins, type Pins } from '../../src/protocol/reserves/index.js';
import { createSnapshot } from '../../src/snapshot/index.js';
import { writeBundle } from '../verifier/bundle-files.js';
import { hash, toWord } from '../../conformance/adversary/reserves/chain.js';
import { KEYS, signText, type WalletKey } from '../../conformance/adversary/reserves/world.js';
import type { ReservesReport } from '../../src/verifier/reserves/index.js';
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
  const words = ['reserves', ...args];
  const output = { write: (text: string) => (out += text), end: (code: number) => (exitCode = code) };
  const program = await buildProgram(output, words);
  await program.parseAsync(words, { from: 'user' });
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
  // An account that runs the code of the first token.
  const [first] = tokens.map(({ contract }) => contract).sort() as [string];
  await chain.invoke(first, 'mint(address,uint256)', [KEYS.smart.address, 7]);
  await chain.node.call('anvil_setCode', [KEYS.smart.address, `0xef0100${first.slice(2)}`]);
  await chain.node.call('anvil_mine', ['0x1']);
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

/** A node that passes on what another says, with some of it changed. */
async function withNode<T>(
  url: string,
  change: (method: string, result: unknown) => unknown,
  run: (url: string) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      const { method } = JSON.parse(body) as { method: string };
      void fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
        .then((answer) => answer.json() as Promise<{ result: unknown }>)
        .then((answer) => response.end(JSON.stringify({ ...answer, result: change(method, answer.result) })));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
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

  /** The whole way with other wallets and tokens, every key that is asked signing. */
  async function publishAs(name: string, pins: Pins, wallets: readonly WalletKey[]): Promise<string> {
    await writeFile(at(`${name}.json`), encodePins(pins));
    const rows = wallets.map(({ address }) => `${CHAIN},${address}\n`);
    await writeFile(at(`${name}.wallets.csv`), `chain,address\n${rows.join('')}`);
    const made = await run(
      ...['challenge', at('snapshot'), '--accounts', at(`${name}.wallets.csv`), '--pins', at(`${name}.json`)],
      ...[...rpc(), ...identity(), '--out', at(`${name}.work`)],
    );
    await run('sign-request', at(`${name}.work`), '--out', at(`${name}.requests`));
    const signed: string[] = [];
    for (const key of wallets) {
      const path = at(`${name}.requests`, `eip155-31337-${key.address}.txt`);
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text !== undefined) signed.push(`${key.address},${signText(text, key)}\n`);
    }
    await writeFile(at(`${name}.csv`), `address,signature\n${signed.join('')}`);
    await run('import', at(`${name}.work`), at(`${name}.csv`));
    await run('publish', at(`${name}.work`), '--bundle', at('bundle'), ...identity(), '--out', at(name));
    await run(
      ...['pins', '--from', at(`${name}.json`), '--taken-at', takenAt, ...rpc()],
      ...['--out', at(`${name}.pins.json`)],
    );
    return made.out;
  }
  const checkAs = (name: string, ...more: string[]) =>
    run(
      ...['check', at(name), '--bundle', at('bundle'), '--trust', at('trust.json')],
      ...['--pins', at(`${name}.pins.json`), '--allow-development-keys', '--json', ...more],
    );
  const loadReviewed = async () => parsePins(await readFile(at('reviewed.json')));

  it('counts a token whose layout nobody reviewed once a node of the reader’s says the same', async () => {
    const reviewed = await loadReviewed();
    const tokens = reviewed.tokens.map((pin, index) => (index === 0 ? { ...pin, balance: null } : pin));
    await publishAs('unknown', { ...reviewed, tokens }, [KEYS.hot, KEYS.token]);
    const offline = await checkAs('unknown');
    expect([offline.exitCode, JSON.parse(offline.out)]).toMatchObject([
      4,
      { outcome: 'not-shown', level: 'proven' },
    ]);
    expect(offline.out).toContain(`solvent reserves check --node ${CHAIN}=URL`);
    const asked = await checkAs('unknown', '--node', `${CHAIN}=${chain.url}`);
    const report = JSON.parse(asked.out) as ReservesReport;
    expect([asked.exitCode, report.outcome, report.level]).toEqual([0, 'covered', 'reproducible']);
    expect(report.verdict).toContain('the nodes that you named confirmed');
    expect(report.checks.find(({ title }) => title.startsWith('Nodes of the caller'))).toMatchObject({
      result: 'passed',
      compared: `the pinned blocks of ${CHAIN} and 2 reproducible amounts with your node`,
    });
    expect((await checkAs('unknown', '--node', `${CHAIN}=${chain.url}`, '--level', 'proven')).exitCode).toBe(
      4,
    );
  });

  it('is refused where the reader’s node has another block, or another amount, and by a node of another chain', async () => {
    const other = (change: (method: string, result: unknown) => unknown) =>
      withNode(chain.url, change, (url) => checkAs('unknown', '--node', `${CHAIN}=${url}`));
    const more = await other((method, result) =>
      method === 'eth_call' ? `0x${(BigInt(result as string) + 1n).toString(16).padStart(64, '0')}` : result,
    );
    expect([more.exitCode, JSON.parse(more.out)]).toMatchObject([
      1,
      { valid: false, code: 'node-differs', assets: [] },
    ]);
    expect(more.out).toMatch(/by your node at entries.ndjson line \d+, got/);
    const forked = await other((method, result) =>
      method === 'eth_getBlockByNumber' ? { ...(result as object), hash: `0x${'5'.repeat(64)}` } : result,
    );
    expect([forked.exitCode, JSON.parse(forked.out)]).toMatchObject([1, { code: 'node-differs' }]);
    expect(await codeOf(other((method, result) => (method === 'eth_chainId' ? '0x1' : result)))).toBe(
      'node-of-other-chain',
    );
    expect(await codeOf(checkAs('unknown', '--node', `eip155:5=${chain.url}`))).toBe('node-not-needed');
  });

  it('marks an account that runs a reviewed contract (EIP-7702), and claims nothing of one that runs another', async () => {
    const reviewed = await loadReviewed();
    const [{ contract, codeHash }] = reviewed.tokens as [Pins['tokens'][number]];
    const delegates = [{ address: contract, codeHash, name: 'a test' }];
    const wallets = [KEYS.hot, KEYS.token, KEYS.smart];
    const out = await publishAs('marked', { ...reviewed, delegates }, wallets);
    expect(out).toContain(`Marked: ${KEYS.smart.address} runs a reviewed contract`);
    const { exitCode, out: checked } = await checkAs('marked');
    const { assets } = JSON.parse(checked) as ReservesReport;
    expect(exitCode).toBe(0);
    expect(assets.map(({ ofIt }) => ofIt.delegated)).toContain('7');
    const left = await publishAs('unmarked', reviewed, wallets);
    expect(left).toContain(`Stated alone: ${KEYS.smart.address}: it runs code that your pins do not review`);
    const { assets: without } = JSON.parse((await checkAs('unmarked')).out) as ReservesReport;
    expect(without.flatMap(({ cells }) => cells.filter(({ control }) => control === 'stated'))).toMatchObject(
      [{ balance: 'proven', amount: '7' }],
    );
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
