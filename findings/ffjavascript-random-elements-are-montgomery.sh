#!/usr/bin/env bash
# ffjavascript: a field element that is drawn from a generator is the number drawn divided by 2^256, not the number itself.
#
# One would assume: fromRng draws an integer below the prime and makes the element of it, as F.e(integer) does, so that whoever
#   draws the same integer has the same element; ceremonies derive the secrets of their beacon this way.
# What happens: the integer's bytes are taken for the element's Montgomery form. The element is integer / 2^256 mod p. Another
#   program that re-derives a beacon's contribution from its hash must divide as well, or gets other points.
# Package: ffjavascript 0.3.1 (as snarkjs 0.7.6 has it). Seen: 2026-11-29.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts ffjavascript@0.3.1 >/dev/null 2>&1
cat >see.mjs <<'JS'
import { ChaCha, getCurveFromName } from 'ffjavascript';
const { Fr } = await getCurveFromName('bn128', { singleThread: true });
const seed = [1, 2, 3, 4, 5, 6, 7, 8];
const element = Fr.toObject(Fr.fromRng(new ChaCha(seed)));
// The same draw: four words, the lowest first, cut to 254 bits, again while it is not below the prime.
const generator = new ChaCha(seed);
let drawn;
do {
  drawn = [0n, 64n, 128n, 192n].reduce((sum, bits) => sum + (generator.nextU64() << bits), 0n) % 2n ** 254n;
} while (drawn >= Fr.p);
console.log('element is the number drawn:', element === drawn);
console.log('element times 2^256 is:', (element * 2n ** 256n) % Fr.p === drawn);
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
element is the number drawn: false
element times 2^256 is: true
SEEN
