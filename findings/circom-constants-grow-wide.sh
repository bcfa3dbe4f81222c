#!/usr/bin/env bash
# circom2: a witness generator (WebAssembly) changes its own constants, and is slower from then on, in all templates.
#
# One would assume: a constant of a program stays as it was compiled, and a loop whose counter is a small number runs as fast after
#   `in & 1` as before it: only how a value is used, and not where, decides what it costs.
# What happens: numbers are kept in two forms, of 32 bits and of full width, and what is done with small ones is cheap. An operator
#   of bits or comparisons that meets one of each widens the other in place. Where that is a constant, it stays wide for the rest
#   of the process, for all templates: `i - 1` is a difference of field elements once a 1 stood beside a wide value in `&`,
#   and `i` is wide ever after. A mask that is computed (`1 + 0 * in`) leaves the constants alone; the constraints are the same.
# Packages: circom2 0.2.23. Seen: 2026-11-29.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund circom2@0.2.23 >/dev/null 2>&1
write() { # name, mask
  cat >"$1.circom" <<CIRCOM
pragma circom 2.2.0;
template Bits(n) {
    signal input in;
    signal output out[n];
    var mask = $2;
    var sum = 0;
    for (var i = n - 1; i >= 0; i--) {
        out[i] <-- ((in >> i) & mask) == mask;
        out[i] * (1 - out[i]) === 0;
        sum = sum + sum + out[i];
    }
    sum === in;
}
component main = Bits(64);
CIRCOM
  npx circom2 "$1.circom" --O2 --r1cs --wasm >/dev/null
}
write constant '1'
write computed '1 + 0 * in'
cat >see.mjs <<'JS'
import { readFileSync } from 'node:fs';
const ignore = () => {};
const runtime = { exceptionHandler: (code) => { throw new Error(`code ${code}`); }, printErrorMessage: ignore, writeBufferMessage: ignore, showSharedRWMemory: ignore };
// A number is a word, a word whose top byte says which of the forms are there, and 32 bytes. A constant starts with its small form.
const FORM = 7, WIDE = 0x80, SMALL_CONSTANT = 0x40;
const found = new Set();
for (const name of ['constant', 'computed']) {
  const { exports } = new WebAssembly.Instance(await WebAssembly.compile(readFileSync(`${name}_js/${name}.wasm`)), { runtime });
  const memory = () => new Uint8Array(exports.memory.buffer);
  const before = memory().slice();
  exports.init(0);
  for (let word = 0; word < 8; word++) exports.writeSharedRWMemory(word, word < 2 ? 0x9abcdef0 : 0);
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from('in')) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  exports.setInputSignal(Number(hash >> 32n), Number(hash & 0xffffffffn), 0);
  const after = memory();
  const widened = [];
  for (let at = 0; at + 40 <= before.length; at += 8) {
    const isConstant = before[at + FORM] === SMALL_CONSTANT && before[at + 4] + before[at + 5] + before[at + 6] === 0;
    if (isConstant && after[at + FORM] & WIDE) widened.push(new DataView(before.buffer).getInt32(at, true));
  }
  console.log(`${name} mask: constants that are wide after one witness: ${widened.sort((a, b) => a - b).join(', ') || 'none'}`);
  found.add(readFileSync(`${name}.r1cs`, 'hex'));
}
console.log(found.size === 1 ? 'the same constraint system' : 'two constraint systems');
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
constant mask: constants that are wide after one witness: 0, 1
computed mask: constants that are wide after one witness: none
the same constraint system
SEEN
