#!/usr/bin/env bash
# snarkjs: a set-up that failed ends with status 0 and leaves a file of nothing.
#
# One would assume: `snarkjs groth16 setup` ends with a status other than 0 where it makes no key, so that a script with set -e stops,
#   and that there is no key file then.
# What happens: powers of tau that are too few for the circuit, or that were not prepared for phase 2, are named in a line that
#   says ERROR; the status is 0, and the zkey is there with 0 bytes.
# Packages: snarkjs 0.7.6, circom2 0.2.23. Seen: 2026-11-28.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts snarkjs@0.7.6 circom2@0.2.23 >/dev/null 2>&1
cat >power.circom <<'CIRCOM'
pragma circom 2.0.0;
template Power(n) {
    signal input a;
    signal output b;
    signal power[n];
    power[0] <== a * a;
    for (var i = 1; i < n; i++) { power[i] <== power[i - 1] * a; }
    b <== power[n - 1];
}
component main = Power(40);
CIRCOM
npx circom2 power.circom --r1cs >/dev/null
npx snarkjs powersoftau new bn128 4 new.ptau >/dev/null
npx snarkjs powersoftau prepare phase2 new.ptau few.ptau >/dev/null
npx snarkjs powersoftau new bn128 8 unprepared.ptau >/dev/null
{
  for powers in few unprepared; do
    status=0
    npx snarkjs groth16 setup power.r1cs "$powers.ptau" "$powers.zkey" >/dev/null 2>&1 || status=$?
    echo "$powers: status $status, $(stat -c %s "$powers.zkey") bytes"
  done
} | tee seen.txt
diff - seen.txt <<'SEEN'
few: status 0, 0 bytes
unprepared: status 0, 0 bytes
SEEN
