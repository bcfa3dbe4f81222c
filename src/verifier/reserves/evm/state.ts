import { keccak_256 } from '@noble/hashes/sha3.js';

import { bytesToHex, concatBytes, hexToBytes, rewordError, SolventError } from '../../../protocol/index.js';
import type { SlotLayout } from '../../../protocol/reserves/index.js';
import { refuseReserves } from '../codes.js';
import { formatWord } from './header.js';
import { asBytes, asInteger, asList, parseRlp } from './rlp.js';
import type { NodeSet } from './trie.js';

/** An account of the state. */
export type EvmAccount = {
  readonly nonce: bigint;
  readonly balance: bigint;
  /** 64 hexadecimal digits. */
  readonly storageRoot: string;
  /** 0x and 64 hexadecimal digits. */
  readonly codeHash: string;
};

/** The hash of no code. */
export const EMPTY_CODE_HASH = formatWord(keccak_256(new Uint8Array()));

/** How EIP-7702 marks an account's code: it runs that of the address behind the mark. */
const DELEGATION_MARK = 'ef0100';

const ACCOUNT_FIELDS = 4;

/** The state of one chain at one block, as far as its node set goes: what is not in it is refused, never taken as 0. */
export class ProvenState {
  readonly #nodes: NodeSet;
  readonly #stateRoot: string;
  readonly #accounts = new Map<string, EvmAccount | null>();

  /** @param stateRoot 0x and 64 hexadecimal digits, of a header that is pinned. */
  constructor(nodes: NodeSet, stateRoot: string) {
    this.#nodes = nodes;
    this.#stateRoot = stateRoot.slice(2);
  }

  /**
   * The account of an address, or null where it is shown that there is none.
   * @throws SolventError `node-missing`, `node-malformed`, `rlp-malformed`.
   */
  readAccount(address: string): EvmAccount | null {
    const known = this.#accounts.get(address);
    if (known !== undefined) return known;
    const value = this.#find(this.#stateRoot, toAddressBytes(address), { address });
    const account = value === undefined ? null : parseAccount(value);
    this.#accounts.set(address, account);
    return account;
  }

  /** The code hash of an address; that of no code where there is no account. */
  readCodeHash(address: string): string {
    return this.readAccount(address)?.codeHash ?? EMPTY_CODE_HASH;
  }

  /**
   * What an account stores in a slot; 0 where it is shown to store nothing.
   * @param slot 0x and 64 hexadecimal digits.
   * @throws SolventError as `readAccount`.
   */
  readSlot(address: string, slot: string): bigint {
    const account = this.readAccount(address);
    if (account === null) return 0n;
    const value = this.#find(account.storageRoot, hexToBytes(slot.slice(2)), { address, slot });
    if (value === undefined) return 0n;
    const stored = asInteger(parseRlp(value));
    if (stored === 0n) throw refuseReserves('node-malformed', 'expected no leaf for 0, got one');
    return stored;
  }

  /** Says whose node is missing, so that whoever makes a node set can ask for it. */
  #find(root: string, key: Uint8Array, wanted: MissingNode): Uint8Array | undefined {
    try {
      return this.#nodes.find(root, keccak_256(key));
    } catch (error) {
      if (!(error instanceof SolventError) || error.code !== 'node-missing') throw error;
      const wallet = `account ${wanted.address}${wanted.slot === undefined ? '' : ` slot ${wanted.slot}`}`;
      throw rewordError(error as SolventError, `${error.message} for ${wallet}`, { ...wanted });
    }
  }
}

/** What was read where a node was missing: an account, or a slot of it. In the details of `node-missing`. */
export type MissingNode = { readonly address: string; readonly slot?: string };

/** The slot in which a contract keeps a value for an address, by its layout: 0x and 64 hexadecimal digits. */
export function deriveSlot(layout: SlotLayout, address: string): string {
  const holder = toAddressBytes(address);
  if (layout.kind === 'solady') {
    return formatWord(keccak_256(concatBytes(holder, new Uint8Array(8), hexToBytes(layout.seed.slice(2)))));
  }
  const key = concatBytes(new Uint8Array(12), holder);
  const slot = hexToBytes(layout.slot.slice(2));
  return formatWord(keccak_256(layout.kind === 'solidity' ? concatBytes(key, slot) : concatBytes(slot, key)));
}

/** The code hash of an account that runs the code of another address (EIP-7702). */
export function hashDelegation(delegate: string): string {
  return formatWord(keccak_256(hexToBytes(`${DELEGATION_MARK}${delegate.slice(2)}`)));
}

/** A storage slot by its number: 0x and 64 hexadecimal digits. */
export function formatSlot(number: bigint): string {
  return `0x${number.toString(16).padStart(64, '0')}`;
}

/** A stored value as an address, or undefined where it has more than 20 bytes. */
export function toAddress(value: bigint): string | undefined {
  return value >> 160n === 0n ? `0x${value.toString(16).padStart(40, '0')}` : undefined;
}

function parseAccount(value: Uint8Array): EvmAccount {
  const fields = asList(parseRlp(value));
  if (fields.length !== ACCOUNT_FIELDS) {
    throw refuseReserves(
      'node-malformed',
      `expected ${ACCOUNT_FIELDS} fields of an account, got ${fields.length}`,
    );
  }
  return {
    nonce: asInteger(fields[0], 8),
    balance: asInteger(fields[1]),
    storageRoot: bytesToHex(asBytes(fields[2], 32)),
    codeHash: formatWord(asBytes(fields[3], 32)),
  };
}

function toAddressBytes(address: string): Uint8Array {
  return hexToBytes(address.slice(2));
}
