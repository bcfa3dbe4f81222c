import { readFileSync, writeFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ANVIL, compileTokens, startAnvil, type LocalChain } from '../../scripts/reserves/local-chain.js';
import { bytesToHex } from '../../src/protocol/index.js';
import { encodePins, type Pins } from '../../src/protocol/reserves/index.js';
import { solvent } from '../integration/commands.js';
import { hash, toWord } from '../../conformance/adversary/reserves/chain.js';
import { KEYS } from '../../conformance/adversary/reserves/world.js';
import { OperationDirectory } from './operation.js';

const CHAIN = 'eip155:31337';
const SIGNER = new URL('./sign-wallets.mjs', import.meta.url).pathname;
const OUTPUT = `${'ab'.repeat(32)}:0`;

let chain: LocalChain;
let day: OperationDirectory;
let takenAt = '';

/** A token in which dollars are held: all that the corner exchange owes. */
async function deployDollars(): Promise<Pins> {
  const contract = await chain.deploy(compileTokens().Plain!);
  const code = (await chain.node.call('eth_getCode', [contract, 'latest'])) as string;
  await chain.invoke(contract, 'mint(address,uint256)', [KEYS.hot.address, 3_500n]);
  return {
    format: 'solvent/pins/v1',
    chains: [
      { chain: CHAIN, native: { asset: 'ETH', decimals: 18, kind: 'issued' }, block: null, settlement: null },
    ],
    tokens: [
      {
        ...{ chain: CHAIN, contract, asset: 'USD', decimals: 2, kind: 'issued', issuer: 'a test' },
        ...{ proxy: null, freezes: [] },
        codeHash: hash(Uint8Array.from(Buffer.from(code.slice(2), 'hex'))),
        balance: { layout: { kind: 'solidity', slot: toWord(1n) }, rule: { kind: 'plain' } },
      },
    ],
    ...{ wallets: [], delegates: [], custodians: [] },
  };
}

describe.skipIf(ANVIL === undefined)('a day with reserves, on a local Ethereum node (anvil)', () => {
  beforeAll(async () => {
    chain = await startAnvil();
    day = new OperationDirectory();
    const setup = ['setup', '--profile', 'tiny', '--keys', day.keys, '--development', '--quiet'];
    expect(solvent(...setup)).toMatchObject({ exitCode: 0 });
    writeFileSync(day.at('reviewed.json'), encodePins(await deployDollars()));
    const { timestamp } = (await chain.node.call('eth_getBlockByNumber', ['latest', false])) as {
      timestamp: string;
    };
    takenAt = new Date(Number(timestamp) * 1000).toISOString().replace('.000Z', 'Z');
    await chain.node.call('evm_setNextBlockTimestamp', [Number(timestamp) + 9]);
    await chain.node.call('anvil_mine', ['0x1']);
    day.writeBalances(takenAt, 30);
    writeFileSync(day.at('wallets.csv'), `chain,address\n${CHAIN},${KEYS.hot.address}\n`);
    const sign = `[${process.execPath}, ${SIGNER}, '${bytesToHex(KEYS.hot.secret)}']`;
    const reserves = `{ wallets: wallets.csv, pins: reviewed.json, nodes: { '${CHAIN}': NODE_URL }, sign: ${sign} }`;
    writeFileSync(day.at('operation.yaml'), day.configure(`reserves: ${reserves}`));
  });
  afterAll(() => {
    day.remove();
    chain.stop();
  });

  it('is refused, and nothing is published, while a wallet of another chain has no node', () => {
    const wallets = readFileSync(day.at('wallets.csv'), 'utf8');
    const bitcoin = 'bip122:000000000019d6689c085ae165831e93';
    writeFileSync(day.at('wallets.csv'), `${wallets}${bitcoin},${OUTPUT}\n`);
    const refused = day.run({ NODE_URL: chain.url }, 'run', '--at', takenAt);
    expect(refused.errors).toContain('code: node-unset');
    expect(refused.exitCode).not.toBe(0);
    writeFileSync(day.at('wallets.csv'), wallets);
  });

  it('captures wallets, has them sign, and puts what it publishes on the site', () => {
    const ended = day.run({ NODE_URL: chain.url }, 'run', '--at', takenAt, '--json');
    expect(ended.exitCode, ended.errors).toBe(0);
    const { published } = JSON.parse(ended.output) as { published: { reservesHash: string }[] };
    expect(published[0]!.reservesHash).toMatch(/^[0-9a-f]{64}$/);
    expect(day.read('public/site/reserves/entries.ndjson')).toContain('"amount":"3500"');
    expect(day.read('public/site/index.html')).toContain('Reserves');
  });

  it('is the same when it is run again, without a node', () => {
    const again = day.run({ NODE_URL: '' }, 'run', '--at', takenAt, '--json');
    expect(again.exitCode, again.errors).toBe(0);
    expect(JSON.parse(again.output)).toMatchObject({ published: [{ wasComplete: true }] });
  });
});
