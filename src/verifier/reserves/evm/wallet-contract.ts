import type { Pins, SafePin } from '../../../protocol/reserves/index.js';
import { MAX_OWNERS } from '../../../protocol/reserves/index.js';
import { refuseReserves } from '../codes.js';
import { deriveSlot, formatSlot, toAddress, type ProvenState } from './state.js';

/** Who may move what a wallet contract holds. */
export type WalletOwners = { readonly owners: readonly string[]; readonly threshold: number };

/** Where Safe keeps what decides, in versions 1.3.0 to 1.5.0 (`contracts/libraries/SafeStorage.sol`). */
const [SINGLETON, MODULES, OWNERS, OWNER_COUNT, THRESHOLD] = [0n, 1n, 2n, 3n, 4n];
/** keccak256("guard_manager.guard.address"). */
const GUARD_SLOT = '0x4a204f620c8c5ccdca3fd54d003badd85ba500436a431f0cbda4f558c93c34c8';
/** keccak256("fallback_manager.handler.address"). */
const HANDLER_SLOT = '0x6c9a6c4a39284e37ed1cf53d337577d14212a4870fb976a4366c693b939918d5';
/** What starts and ends Safe's linked lists. */
const SENTINEL = `0x${'1'.padStart(40, '0')}`;

/**
 * Reads a Safe's owners and threshold from proven storage, and that nothing else can move what it holds: it has no
 * module, no guard, and no fallback handler but a reviewed one. A handler that is a token lets anyone transfer.
 * @throws SolventError `contract-not-reviewed`, `wallet-not-by-owners`, and as `ProvenState`.
 */
export function readSafe(state: ProvenState, address: string, pins: Pins): WalletOwners {
  const pin = findSafe(state, address, pins);
  const sole = listLinked(state, address, MODULES);
  if (sole.length !== 0) throw moved(address, 'no module');
  if (state.readSlot(address, GUARD_SLOT) !== 0n) throw moved(address, 'no guard');
  assertHandler(state, address, pin);
  const owners = listLinked(state, address, OWNERS);
  const threshold = state.readSlot(address, formatSlot(THRESHOLD));
  const count = state.readSlot(address, formatSlot(OWNER_COUNT));
  if (count !== BigInt(owners.length) || threshold < 1n || threshold > count) {
    throw moved(address, 'as many owners as it counts, and a threshold among them');
  }
  return { owners, threshold: Number(threshold) };
}

function findSafe(state: ProvenState, address: string, { wallets }: Pins): SafePin {
  const codeHash = state.readCodeHash(address);
  const known = wallets.filter(({ proxyCodeHashes }) => proxyCodeHashes.includes(codeHash));
  if (known.length === 0) throw notReviewed(address);
  const singleton = toAddress(state.readSlot(address, formatSlot(SINGLETON)));
  const pin = known.find((wallet) => wallet.singleton === singleton);
  if (pin === undefined) throw notReviewed(address);
  if (state.readCodeHash(pin.singleton) !== pin.singletonCodeHash) throw notReviewed(address);
  return pin;
}

function assertHandler(state: ProvenState, address: string, { handlers }: SafePin): void {
  const stored = state.readSlot(address, HANDLER_SLOT);
  if (stored === 0n) return;
  const handler = handlers.find((known) => known.address === toAddress(stored));
  const codeHash = handler === undefined ? undefined : state.readCodeHash(handler.address);
  if (codeHash === undefined || codeHash !== handler?.codeHash) {
    throw moved(address, 'no fallback handler but a reviewed one');
  }
}

/** The addresses of a linked list in a mapping, in the order in which they are linked. */
function listLinked(state: ProvenState, address: string, mapping: bigint): string[] {
  const found: string[] = [];
  const next = (of: string) =>
    toAddress(state.readSlot(address, deriveSlot({ kind: 'solidity', slot: formatSlot(mapping) }, of)));
  for (let current = next(SENTINEL); current !== SENTINEL; current = next(current)) {
    if (
      current === undefined ||
      BigInt(current) === 0n ||
      found.includes(current) ||
      found.length === MAX_OWNERS
    ) {
      throw moved(address, `a list of at most ${MAX_OWNERS} that ends where it starts`);
    }
    found.push(current);
  }
  return found;
}

function moved(address: string, expected: string) {
  return refuseReserves(
    'wallet-not-by-owners',
    `expected ${expected} in the wallet contract ${address}, got something else`,
  );
}

function notReviewed(address: string) {
  return refuseReserves(
    'contract-not-reviewed',
    `expected a wallet contract of the pins at ${address}, got other code`,
  );
}
