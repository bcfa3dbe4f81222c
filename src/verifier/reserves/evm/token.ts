import type { TokenPin } from '../../../protocol/reserves/index.js';
import { refuseReserves } from '../codes.js';
import { deriveSlot, toAddress, type ProvenState } from './state.js';

const FLAG_BIT = 1n << 255n;

/**
 * Holds a token's contract, and its implementation where it is a proxy, to the code that was reviewed.
 * @throws SolventError `token-code-differs`, and as `ProvenState`.
 */
export function assertTokenCode(state: ProvenState, { contract, codeHash, proxy }: TokenPin): void {
  const found = state.readCodeHash(contract);
  if (found !== codeHash) throw differs(contract, codeHash, found);
  if (proxy === null) return;
  const implementation = toAddress(state.readSlot(contract, proxy.slot)) ?? 'no address';
  if (implementation !== proxy.implementation) {
    throw differs(`the implementation of ${contract}`, proxy.implementation, implementation);
  }
  const code = state.readCodeHash(implementation);
  if (code !== proxy.codeHash) throw differs(`the implementation of ${contract}`, proxy.codeHash, code);
}

/**
 * What an address holds of a token at the block, in the token's own units.
 * @throws SolventError `frozen`, `token-layout-unknown`, and as `ProvenState`.
 */
export function readTokenBalance(state: ProvenState, pin: TokenPin, address: string): bigint {
  if (pin.balance === null) {
    throw refuseReserves(
      'token-layout-unknown',
      `expected a layout of ${pin.contract} in the pins, got none: its balances are not proven`,
    );
  }
  assertNotFrozen(state, pin, address);
  const { contract } = pin;
  const { layout, rule } = pin.balance;
  const stored = state.readSlot(contract, deriveSlot(layout, address));
  if (rule.kind !== 'shares') return stored;
  const pooled = state.readSlot(contract, rule.pooledSlot);
  const total = state.readSlot(contract, rule.totalSlot);
  return total === 0n ? 0n : (stored * pooled) / total;
}

/**
 * Holds what an address has of a token to be free, by everything that the pins say of what stops it.
 * @throws SolventError `frozen`, and as `ProvenState`.
 */
export function assertNotFrozen(state: ProvenState, pin: TokenPin, address: string): void {
  const { contract, balance } = pin;
  if (balance?.rule.kind === 'flag-in-bit-255') {
    if (state.readSlot(contract, deriveSlot(balance.layout, address)) >= FLAG_BIT) throw frozen(pin, address);
  }
  for (const freeze of pin.freezes) {
    const stops =
      freeze.kind === 'account'
        ? state.readSlot(pin.contract, deriveSlot(freeze.layout, address)) !== 0n
        : (state.readSlot(pin.contract, freeze.slot) & BigInt(freeze.mask)) !== 0n;
    if (stops) throw frozen(pin, address);
  }
}

function frozen({ contract }: TokenPin, address: string) {
  return refuseReserves('frozen', `expected what ${address} holds of ${contract} to be free, got it frozen`);
}

function differs(what: string, expected: string, found: string) {
  return refuseReserves('token-code-differs', `expected ${expected} at ${what}, got ${found}`);
}
