pragma circom 2.2.0;

include "GroupOpenings.circom";
include "PackBits.circom";
include "Row.circom";
include "Sponge.circom";

// Statement      There exist N rows of k slots (amount, code), 0 <= amount < 2^64, 0 <= code < 2^B, a blind and masks
//                such that
//                  digest = sponge(DIV; blind, maskL, masks of the groups, elements),
//                  L = maskL + sum of amount / (x - code) over all slots,
//                  z[g][i] = mask[g][i] + sum of rho^t * word i of row t over the rows t = 1 .. of group g,
//                where the words are the bits of one row, and the elements those of all rows, cut every 252.
// Public         digest, L, z (outputs, z by group, then by word); rho, x (inputs).
// Private        amount[N][k], code[N][k]: ranged in Row. blind, maskL, mask[groups][W]: any field elements.
// Assumes        DIV is the constant of exactly these parameters. x and rho are hashes of a manifest that holds the
//                digest and the points of the rows, and x >= 2^34. Over all proofs of the manifest there are fewer than
//                2^44 slots, so that sums of amounts neither wrap nor cancel.
// Guarantees     What the digest binds was fixed before x and rho: L is the value at x of one sum of fractions, which
//                the totals can equal only where they are the sums per code; and z of one combination of words, which
//                the rows' points can open to only where they hold these words. Masks are bound too: a mask that could
//                be chosen later would make any L and any z.
// Not guaranteed The totals: they are compared with the sum of L over all proofs by the verifier. That rows are real or
//                distinct, which hangs on the points and their list; that slots of a row are sorted or distinct. A
//                user's own reading shows the rest.
// Constraints    N * (k * (65 + B) + W) and the sponge over 2 + groups * W + elements values; countConstraints has
//                the exact number.
template SpotRows(DIV, B, N, k, m) {
    var WORD_BITS = 252;
    var rowBits = k * (64 + B);
    var words = (rowBits + WORD_BITS - 1) \ WORD_BITS;
    var elements = (N * rowBits + WORD_BITS - 1) \ WORD_BITS;
    var groups = (N + m - 1) \ m;

    signal input rho;
    signal input x;
    signal input amount[N][k];
    signal input code[N][k];
    signal input blind;
    signal input maskL;
    signal input mask[groups][words];
    signal output digest;
    signal output L;
    signal output z[groups][words];

    assert(N >= 1 && m >= 1);
    assert(B >= 1 && B <= 32);

    component row[N];
    component batch = PackBits(N * rowBits);
    signal word[N][words];
    var shares = 0;
    // Counted on, as in PackBits.
    var at = 0;
    for (var u = 0; u < N; u++) {
        row[u] = Row(B, k);
        row[u].amount <== amount[u];
        row[u].code <== code[u];
        row[u].x <== x;
        for (var i = 0; i < rowBits; i++) {
            batch.bit[at] <== row[u].bit[i];
            at++;
        }
        word[u] <== row[u].word;
        shares += row[u].share;
    }

    // Everything that the outputs are made of, but for the challenges.
    var HEAD = 2;
    signal message[HEAD + groups * words + elements];
    message[0] <== blind;
    message[1] <== maskL;
    for (var g = 0; g < groups; g++) {
        for (var i = 0; i < words; i++) {
            message[HEAD + g * words + i] <== mask[g][i];
        }
    }
    for (var e = 0; e < elements; e++) {
        message[HEAD + groups * words + e] <== batch.word[e];
    }
    digest <== Sponge(HEAD + groups * words + elements)(DIV, message);

    L <== maskL + shares;
    z <== GroupOpenings(N, words, m)(rho, mask, word);
}
