import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Interface } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  composeMessage,
  deriveChallenge,
  keyOfEntry,
  keyOfEvidence,
  type Evidence,
  type Pins,
  type TokenPin,
} from '../../src/protocol/reserves/index.js';
import {
  captureChain,
  encodeReservesDirectory,
  type CapturedWallet,
  type ChainCapture,
} from '../../src/reserves/index.js';
import { surveyReserves, type ReservesDraft } from '../../src/verifier/reserves/making.js';
import { hash, toWord } from '../../conformance/adversary/reserves/chain.js';
import {
  KEYS,
  liabilities,
  platformKey,
  signText,
  verify,
  type WalletKey,
} from '../../conformance/adversary/reserves/world.js';
import { ANVIL, compileTokens, startAnvil, type LocalChain } from '../../scripts/reserves/local-chain.js';

const CHAIN = 'eip155:31337';
const ETHER = 10n ** 18n;
const NOBODY = `0x${'0'.repeat(40)}`;
const SAFE = JSON.parse(readFileSync(join(import.meta.dirname, '../vectors/safe-1.4.1.json'), 'utf8')) as {
  contracts: Record<'Safe' | 'SafeProxyFactory' | 'CompatibilityFallbackHandler', { bytecode: string }>;
};

type Made = Record<
  'plain' | 'flagged' | 'flaggedCode' | 'rebasing' | 'solady' | 'singleton' | 'handler' | 'safe',
  string
>;

let chain: LocalChain;
let made: Made;
let takenAt: string;
let pins: Pins;
let first: ChainCapture;

async function deployAll(): Promise<Made> {
  const tokens = compileTokens();
  const plain = await chain.deploy(tokens.Plain!);
  const flaggedCode = await chain.deploy(tokens.Flagged!);
  const flagged = await chain.deploy(tokens.Proxy!, ['address'], [flaggedCode]);
  const rebasing = await chain.deploy(tokens.Rebasing!);
  const solady = await chain.deploy(tokens.Solady!);
  const singleton = await chain.deploy(SAFE.contracts.Safe.bytecode);
  const factory = await chain.deploy(SAFE.contracts.SafeProxyFactory.bytecode);
  const handler = await chain.deploy(SAFE.contracts.CompatibilityFallbackHandler.bytecode);
  const setup = new Interface([
    'function setup(address[],uint256,address,bytes,address,address,uint256,address)',
  ]).encodeFunctionData('setup', [
    [KEYS.ann.address, KEYS.bob.address, KEYS.cid.address],
    2,
    NOBODY,
    '0x',
    handler,
    NOBODY,
    0,
    NOBODY,
  ]);
  const create = new Interface(['function createProxyWithNonce(address,bytes,uint256) returns (address)']);
  const data = create.encodeFunctionData('createProxyWithNonce', [singleton, setup, 1]);
  const answer = await chain.node.call('eth_call', [{ to: factory, data }, 'latest']);
  const [safe] = create.decodeFunctionResult('createProxyWithNonce', answer as string) as unknown as [string];
  await chain.send({ to: factory, data });
  return { plain, flagged, flaggedCode, rebasing, solady, singleton, handler, safe: safe.toLowerCase() };
}

async function fund({ plain, flagged, rebasing, solady, safe }: Made): Promise<void> {
  const { hot, token, staker, pledged } = KEYS;
  await chain.send({ to: hot.address, value: 3n * ETHER + 7n });
  await chain.send({ to: safe, value: ETHER });
  await chain.invoke(plain, 'mint(address,uint256)', [hot.address, 5n * ETHER + 1n]);
  await chain.invoke(plain, 'mint(address,uint256)', [safe, 2n * ETHER]);
  for (const { address } of [token, staker, pledged]) {
    await chain.invoke(flagged, 'mint(address,uint256)', [address, 1_000_001]);
  }
  await chain.invoke(flagged, 'freeze(address)', [pledged.address]);
  await chain.invoke(rebasing, 'mint(address,uint256)', [staker.address, ETHER]);
  await chain.invoke(rebasing, 'mint(address,uint256)', [hot.address, 2n * ETHER + 1n]);
  await chain.invoke(rebasing, 'rebase(uint256)', [10n ** 17n + 1n]);
  await chain.invoke(solady, 'mint(address,uint256)', [token.address, 42]);
}

