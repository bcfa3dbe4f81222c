import { keccak_256 } from '@noble/hashes/sha3.js';

import { bytesToHex } from '../../../protocol/index.js';
import { refuseReserves } from '../codes.js';
import { asBytes, asList, parseRlp, type RlpItem } from './rlp.js';

/** The root of a trie without a key: the hash of RLP's empty bytes. */
export const EMPTY_ROOT = '56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421';

const BRANCH_ITEMS = 17;
const HASH_BYTES = 32;
/** Nibbles below a root to which nodes are kept once they are read. */
const KEPT_DEPTH = 4;

/** A node of a trie, read. */
type TrieNode =
  | { readonly kind: 'branch'; readonly children: readonly RlpItem[] }
  | { readonly kind: 'extension'; readonly path: Uint8Array; readonly child: RlpItem }
  | { readonly kind: 'leaf'; readonly path: Uint8Array; readonly value: Uint8Array };

/**
 * The trie nodes that one list of entries needs, by their hashes. Walks read nodes from it; afterwards there must be none
 * that no walk has reached.
 */
export class NodeSet {
  readonly #nodes = new Map<string, Uint8Array>();
  readonly #reached = new Set<string>();
  /** Nodes near a root, which many walks read; below them each is read once or twice. */
  readonly #kept = new Map<string, TrieNode>();

  /** @throws SolventError `nodes-not-sorted` where the nodes are not distinct and in the order of their hashes. */
  constructor(nodes: readonly Uint8Array[]) {
    let last = '';
    for (const node of nodes) {
      const hash = bytesToHex(keccak_256(node));
      if (hash <= last) {
        throw refuseReserves('nodes-not-sorted', 'expected nodes in the order of their hashes, each once');
      }
      this.#nodes.set(hash, node);
      last = hash;
    }
  }

  /**
   * Walks from a root to a key.
   * @param root 64 hexadecimal digits.
   * @param key 32 bytes, hashed already.
   * @returns the value of the leaf, or undefined where the walk shows that there is none.
   * @throws SolventError `node-missing`, `node-malformed`, `rlp-malformed`.
   */
  find(root: string, key: Uint8Array): Uint8Array | undefined {
    if (root === EMPTY_ROOT) return undefined;
    const nibbles = toNibbles(key);
    let depth = 0;
    let node = this.#reach(root, depth);
    for (;;) {
      if (node.kind === 'leaf') {
        return isPathAt(node.path, nibbles, depth) && depth + node.path.length === nibbles.length
          ? node.value
          : undefined;
      }
      let child: RlpItem;
      if (node.kind === 'extension') {
        if (!isPathAt(node.path, nibbles, depth)) return undefined;
        depth += node.path.length;
        child = node.child;
      } else {
        // Keys have one length, so only a leaf ends a whole path.
        if (depth >= nibbles.length) throw malformedNode('a leaf at the end of a path');
        child = node.children[nibbles[depth]!]!;
        depth += 1;
      }
      if (isEmpty(child)) return undefined;
      node = this.#follow(child, depth);
    }
  }

  /** @throws SolventError `node-not-reached` where there is a node that no walk has read. */
  assertAllReached(): void {
    const extra = this.#nodes.size - this.#reached.size;
    if (extra > 0) {
      throw refuseReserves('node-not-reached', `expected every node to be needed, got ${extra} more`);
    }
  }

  /** The nodes that a walk has read, in the order of their hashes. */
  listReached(): Uint8Array[] {
    return [...this.#nodes].filter(([hash]) => this.#reached.has(hash)).map(([, node]) => node);
  }

  get size(): number {
    return this.#nodes.size;
  }

  #follow(child: RlpItem, depth: number): TrieNode {
    return child.kind === 'list'
      ? readNode(child)
      : this.#reach(bytesToHex(asBytes(child, HASH_BYTES)), depth);
  }

  #reach(hash: string, depth: number): TrieNode {
    const kept = this.#kept.get(hash);
    if (kept !== undefined) return kept;
    const bytes = this.#nodes.get(hash);
    if (bytes === undefined) throw refuseReserves('node-missing', `expected node ${hash}, got none`);
    const node = readNode(parseRlp(bytes));
    this.#reached.add(hash);
    if (depth < KEPT_DEPTH) this.#kept.set(hash, node);
    return node;
  }
}

function readNode(item: RlpItem): TrieNode {
  const items = asList(item);
  if (items.length === BRANCH_ITEMS) {
    if (!isEmpty(items[BRANCH_ITEMS - 1]!)) throw malformedNode('a branch without a value');
    const children = items.slice(0, -1);
    children.forEach(assertReference);
    return { kind: 'branch', children };
  }
  if (items.length !== 2) throw malformedNode('2 or 17 items');
  const { isLeaf, path } = readCompactPath(asBytes(items[0]));
  if (isLeaf) {
    const value = asBytes(items[1]);
    if (value.length === 0) throw malformedNode('a leaf with a value');
    return { kind: 'leaf', path, value };
  }
  const child = items[1]!;
  assertReference(child);
  if (path.length === 0 || isEmpty(child)) throw malformedNode('an extension with a path and a child');
  return { kind: 'extension', path, child };
}

/** A child is nothing, a hash, or a node whose encoding is shorter than a hash. */
function assertReference(child: RlpItem): void {
  if (child.kind === 'list') {
    if (child.sizeBytes >= HASH_BYTES) throw malformedNode('a node in place of fewer than 32 bytes');
  } else if (child.bytes.length !== 0 && child.bytes.length !== HASH_BYTES) {
    throw malformedNode('nothing or a hash as a child');
  }
}

/** Hex-prefix encoding: a nibble of flags, a nibble of zero where the path is even, then the path. */
function readCompactPath(bytes: Uint8Array): { readonly isLeaf: boolean; readonly path: Uint8Array } {
  const nibbles = toNibbles(bytes);
  const flags = nibbles[0];
  if (flags === undefined || flags > 3 || (flags % 2 === 0 && nibbles[1] !== 0)) {
    throw malformedNode('a compact path');
  }
  return { isLeaf: flags >= 2, path: nibbles.subarray(flags % 2 === 0 ? 2 : 1) };
}

function toNibbles(bytes: Uint8Array): Uint8Array {
  const nibbles = new Uint8Array(bytes.length * 2);
  for (let index = 0; index < bytes.length; index++) {
    nibbles[2 * index] = bytes[index]! >> 4;
    nibbles[2 * index + 1] = bytes[index]! & 0x0f;
  }
  return nibbles;
}

function isPathAt(path: Uint8Array, nibbles: Uint8Array, depth: number): boolean {
  if (path.length > nibbles.length - depth) return false;
  for (let index = 0; index < path.length; index++) {
    if (path[index] !== nibbles[depth + index]) return false;
  }
  return true;
}

function isEmpty(item: RlpItem): boolean {
  return item.kind === 'bytes' && item.bytes.length === 0;
}

function malformedNode(expected: string) {
  return refuseReserves('node-malformed', `expected ${expected} in a trie node, got something else`);
}
