import type { AccountPin, Pins } from '../protocol/reserves/index.js';

const ETHER = { asset: 'ETH', decimals: 18, kind: 'issued' } as const;
const ROLLUP = 'they are its sequencer’s word until they settle on eip155:1';

/** Safe's own release 1.4.1; hashes of npm `@safe-global/safe-deployments` 1.37.53, the proxy's of `safe-contracts` 1.4.1. */
const SAFE_PROXY = '0xd7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c';
const SAFE_HANDLER = {
  address: '0xfd0732dc9e303f09fcef3a7388ad10a83459ec99',
  codeHash: '0x7c6007a5d711cea8dfd5d91f5940ec29c7f200fe511eb1fc1397b367af3c42f9',
};

const accountChain = (chain: string, asset: string, decimals: number): AccountPin => ({
  ...{ chain, native: { asset, decimals, kind: 'issued' }, block: null, tokens: [] },
});

const safe = (name: string, singleton: string, singletonCodeHash: string): Pins['wallets'][number] => ({
  kind: 'safe',
  name,
  proxyCodeHashes: [SAFE_PROXY],
  singleton,
  singletonCodeHash,
  handlers: [SAFE_HANDLER],
});

/**
 * What ships with the project: chains with their coins, and reviewed wallet contracts. It has no block hash: a reader
 * takes it from a node of their own or from two independent places. It has no token: their code has to be looked at on
 * their chains.
 */
export const REVIEWED_PINS: Pins = {
  format: 'solvent/pins/v1',
  chains: [
    { chain: 'eip155:1', native: ETHER, block: null, settlement: null },
    { chain: 'eip155:10', native: ETHER, block: null, settlement: ROLLUP },
    {
      chain: 'eip155:137',
      native: { asset: 'POL', decimals: 18, kind: 'issued' },
      block: null,
      settlement: 'they are its validators’ word until they settle on eip155:1',
    },
    { chain: 'eip155:42161', native: ETHER, block: null, settlement: ROLLUP },
    {
      chain: 'eip155:56',
      native: { asset: 'BNB', decimals: 18, kind: 'issued' },
      block: null,
      settlement: null,
    },
    { chain: 'eip155:8453', native: ETHER, block: null, settlement: ROLLUP },
  ],
  bitcoin: [
    {
      chain: 'bip122:000000000019d6689c085ae165831e93',
      native: { asset: 'BTC', kind: 'issued' },
      easiestBits: '1d00ffff',
      block: null,
    },
  ],
  accountChains: [
    accountChain('cip34:1-764824073', 'ADA', 6),
    accountChain('cosmos:celestia', 'TIA', 6),
    accountChain('cosmos:cosmoshub-4', 'ATOM', 6),
    accountChain('cosmos:dydx-mainnet-1', 'DYDX', 18),
    accountChain('cosmos:osmosis-1', 'OSMO', 6),
    accountChain('polkadot:91b171bb158e2d3848fa23a9f1c25182', 'DOT', 10),
    accountChain('polkadot:b0a8d493285c2df73290dfb7e61f870f', 'KSM', 12),
    accountChain('solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', 'SOL', 9),
    accountChain('stellar:pubnet', 'XLM', 7),
    accountChain('tron:0x2b6653dc', 'TRX', 6),
    accountChain('xrpl:0', 'XRP', 6),
  ],
  tokens: [],
  wallets: [
    safe(
      'Safe 1.4.1, for rollups',
      '0x29fcb43b46531bca003ddc8fcb67ffe91900c762',
      '0xb1f926978a0f44a2c0ec8fe822418ae969bd8c3f18d61e5103100339894f81ff',
    ),
    safe(
      'Safe 1.4.1',
      '0x41675c099f32341bf84bfc5382af534df5c7461a',
      '0x1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4',
    ),
  ],
  delegates: [],
  custodians: [],
};