async function makePins(addresses: Made): Promise<Pins> {
  const codeHash = async (address: string) => {
    const code = (await chain.node.call('eth_getCode', [address, 'latest'])) as string;
    return hash(Uint8Array.from(Buffer.from(code.slice(2), 'hex')));
  };
  const token = async (
    contract: string,
    asset: string,
    balance: NonNullable<TokenPin['balance']>,
    rest: Partial<TokenPin> = {},
  ): Promise<TokenPin> => ({
    ...{
      chain: CHAIN,
      contract,
      asset,
      decimals: 18,
      kind: 'issued',
      issuer: 'a test',
      freezes: [],
      proxy: null,
    },
    codeHash: await codeHash(contract),
    balance,
    ...rest,
  });
  const mapping = (slot: bigint, rule: NonNullable<TokenPin['balance']>['rule'] = { kind: 'plain' }) => ({
    layout: { kind: 'solidity' as const, slot: toWord(slot) },
    rule,
  });
  const { plain, flagged, flaggedCode, rebasing, solady, singleton, handler } = addresses;
  const implementation = { implementation: flaggedCode, codeHash: await codeHash(flaggedCode) };
  const tokens = [
    await token(plain, 'USDT', mapping(1n)),
    await token(flagged, 'USDC', mapping(1n, { kind: 'flag-in-bit-255' }), {
      decimals: 6,
      proxy: {
        slot: '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc',
        ...implementation,
      },
    }),
    await token(
      rebasing,
      'ETH',
      mapping(2n, { kind: 'shares', pooledSlot: toWord(0n), totalSlot: toWord(1n) }),
      { kind: 'staked' },
    ),
    await token(
      solady,
      'SOL',
      { layout: { kind: 'solady', seed: '0x87a211a2' }, rule: { kind: 'plain' } },
      { decimals: 9 },
    ),
  ];
  return {
    format: 'solvent/pins/v1',
    chains: [
      { chain: CHAIN, native: { asset: 'ETH', decimals: 18, kind: 'issued' }, block: null, settlement: null },
    ],
    tokens: tokens.sort((a, b) => (a.contract < b.contract ? -1 : 1)),
    wallets: [
      {
        kind: 'safe',
        name: 'Safe 1.4.1',
        // As deployed anywhere: the hashes that Safe publishes of its own.
        proxyCodeHashes: ['0xd7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c'],
        singleton,
        singletonCodeHash: '0x1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4',
        handlers: [{ address: handler, codeHash: await codeHash(handler) }],
      },
    ],
    delegates: [],
    custodians: [],
  };
}

const WALLETS = (addresses: Made): CapturedWallet[] =>
  [KEYS.hot.address, KEYS.token.address, KEYS.staker.address, KEYS.pledged.address, KEYS.stranger.address]
    .map((address): CapturedWallet => ({ address, control: 'signed', custodian: null, encumbrance: null }))
    .concat([{ address: addresses.safe, control: 'owners', custodian: null, encumbrance: null }]);

const capture = () => captureChain(chain.node, { chain: CHAIN, takenAt, wallets: WALLETS(made), pins });

