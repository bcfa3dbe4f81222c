pragma circom 2.2.0;

include "Num2Bits.circom";
include "Poseidon.circom";
include "Totals.circom";

// Statement      There exist n children (tag, root, E, D, blind) with every E_j, D_j below 2^104, such that
//                digest = H_3(TAG, H_16(child digests), totals of the sums of all E and of all D), where a child's
//                digest is H_3(tag, root, totals of its E and D), and positions n .. 15 hold NULL_DIGEST.
// Public         digest (output), context (input): binds the proof to its snapshot, and means nothing in here.
// Private        childTag[n], childRoot[n], childBlind[n], blind: any field element. childEquity[n][A],
//                childDebt[n][A]: 104 bits, ranged here.
// Assumes        TAG and IV are the constants of exactly these parameters; NULL_DIGEST = H_3(0, 0, sponge(IV; 0 .. 0)).
//                A missing child is all 0, so that its digest is NULL_DIGEST by itself. 16 * 2^104 = 2^108 < p.
// Guarantees     Sums that neither wrap nor cancel: no child can lower another's part.
// Not guaranteed That a child has a proof, is of the kind that its tag says, or is there only once: the verifier
//                checks that for every child digest.
// Constraints    n * (208 * A + totals + H_3) + H_16 + totals + H_3 + 1; countConstraints has the exact number.
template Aggregate(TAG, IV, NULL_DIGEST, A, n) {
    signal input childTag[n];
    signal input childRoot[n];
    signal input childEquity[n][A];
    signal input childDebt[n][A];
    signal input childBlind[n];
    signal input blind;
    signal input context;
    signal output digest;

    var ARITY = 16;
    var TOTAL_BITS = 104;
    assert(n >= 1 && n <= ARITY);

    signal childTotals[n];
    signal childDigest[ARITY];
    signal equityBits[n][A][TOTAL_BITS];
    signal debtBits[n][A][TOTAL_BITS];
    for (var i = 0; i < n; i++) {
        for (var j = 0; j < A; j++) {
            equityBits[i][j] <== Num2Bits(TOTAL_BITS)(childEquity[i][j]);
            debtBits[i][j] <== Num2Bits(TOTAL_BITS)(childDebt[i][j]);
        }
        childTotals[i] <== Totals(IV, A)(childBlind[i], childEquity[i], childDebt[i]);
        childDigest[i] <== Poseidon(3)([childTag[i], childRoot[i], childTotals[i]]);
    }
    for (var i = n; i < ARITY; i++) {
        childDigest[i] <== NULL_DIGEST;
    }

    signal equity[A];
    signal debt[A];
    for (var j = 0; j < A; j++) {
        var equitySum = 0;
        var debtSum = 0;
        for (var i = 0; i < n; i++) {
            equitySum += childEquity[i][j];
            debtSum += childDebt[i][j];
        }
        equity[j] <== equitySum;
        debt[j] <== debtSum;
    }

    signal root <== Poseidon(ARITY)(childDigest);
    signal totals <== Totals(IV, A)(blind, equity, debt);
    digest <== Poseidon(3)([TAG, root, totals]);

    // The context is in no other constraint: without this one any context would do for any proof.
    signal contextSquared <== context * context;
}
