#!/usr/bin/env bash
# @solana/keys: a signature that nobody's key made is valid for the address of Solana's System Program.
#
# One would assume: a signature that verifies under an address was made by whoever has its key, and 11111111111111111111111111111111, the
#   System Program, has none.
# What happens: the address is 32 zero bytes, which is a point of order 4. Under it one constant signature (R the neutral element's
#   encoding, s = 0) is valid for some messages, here 24 of 64, so that anyone finds a text that "it signed" by changing a character. The same
#   signature under the neutral element (01 and zeros) is valid for every message. WebCrypto of Node, which the library calls, accepts keys
#   of small order; @polkadot/util-crypto's ed25519Verify does as well. @stellar/stellar-base refuses all.
# So: whoever takes a signature as proof that somebody controls an account must refuse keys of small order (RFC 8032 leaves it open).
# Packages: @solana/keys 8.4.0, @polkadot/util-crypto 14.0.3, @stellar/stellar-base 15.0.0, Node 20. Seen: 2026-11-29.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund @solana/keys@8.4.0 @polkadot/util-crypto@14.0.3 @stellar/stellar-base@15.0.0 >/dev/null 2>&1
cat >see.mjs <<'JS'
import { createRequire } from 'node:module';
import { webcrypto } from 'node:crypto';
import { verifySignature } from '@solana/keys';
import { ed25519Verify } from '@polkadot/util-crypto';
const { Keypair, StrKey } = createRequire(import.meta.url)('@stellar/stellar-base');
const signature = new Uint8Array(64).fill(1, 0, 1);
const zero = new Uint8Array(32);
const neutral = new Uint8Array(32).fill(1, 0, 1);
const libraries = {
  '@solana/keys': async (key, message) =>
    verifySignature(await webcrypto.subtle.importKey('raw', key, 'Ed25519', true, ['verify']), signature, message),
  '@polkadot/util-crypto': async (key, message) => ed25519Verify(message, signature, key),
  '@stellar/stellar-base': async (key, message) =>
    Keypair.fromPublicKey(StrKey.encodeEd25519PublicKey(Buffer.from(key))).verify(Buffer.from(message), Buffer.from(signature)),
};
for (const [name, verify] of Object.entries(libraries)) {
  const counts = [];
  for (const key of [zero, neutral]) {
    let valid = 0;
    for (let index = 0; index < 64; index++) {
      const message = new TextEncoder().encode(`message ${index}`);
      if (await verify(key, message).catch(() => false)) valid += 1;
    }
    counts.push(valid);
  }
  console.log(`${name}: of 64 messages, valid for the zero key ${counts[0]}, for the neutral element ${counts[1]}`);
}
process.exit(0);
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
@solana/keys: of 64 messages, valid for the zero key 24, for the neutral element 64
@polkadot/util-crypto: of 64 messages, valid for the zero key 24, for the neutral element 64
@stellar/stellar-base: of 64 messages, valid for the zero key 0, for the neutral element 0
SEEN
