import { keccak_256 } from '@noble/hashes/sha3.js';
import { RLP, type NestedUint8Array } from '@ethereumjs/rlp';

import { bytesToHex } from '../../../src/protocol/index.js';

/** A key, hashed already, and its value. */
export type TrieEntry = { readonly key: Uint8Array; readonly value: Uint8Array };

/** A whole trie of Ethereum, and the nodes on the way to each key. */
export type MadeTrie = {
  readonly root: Uint8Array;
  /** From the root to the leaf of a key; nodes in place of their hash are part of their parents. */
  readonly prove: (key: Uint8Array) => Uint8Array[];
};

/** Makes a trie of many keys at once, which no library does in less than minutes. */
export function makeTrie(entries: readonly TrieEntry[]): MadeTrie {
  const sorted = entries
    .map(({ key, value }) => ({ nibbles: bytesToHex(key), value }))
    .sort((a, b) => (a.nibbles < b.nibbles ? -1 : 1));
  const byHash = new Map<string, Uint8Array>();
  const top = encode(sorted, 0, sorted.length, { depth: 0, byHash });
  const root = keccak_256(RLP.encode(top));
  byHash.set(bytesToHex(root), RLP.encode(top));
  return { root, prove: (key) => walk(byHash, root, bytesToHex(key)) };
}

type Sorted = readonly { readonly nibbles: string; readonly value: Uint8Array }[];
type Place = { readonly depth: number; readonly byHash: Map<string, Uint8Array> };

/** The node over the entries from `start` to `end`, which agree in their first `depth` nibbles. */
function encode(sorted: Sorted, start: number, end: number, { depth, byHash }: Place): NestedUint8Array {
  const [first, last] = [sorted[start]!.nibbles, sorted[end - 1]!.nibbles];
  if (end - start === 1) return [compact(first.slice(depth), true), sorted[start]!.value];
  let shared = depth;
  while (first[shared] === last[shared]) shared += 1;
  const children: (Uint8Array | NestedUint8Array)[] = [];
  for (let nibble = 0, from = start; nibble < 16; nibble++) {
    let to = from;
    while (to < end && Number.parseInt(sorted[to]!.nibbles[shared]!, 16) === nibble) to += 1;
    children.push(
      to === from ? new Uint8Array() : refer(encode(sorted, from, to, { depth: shared + 1, byHash }), byHash),
    );
    from = to;
  }
  const branch: NestedUint8Array = [...children, new Uint8Array()];
  return shared === depth ? branch : [compact(first.slice(depth, shared), false), refer(branch, byHash)];
}

function refer(node: NestedUint8Array, byHash: Map<string, Uint8Array>): Uint8Array | NestedUint8Array {
  const bytes = RLP.encode(node);
  if (bytes.length < 32) return node;
  const hash = keccak_256(bytes);
  byHash.set(bytesToHex(hash), bytes);
  return hash;
}

function compact(nibbles: string, isLeaf: boolean): Uint8Array {
  const flag = isLeaf ? 2 : 0;
  const text = nibbles.length % 2 === 0 ? `${flag}0${nibbles}` : `${flag + 1}${nibbles}`;
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

function walk(byHash: ReadonlyMap<string, Uint8Array>, root: Uint8Array, nibbles: string): Uint8Array[] {
  const nodes: Uint8Array[] = [];
  let reference: Uint8Array | NestedUint8Array = root;
  for (let depth = 0; ;) {
    let node: NestedUint8Array;
    if (reference instanceof Uint8Array) {
      const bytes = byHash.get(bytesToHex(reference))!;
      nodes.push(bytes);
      node = RLP.decode(bytes) as NestedUint8Array;
    } else node = reference;
    if (node.length === 17) {
      reference = node[Number.parseInt(nibbles[depth]!, 16)] as Uint8Array | NestedUint8Array;
      depth += 1;
      continue;
    }
    const path = bytesToHex(node[0] as Uint8Array);
    if (path[0]! >= '2') return nodes;
    depth += path.startsWith('0') ? path.length - 2 : path.length - 1;
    reference = node[1] as Uint8Array | NestedUint8Array;
  }
}
