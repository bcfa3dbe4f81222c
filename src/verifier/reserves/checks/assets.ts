import { within } from '../../../protocol/index.js';
import {
  joinKey,
  type Pins,
  type TokenKind,
  type TokenPin,
  isOnChain,
  type AccountEntry,
  type ChainEntry,
  type WalletEntry,
} from '../../../protocol/reserves/index.js';
import { formatCount } from '../../../presentation/index.js';
import type { Passed } from '../../checklist.js';
import { assertTokenCode } from '../evm/token.js';
import { refuseReserves } from '../codes.js';
import type { Liabilities } from '../liabilities.js';
import type { PinnedAccounts, PinnedChain, PinnedChains } from './blocks.js';
import type { ReservesContents } from './reading.js';

/** What an amount of a wallet is counted in, by the pins alone. */
export type CountedToken = {
  readonly chain: string;
  /** Null for the chain's own coin. */
  readonly token: TokenPin | null;
  /** What the pins call the token of an account chain; left out elsewhere. */
  readonly named?: { readonly contract: string; readonly issuer: string };
  readonly asset: string;
  readonly decimals: number;
  readonly kind: TokenKind;
};

/** Of a bitcoin, in satoshi. */
const BITCOIN_DECIMALS = 8;

/** The pinned token of each contract that an entry names, by `keyOfToken`. */
export type CountedTokens = ReadonlyMap<string, CountedToken>;

/** 8.6: every contract is pinned for the asset that it is counted for, and its code at the block is the reviewed one. */
export function checkAssets(
  { entries }: ReservesContents,
  { chains, bitcoin, accounts }: PinnedChains,
  { pins, liabilities }: { readonly pins: Pins; readonly liabilities: Liabilities },
): Passed<CountedTokens> {
  const owed = new Set(liabilities.assets.map(({ asset }) => asset));
  const pinned = new Map(pins.tokens.map((pin) => [keyOfToken(pin), pin]));
  const counted = new Map<string, CountedToken>();
  for (const { line: entry, position } of entries) {
    if (!owed.has(entry.asset)) {
      throw refuseReserves('asset-not-owed', `expected an asset of the manifest at ${position}, got another`);
    }
    if (!isOnChain(entry)) continue;
    const key = keyOfCounted(entry);
    let token = counted.get(key);
    if (token === undefined && entry.kind === 'output') {
      const { native } = bitcoin.get(entry.chain)!.pin;
      token = { chain: entry.chain, token: null, decimals: BITCOIN_DECIMALS, ...native };
      counted.set(key, token);
    } else if (token === undefined && entry.kind === 'account') {
      token = countAccount(entry, accounts.get(entry.chain)!, position);
      counted.set(key, token);
    } else if (token === undefined && entry.kind === 'wallet') {
      const chain = chains.get(entry.chain)!;
      token = countAs(entry, { chain, pin: pinned.get(key), position });
      const pin = token.token;
      if (pin !== null)
        within(position, () => {
          assertTokenCode(chain.state, pin);
        });
      counted.set(key, token);
    }
    if (token!.asset !== entry.asset) {
      throw refuseReserves(
        'asset-differs',
        `expected ${token!.asset} by the pins at ${position}, got ${entry.asset}`,
      );
    }
  }
  return { value: counted, compared: `${formatCount(counted.size, 'token')} with your pins, and their code` };
}

/** What an entry of a chain is counted as, by the key of its token. */
export function keyOfCounted(entry: ChainEntry): string {
  return keyOfToken({ chain: entry.chain, contract: entry.kind === 'output' ? null : entry.contract });
}

/** What tells two tokens apart. */
export function keyOfToken({ chain, contract }: Pick<WalletEntry, 'chain' | 'contract'>): string {
  return joinKey(chain, contract ?? '');
}

function countAccount(
  { contract, chain }: AccountEntry,
  { pin }: PinnedAccounts,
  position: string,
): CountedToken {
  if (contract === null) return { chain, token: null, ...pin.native };
  const known = pin.tokens.find((token) => token.contract === contract);
  if (known === undefined) {
    throw refuseReserves(
      'token-not-pinned',
      `expected a token of the pins at ${position}, got contract ${contract}`,
    );
  }
  const { asset, decimals, kind, issuer } = known;
  return { chain, token: null, named: { contract, issuer }, asset, decimals, kind };
}

function countAs(
  { contract }: WalletEntry,
  {
    chain,
    pin,
    position,
  }: { readonly chain: PinnedChain; readonly pin: TokenPin | undefined; readonly position: string },
): CountedToken {
  if (contract === null) return { token: null, chain: chain.pin.chain, ...chain.pin.native };
  if (pin === undefined) {
    throw refuseReserves(
      'token-not-pinned',
      `expected a token of the pins at ${position}, got contract ${contract}`,
    );
  }
  const { asset, decimals, kind } = pin;
  return { token: pin, chain: chain.pin.chain, asset, decimals, kind };
}