describe.skipIf(ANVIL === undefined)('reserves on a local Ethereum node (anvil)', () => {
  beforeAll(async () => {
    chain = await startAnvil();
    made = await deployAll();
    await fund(made);
    pins = await makePins(made);
    const { timestamp } = (await chain.node.call('eth_getBlockByNumber', ['latest', false])) as {
      timestamp: string;
    };
    takenAt = new Date((Number(timestamp) + 50) * 1000).toISOString().replace('.000Z', 'Z');
    await chain.node.call('evm_setNextBlockTimestamp', [Number(timestamp) + 51]);
    await chain.invoke(made.plain, 'mint(address,uint256)', [KEYS.hot.address, 1]);
    first = await capture();
  });
  afterAll(() => {
    chain.stop();
  });

  it('are the balances that the node gives at that block, of ether and four kinds of tokens', async () => {
    const tag = `0x${first.block.number.toString(16)}`;
    expect(first.entries.length).toBe(9);
    for (const { address, contract, amount } of first.entries) {
      const data = new Interface(['function balanceOf(address)']).encodeFunctionData('balanceOf', [address]);
      const found = (await (contract === null
        ? chain.node.call('eth_getBalance', [address, tag])
        : chain.node.call('eth_call', [{ to: contract, data }, tag]))) as string;
      expect([address, contract, BigInt(found)]).toEqual([address, contract, BigInt(amount)]);
    }
    expect(first.safes.get(made.safe)).toMatchObject({ threshold: 2 });
    expect(first.leftOut).toEqual([`${KEYS.pledged.address} of ${made.flagged}: frozen`]);
  });

  it('are valid to a reader who pins the block and the next, and short by what is missing', async () => {
    const reader = await publishCapture(first);
    const report = await verify(reader.files, reader);
    expect(report).toMatchObject({ valid: true, code: 'valid' });
    const held = Object.fromEntries(report.assets.map((row) => [row.asset, row.held]));
    const staked = 3n * ETHER + 1n + 10n ** 17n + 1n;
    // Shares are floored a wallet, so that a unit of the token may be missing; a proof unit of ether is 10^9 of them.
    expect(held).toMatchObject({ USDT: '7000000', USDC: '2000002', SOL: '42' });
    expect(BigInt(held.ETH!)).toBe((4n * ETHER + 7n + staked - 1n) / 10n ** 9n);
  });

  it('are the same 1,200 blocks later, whatever has happened since', async () => {
    await chain.invoke(made.plain, 'mint(address,uint256)', [KEYS.hot.address, ETHER]);
    await chain.send({ to: KEYS.hot.address, value: ETHER });
    await chain.node.call('anvil_mine', ['0x4b0']);
    const later = await capture();
    expect(later).toEqual(first);
  });

  it('are refused where the Safe gets a module before the block', async () => {
    await chain.node.call('anvil_impersonateAccount', [made.safe]);
    const data = new Interface(['function enableModule(address)']).encodeFunctionData('enableModule', [
      made.plain,
    ]);
    const transaction = { from: made.safe, to: made.safe, data, gasPrice: '0x0' };
    await chain.node.call('anvil_setNextBlockBaseFeePerGas', ['0x0']);
    await chain.confirm(await chain.node.call('eth_sendTransaction', [transaction]));
    const { timestamp } = (await chain.node.call('eth_getBlockByNumber', ['latest', false])) as {
      timestamp: string;
    };
    await chain.node.call('evm_setNextBlockTimestamp', [Number(timestamp) + 9]);
    await chain.node.call('anvil_mine', ['0x1']);
    const at = new Date(Number(timestamp) * 1000).toISOString().replace('.000Z', 'Z');
    await expect(
      captureChain(chain.node, { chain: CHAIN, takenAt: at, wallets: WALLETS(made), pins }),
    ).rejects.toMatchObject({ code: 'wallet-not-by-owners' });
  });
});

/** Signs for a capture and publishes it, as its platform; and what its reader pins. */
async function publishCapture({ block, nodes, entries }: ChainCapture) {
  const owed = { ...liabilities, takenAt };
  const blocks = [{ chain: CHAIN, number: block.number, hash: block.hash }];
  const challenge = deriveChallenge({ ...owed, blocks });
  const pinned: Pins = {
    ...pins,
    chains: pins.chains.map((pin) => ({ ...pin, block: { hash: block.hash, nextHash: block.nextHash } })),
  };
  const keys = new Map(Object.values(KEYS).map((key) => [key.address, key]));
  const signers = new Set(entries.map(({ address }) => address));
  const evidence = [...signers].map((address): Evidence => {
    const message = composeMessage(owed, challenge, { chain: CHAIN, address });
    const key = keys.get(address);
    if (key !== undefined) {
      return { kind: 'signature', chain: CHAIN, address, signature: signText(message, key), delegate: null };
    }
    const signatures = [KEYS.ann, KEYS.cid].map((owner: WalletKey) => ({
      owner: owner.address,
      signature: signText(message, owner),
      delegate: null,
    }));
    return {
      kind: 'safe',
      chain: CHAIN,
      address,
      signatures: signatures.sort((a, b) => (a.owner < b.owner ? -1 : 1)),
    };
  });
  const draft: ReservesDraft = {
    format: 'solvent/reserves/v1',
    purpose: 'snapshot',
    platform: owed.platform,
    takenAt,
    manifestHash: owed.manifestHash,
    snapshotHash: owed.snapshotHash,
    previousReservesHash: null,
    blocks,
    custodians: [],
    encumbrances: [],
    entries: [...entries].sort((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1)),
    evidence: evidence.sort((a, b) => (keyOfEvidence(a) < keyOfEvidence(b) ? -1 : 1)),
    headers: new Map([[CHAIN, block.headers]]),
    nodes: new Map([[CHAIN, nodes]]),
  };
  const survey = await surveyReserves(draft, { pins: pinned, liabilities: owed });
  const files = encodeReservesDirectory(draft, survey, platformKey);
  return { files, pins: pinned, world: { ...({} as object), liabilities: owed } as never };
}
