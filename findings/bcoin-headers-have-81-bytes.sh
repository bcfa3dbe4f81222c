#!/usr/bin/env bash
# bcoin: the raw form of a `Headers` is no header: it has a count of transactions behind it, as the network's message `headers` has.
#
# One would assume: `block.toHeaders().toRaw()` is the 80 bytes of the block's header, whose double SHA-256 is the block's hash, as
#   `toRaw()` of a block or a transaction is what is hashed or stored of it.
# What happens: it has 81 bytes, the last 0, and hashes to something else. Nothing refuses it; the bytes that are hashed come from
#   `toHead()`, of the block and of the `Headers` alike.
# Packages: bcoin 1.0.2 (JavaScript backend, installed without its scripts). Seen: 2026-11-29.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund bcoin@1.0.2 >/dev/null 2>&1
cat >see.cjs <<'JS'
const hash256 = require('bcrypto/lib/hash256');
const Block = require('bcoin/lib/primitives/block');
const { genesisBlock } = require('bcoin/lib/protocol/network').get('main');
const block = Block.fromRaw(Buffer.from(genesisBlock, 'hex'));
const headers = block.toHeaders();
const forms = [['block.toHead()', block.toHead()], ['headers.toHead()', headers.toHead()], ['headers.toRaw()', headers.toRaw()]];
for (const [name, raw] of forms) {
  const isHash = hash256.digest(raw).equals(block.hash());
  console.log(`${name}: ${raw.length} bytes, ${isHash ? 'hashed to' : 'not hashed to'} the block's hash, behind 80 bytes: ${raw.subarray(80).toString('hex') || 'nothing'}`);
}
JS
NODE_BACKEND=js node see.cjs | tee seen.txt
diff - seen.txt <<'SEEN'
block.toHead(): 80 bytes, hashed to the block's hash, behind 80 bytes: nothing
headers.toHead(): 80 bytes, hashed to the block's hash, behind 80 bytes: nothing
headers.toRaw(): 81 bytes, not hashed to the block's hash, behind 80 bytes: 00
SEEN
