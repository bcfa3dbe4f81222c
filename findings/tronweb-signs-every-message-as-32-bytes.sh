#!/usr/bin/env bash
# tronweb: trx.sign of a text says that it is 32 bytes long, whatever it is.
#
# One would assume: "\x19TRON Signed Message:\n32" is Ethereum's prefix with another name, in which 32 is the length of what follows; a
#   verifier that puts the length there verifies it.
# What happens: trx.sign (its signString) writes 32 for texts of any length, and takes the text in hexadecimal. signMessageV2 (TIP-191)
#   writes the length. Both give 65 bytes without a mark of which it is: for a text of 32 bytes the two are the same signature, for any
#   other a different one. A verifier must be told which of the two it has.
# Package: tronweb 6.5.1. Seen: 2026-11-29.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund tronweb@6.5.1 >/dev/null 2>&1
cat >see.mjs <<'JS'
import { Trx, TronWeb, utils } from 'tronweb';
const { ethersUtils } = utils;
const key = '07'.repeat(32);
const hex = (text) => Buffer.from(text).toString('hex');
const signerOf = (text, length, signature) =>
  TronWeb.address.fromHex(
    ethersUtils.recoverAddress(
      ethersUtils.keccak256(Buffer.from(`\x19TRON Signed Message:\n${length}${text}`)),
      signature,
    ).replace('0x', '41'),
  ) === TronWeb.address.fromPrivateKey(key);
for (const text of ['x'.repeat(32), 'x'.repeat(31), 'x'.repeat(100)]) {
  const [first, second] = [Trx.signString(hex(text), key, true), Trx.signMessageV2(text, key)];
  console.log(
    `${text.length} bytes: sign ${signerOf(text, 32, first) ? 'says 32' : 'says another'}, signMessageV2 ${signerOf(text, text.length, second) ? 'says the length' : 'says another'}, ${first === second ? 'the same' : 'different'}`,
  );
}
process.exit(0);
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
32 bytes: sign says 32, signMessageV2 says the length, the same
31 bytes: sign says 32, signMessageV2 says the length, different
100 bytes: sign says 32, signMessageV2 says the length, different
SEEN
