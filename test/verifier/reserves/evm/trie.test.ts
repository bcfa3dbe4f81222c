import { createMerkleProof, createMPT, verifyMerkleProof } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { describe, expect, it } from 'vitest';

import { bytesToHex, concatBytes, SolventError, utf8ToBytes } from '../../../../src/protocol/index.js';
import { EMPTY_ROOT, NodeSet } from '../../../../src/verifier/reserves/evm/trie.js';
import { sortNodes } from '../../../../src/verifier/reserves/making.js';

const bytes32 = (text: string) => keccak_256(utf8ToBytes(text));
const find = (root: Uint8Array, proof: readonly Uint8Array[], key: Uint8Array) => {
  const nodes = new NodeSet(sortNodes(proof.filter((node, depth) => depth === 0 || node.length >= 32)));
  const value = nodes.find(bytesToHex(root), key);
  nodes.assertAllReached();
  return value;
};
const codeOf = (run: () => unknown) => {
  try {
    run();
    return undefined;
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    return (error as SolventError).code;
  }
};

describe('a walk through a trie of another library', () => {
  it.each([0, 1, 2, 3, 16, 17, 100, 300])(
    'finds what is in it of %i keys, and that others are not',
    async (count) => {
      const trie = await createMPT();
      const values = new Map<string, Uint8Array>();
      for (let index = 0; index < count; index++) {
        const key = bytes32(`${count} ${index}`);
        // Values of 1 to 60 bytes: some nodes are in place, others by their hash.
        const value = bytes32(`value ${index}`).slice(0, 1 + (index % 32));
        values.set(
          bytesToHex(key),
          index % 3 === 0 ? concatBytes(value, bytes32('long').slice(0, 28)) : value,
        );
        await trie.put(key, values.get(bytesToHex(key))!);
      }
      const root = trie.root();
      for (let index = 0; index < count + 40; index++) {
        const key = bytes32(`${count} ${index}`);
        const proof = await createMerkleProof(trie, key);
        // Their check refuses their own proof in an empty trie, which is a list without a node.
        const theirs = count === 0 ? null : await verifyMerkleProof(key, proof, { root });
        if (count === 0) expect(proof).toEqual([]);
        const ours = count === 0 ? new NodeSet([]).find(bytesToHex(root), key) : find(root, proof, key);
        expect(ours === undefined ? null : bytesToHex(ours)).toBe(
          theirs === null ? null : bytesToHex(theirs),
        );
        expect(ours === undefined ? undefined : bytesToHex(ours)).toBe(
          index < count ? bytesToHex(values.get(bytesToHex(key))!) : undefined,
        );
      }
    },
  );

  it('reads nodes that stand in place of their hash', async () => {
    // Keys that share 62 nibbles: the leaves below are shorter than a hash.
    const trie = await createMPT();
    const key = (last: number) => bytes32('shared').with(31, last);
    for (const last of [0x11, 0x12, 0x2f]) await trie.put(key(last), Uint8Array.of(last));
    for (const last of [0x11, 0x12, 0x2f]) {
      const proof = await createMerkleProof(trie, key(last));
      expect(proof.some((node) => node.length < 32)).toBe(true);
      expect(find(trie.root(), proof, key(last))).toEqual(Uint8Array.of(last));
    }
    expect(find(trie.root(), await createMerkleProof(trie, key(0x13)), key(0x13))).toBeUndefined();
  });

  it('knows the root of an empty trie', async () => {
    expect(bytesToHex((await createMPT()).root())).toBe(EMPTY_ROOT);
  });
});

describe('a node set', () => {
  const key = bytes32('a key');
  const nibblePath = (leading: number) => concatBytes(Uint8Array.of(leading), key.slice(1));
  /** A trie of one node, whatever it is. */
  const findIn = (node: Uint8Array, others: readonly Uint8Array[] = []) => {
    const nodes = new NodeSet(sortNodes([node, ...others]));
    return nodes.find(bytesToHex(keccak_256(node)), key);
  };
  const empty = new Uint8Array();
  const branch = (children: readonly unknown[]) =>
    RLP.encode([...children, ...Array.from({ length: 17 - children.length }, () => empty)] as Uint8Array[]);

  it.each([
    ['a list of 3 items', RLP.encode([empty, empty, empty])],
    ['bytes', RLP.encode(bytes32('no list'))],
    ['a branch with a value', branch([...Array.from({ length: 16 }, () => bytes32('x')), Uint8Array.of(1)])],
    ['a child of 31 bytes', branch(Array.from({ length: 16 }, () => bytes32('x').slice(1)))],
    ['a leaf without a value', RLP.encode([concatBytes(Uint8Array.of(0x20), key), empty])],
    ['a path with an unknown flag', RLP.encode([concatBytes(Uint8Array.of(0x40), key), Uint8Array.of(1)])],
    ['a path with a padded nibble', RLP.encode([concatBytes(Uint8Array.of(0x21), key), Uint8Array.of(1)])],
    ['no path at all', RLP.encode([empty, Uint8Array.of(1)])],
    ['an extension without a path', RLP.encode([Uint8Array.of(0), bytes32('x')])],
    ['an extension without a child', RLP.encode([nibblePath(0x11), empty])],
  ])('refuses %s', (_, node) => {
    expect(['node-malformed', 'rlp-malformed']).toContain(codeOf(() => findIn(node)));
  });

  it('refuses a node in place of 32 bytes or more', () => {
    const inPlace = [concatBytes(Uint8Array.of(0x3f), key.slice(2)), Uint8Array.of(1, 2, 3)];
    expect(codeOf(() => findIn(branch(Array.from({ length: 16 }, () => inPlace))))).toBe('node-malformed');
  });

  it('refuses what is missing, doubled, out of order or unread', () => {
    const child = RLP.encode([concatBytes(Uint8Array.of(0x20), bytes32('b').slice(1)), bytes32('v')]);
    const node = branch(Array.from({ length: 16 }, () => keccak_256(child)));
    expect(codeOf(() => findIn(node))).toBe('node-missing');
    expect(codeOf(() => new NodeSet([node, node]))).toBe('nodes-not-sorted');
    expect(codeOf(() => new NodeSet(sortNodes([node, child]).reverse()))).toBe('nodes-not-sorted');
    const nodes = new NodeSet(sortNodes([node, child, bytes32('another')]));
    nodes.find(bytesToHex(keccak_256(node)), key);
    const finish = () => {
      nodes.assertAllReached();
    };
    expect(codeOf(finish)).toBe('node-not-reached');
  });
});
