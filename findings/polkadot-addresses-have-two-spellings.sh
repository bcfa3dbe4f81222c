#!/usr/bin/env bash
# @polkadot/util-crypto: an address of Polkadot has two spellings, and both decode as addresses of Polkadot alone.
#
# One would assume: an account has one SS58 address under one network's prefix, so `decodeAddress(text, false, 0)`, which refuses
#   the prefixes of other networks, takes one text for it, and two texts that it takes are two accounts.
# What happens: a prefix below 64 is one byte, but may be written in two as well (0x40 0x00 for 0). Such a text has another length,
#   another checksum and another first letter. It decodes to the same key, without a word, and `checkAddress` says that it is right.
#   `encodeAddress` never writes it: only encoding again what was decoded tells the two apart.
# Packages: @polkadot/util-crypto 14.0.3. Seen: 2026-11-29.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund @polkadot/util-crypto@14.0.3 @polkadot/util@14.0.3 >/dev/null 2>&1
cat >see.cjs <<'JS'
const { base58Encode, blake2AsU8a, checkAddress, decodeAddress, encodeAddress } = require('@polkadot/util-crypto');
const { stringToU8a, u8aConcat, u8aToHex } = require('@polkadot/util');
const key = new Uint8Array(32).fill(7);
const body = u8aConcat([0x40, 0x00], key);
const sum = blake2AsU8a(u8aConcat(stringToU8a('SS58PRE'), body), 512).subarray(0, 2);
const texts = [encodeAddress(key, 0), base58Encode(u8aConcat(body, sum))];
for (const text of texts) {
  const found = decodeAddress(text, false, 0);
  const isSame = u8aToHex(found) === u8aToHex(key);
  console.log(`${text}: ${isSame ? 'the key' : 'another key'}, checked ${checkAddress(text, 0)[0]}, written again the same ${encodeAddress(found, 0) === text}`);
}
JS
node see.cjs | tee seen.txt
diff - seen.txt <<'SEEN'
1ADRXEpxCcHPze36zV1imej5DNcGZ8puqopyUhbppXyGuhP: the key, checked true, written again the same true
VBoDaRz6Vkz4gKinSbypAQzvt18JKVFYbSQLzwycbvSgzGcic: the key, checked true, written again the same false
SEEN
