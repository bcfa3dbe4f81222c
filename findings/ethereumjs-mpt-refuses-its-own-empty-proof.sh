#!/usr/bin/env bash
# @ethereumjs/mpt: the proof that it makes of an empty trie is one that it does not take.
#
# One would assume: what createMerkleProof makes, verifyMerkleProof takes; that a key is absent from an empty trie is the simplest of
#   all proofs, and every contract without storage has such a trie.
# What happens: the proof is an empty list, and verifying it against the empty root throws "Invalid proof provided". With one
#   entry in the trie the proof of an absent key is made and taken. Nodes answer eth_getProof for such a contract with an
#   empty list too, so a reader must know the empty root by itself.
# Package: @ethereumjs/mpt 10.1.3. Seen: 2026-11-29.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund @ethereumjs/mpt@10.1.3 >/dev/null 2>&1
cat >see.mjs <<'JS'
import { createMPT, createMerkleProof, verifyMerkleProof } from '@ethereumjs/mpt';
const key = new Uint8Array(32).fill(1);
for (const [name, entries] of [['empty', []], ['one entry', [[new Uint8Array(32).fill(2), new Uint8Array([7])]]]]) {
  const trie = await createMPT();
  for (const [at, value] of entries) await trie.put(at, value);
  const proof = await createMerkleProof(trie, key);
  const answer = await verifyMerkleProof(key, proof, { root: trie.root() }).then(
    (value) => `value ${value}`,
    (error) => error.message,
  );
  console.log(`${name}: ${proof.length} nodes, ${answer}`);
}
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
empty: 0 nodes, Invalid proof provided
one entry: 1 nodes, value null
SEEN
