pragma circom 2.2.0;

include "Poseidon.circom";
include "Fraction.circom";
include "SpotAccount.circom";
include "Totals.circom";
include "Tree.circom";

// Statement      There exist N accounts without debt, each with k slots (equity, index), 0 <= equity < 2^64, and sums
//                totalEquity[0] .. totalEquity[A-1], such that totalEquity[j] is the sum of the equity of all slots
//                of index j, every slot with equity > 0 has index < A, and
//                digest = H_3(TAG, root of the tree of their leaves, totals of the sums with debt 0).
// Public         digest (output).
// Private        account[N]: any field element. equity[N][k]: 64 bits, index[N][k]: B bits, both ranged in SpotAccount.
//                totalEquity[A]: fixed by the sum check. blind: any field element.
// Assumes        TAG and IV are the constants of exactly these parameters. N * k * 2^64 <= 2^104 < p, so that sums of
//                amounts neither wrap nor cancel.
// Guarantees     The statement, but for the chance that a false sum passes: both sides of the check are fractions in
//                x of degree at most N * k + A, and x is a hash of the digest, which binds all that they hold. So at
//                most (N * k + A) / p a try.
// Not guaranteed That the accounts are real, distinct or all that there are; that slots of an account are sorted or
//                distinct. A user's own reading of their leaf shows the rest.
// Constraints    N * (k * (65 + B) + leaf) + tree + totals + H_3 + H_1 + A; countConstraints has the exact number.
template SpotBatch(TAG, IV, A, B, N, k, depth) {
    signal input account[N];
    signal input equity[N][k];
    signal input index[N][k];
    signal input totalEquity[A];
    signal input blind;
    signal output digest;

    assert(A >= 1 && A <= 1 << B);
    assert(N * k <= 1 << 40);

    // What the proof is about: every value that the sum check tests is committed to in the digest.
    signal leaf[N];
    for (var u = 0; u < N; u++) {
        leaf[u] <== SpotAccount(B, k)(account[u], equity[u], index[u]);
    }
    signal root <== Tree(N, depth)(leaf);

    signal noDebt[A];
    for (var j = 0; j < A; j++) {
        noDebt[j] <== 0;
    }
    signal totals <== Totals(IV, A)(blind, totalEquity, noDebt);
    digest <== Poseidon(3)([TAG, root, totals]);

    // The sum check, at a point that follows from the digest.
    signal x <== Poseidon(1)([digest]);

    signal slotShare[N][k];
    var held = 0;
    for (var u = 0; u < N; u++) {
        for (var s = 0; s < k; s++) {
            slotShare[u][s] <== Fraction()(equity[u][s], index[u][s], x);
            held += slotShare[u][s];
        }
    }

    signal assetShare[A];
    var stated = 0;
    for (var j = 0; j < A; j++) {
        assetShare[j] <== Fraction()(totalEquity[j], j, x);
        stated += assetShare[j];
    }
    held === stated;
}
