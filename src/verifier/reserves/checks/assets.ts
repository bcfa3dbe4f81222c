import {
  joinKey,
  type Pins,
  type TokenKind,
  type TokenPin,
  type OutputEntry,
  type WalletEntry,
} from '../../../protocol/reserves/index.js';
import { formatCount } from '../../../presentation/index.js';
import type { Passed } from '../../checklist.js';
import { assertTokenCode } from '../evm/token.js';
import { refuseReserves } from '../failure.js';
import type { Liabilities } from '../liabilities.js';
import type { PinnedChain, PinnedChains } from './blocks.js';
import type { ReservesContents } from './reading.js';

/** What an amount of a wallet is counted in, by the pins alone. */
export type CountedToken = {
  readonly chain: string;
  /** Null for the chain's own coin. */
  readonly token: TokenPin | null;
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
  { chains, bitcoin }: PinnedChains,
  { pins, liabilities }: { readonly pins: Pins; readonly liabilities: Liabilities },
): Passed<CountedTokens> {
  const owed = new Set(liabilities.assets.map(({ asset }) => asset));
  const pinned = new Map(pins.tokens.map((pin) => [keyOfToken(pin), pin]));
  const counted = new Map<string, CountedToken>();
  for (const { line: entry, position } of entries) {
    if (!owed.has(entry.asset)) {
      throw refuseReserves('asset-not-owed', `expected an asset of the manifest at ${position}, got another`);
    }
    if (entry.kind !== 'wallet' && entry.kind !== 'output') continue;
    const key = keyOfCounted(entry);
    let token = counted.get(key);
    if (token === undefined && entry.kind === 'output') {
      const { native } = bitcoin.get(entry.chain)!.pin;
      token = { chain: entry.chain, token: null, decimals: BITCOIN_DECIMALS, ...native };
      counted.set(key, token);
    } else if (token === undefined && entry.kind === 'wallet') {
      const chain = chains.get(entry.chain)!;
      token = countAs(entry, { chain, pin: pinned.get(key), position });
      if (token.token !== null) assertTokenCode(chain.state, token.token);
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
export function keyOfCounted(entry: WalletEntry | OutputEntry): string {
  return keyOfToken({ chain: entry.chain, contract: entry.kind === 'wallet' ? entry.contract : null });
}

/** What tells two tokens apart. */
export function keyOfToken({ chain, contract }: Pick<WalletEntry, 'chain' | 'contract'>): string {
  return joinKey(chain, contract ?? '');
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
