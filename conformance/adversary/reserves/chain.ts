import { createMerkleProof, createMPT, type MerklePatriciaTrie } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';
import { keccak_256 } from '@noble/hashes/sha3.js';

import { concatBytes, hexToBytes, bytesToHex } from '../../../src/protocol/index.js';
import type { HeaderPair } from '../../../src/protocol/reserves/index.js';

/** An account of a chain that a test makes; slots and values as integers. */
export type MadeAccount = {
  balance?: bigint;
  nonce?: bigint;
  code?: Uint8Array;
  readonly storage?: ReadonlyMap<string, bigint>;
};

/** A chain at a block, made by another library than ours. */
export type MadeChain = {
  readonly headers: HeaderPair;
  readonly hash: string;
  readonly nextHash: string;
  readonly number: number;
  /** The nodes that show an account, and slots of it; absent ones too. */
  readonly prove: (address: string, slots?: readonly string[]) => Promise<Uint8Array[]>;
};

export const toWord = (value: bigint) => `0x${value.toString(16).padStart(64, '0')}`;
export const hash = (bytes: Uint8Array) => `0x${bytesToHex(keccak_256(bytes))}`;
const unprefixed = (hex: string) => hexToBytes(hex.slice(2));
/** Big-endian bytes without zeros before them. */
const minimal = (value: bigint) => {
  const hex = value === 0n ? '' : value.toString(16);
  return hexToBytes(hex.length % 2 === 0 ? hex : `0${hex}`);
};

/** Makes a chain whose block holds these accounts, with the next block after it. */
export async function makeChain(
  accounts: ReadonlyMap<string, MadeAccount>,
  { number = 1000, timeSeconds, nextSeconds }: { number?: number; timeSeconds: number; nextSeconds: number },
): Promise<MadeChain> {
  const state = await createMPT({ useKeyHashing: true });
  const storages = new Map<string, MerklePatriciaTrie>();
  for (const [address, { balance = 0n, nonce = 0n, code = new Uint8Array(), storage }] of accounts) {
    const trie = await createMPT({ useKeyHashing: true });
    for (const [slot, value] of storage ?? []) {
      if (value !== 0n) await trie.put(unprefixed(slot), RLP.encode(minimal(value)));
    }
    storages.set(address, trie);
    const account = [minimal(nonce), minimal(balance), trie.root(), keccak_256(code)];
    await state.put(unprefixed(address), RLP.encode(account));
  }
  const block = encodeHeader({ parent: new Uint8Array(32), root: state.root(), number, time: timeSeconds });
  const next = encodeHeader({
    parent: keccak_256(block),
    root: state.root(),
    number: number + 1,
    time: nextSeconds,
  });
  return {
    headers: { block, next },
    hash: hash(block),
    nextHash: hash(next),
    number,
    prove: async (address, slots = []) => {
      const nodes = [await createMerkleProof(state, unprefixed(address))];
      const storage = storages.get(address);
      for (const slot of storage === undefined ? [] : slots) {
        nodes.push(await createMerkleProof(storage!, unprefixed(slot)));
      }
      // A node in place is part of its parent.
      return nodes.flatMap((proof) => proof.filter((node, depth) => depth === 0 || node.length >= 32));
    },
  };
}

/** A header of 17 fields, as after London and Shanghai. */
export function encodeHeader({
  parent,
  root,
  number,
  time,
}: {
  parent: Uint8Array;
  root: Uint8Array;
  number: number;
  time: number;
}): Uint8Array {
  const zeros = (length: number) => new Uint8Array(length);
  return RLP.encode([
    parent,
    keccak_256(RLP.encode([])),
    zeros(20),
    root,
    keccak_256(RLP.encode(zeros(0))),
    keccak_256(RLP.encode(zeros(0))),
    zeros(256),
    zeros(0),
    minimal(BigInt(number)),
    minimal(30_000_000n),
    zeros(0),
    minimal(BigInt(time)),
    zeros(0),
    zeros(32),
    zeros(8),
    minimal(7n),
    keccak_256(RLP.encode(zeros(0))),
  ]);
}

/** The slot of a Solidity mapping from addresses, as `keccak(address ‖ slot)`. */
export function mappingSlot(address: string, slot: bigint): string {
  return hash(concatBytes(new Uint8Array(12), unprefixed(address), unprefixed(toWord(slot))));
}
