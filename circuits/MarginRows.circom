pragma circom 2.2.0;

include "Fraction.circom";
include "GroupOpenings.circom";
include "Num2Bits.circom";
include "PackBits.circom";
include "Row.circom";
include "Sponge.circom";

// Statement      There exist N rows of k slots (amount, code), 0 <= amount < 2^64, 0 <= code < 2^(B+1), where code is
//                index + 2^B * side, side 0 for equity and 1 for debt; for each row a net value 0 <= V < 2^VB; a blind
//                and masks such that, with T_u the sum of amount / (x - code) over the slots of row u,
//                  digest = sponge(DIV; blind, maskL, maskK, masks of the groups, elements),
//                  L = maskL + sum of T_u,
//                  K = maskK / (x + 1) + sum of gamma^(u+1) * (T_u + V_u), u from 0,
//                  z[g][i] = mask[g][i] + sum of rho^t * word i of row t over the rows t = 1 .. of group g,
//                where the words are the bits of one row's slots, and the elements those of all rows, each with its V
//                after its slots, cut every 252.
// Public         digest, L, K, z (outputs, z by group, then by word); rho, x, gamma (inputs).
// Private        amount[N][k], code[N][k]: ranged in Row. net[N]: V, ranged here. blind, maskL, maskK,
//                mask[groups][W]: any field elements.
// Assumes        DIV is the constant of exactly these parameters. gamma is a hash of a manifest that holds the digest
//                and the points of the rows; x and rho are hashes of that and of the weighted totals; x >= 2^34. Over
//                all proofs of the manifest there are fewer than 2^44 slots, so that sums neither wrap nor cancel.
// Guarantees     As SpotRows. Besides: nets were fixed before gamma, so that the weighted totals and prices, which are
//                compared with the sum of K at x, can be met only where each V is the net value of its row; as V is in
//                range, that is not negative. The mask of K stands at a pole, -1, that is no code: as a constant it could
//                be fitted between gamma and x, and pay any debt.
// Not guaranteed Totals, cover and prices: the verifier compares them with the sums of L and K over all proofs. The
//                rest as in SpotRows.
// Constraints    N * (k * (66 + B) + VB + 1 + W) + 1 and the sponge over 3 + groups * W + elements values;
//                countConstraints has the exact number.
template MarginRows(DIV, B, N, k, VB, m) {
    var WORD_BITS = 252;
    var slotsBits = k * (65 + B);
    var rowBits = slotsBits + VB;
    var words = (slotsBits + WORD_BITS - 1) \ WORD_BITS;
    var elements = (N * rowBits + WORD_BITS - 1) \ WORD_BITS;
    var groups = (N + m - 1) \ m;

    signal input rho;
    signal input x;
    signal input gamma;
    signal input amount[N][k];
    signal input code[N][k];
    signal input net[N];
    signal input blind;
    signal input maskL;
    signal input maskK;
    signal input mask[groups][words];
    signal output digest;
    signal output L;
    signal output K;
    signal output z[groups][words];

    assert(N >= 1 && m >= 1);
    assert(B >= 1 && B <= 32);
    // A negative net value is p less a sum of k products of two amounts, and must be out of range.
    assert(VB >= 1 && VB <= 126 && k <= 1 << 32);

    component row[N];
    component netBits[N];
    component batch = PackBits(N * rowBits);
    // Read one by one from a component, a wide row's bits take the compiler minutes; read as a whole, seconds.
    signal slotBit[N][slotsBits];
    signal word[N][words];
    var shares = 0;
    // Counted on, as in PackBits.
    var at = 0;
    for (var u = 0; u < N; u++) {
        row[u] = Row(B + 1, k);
        row[u].amount <== amount[u];
        row[u].code <== code[u];
        row[u].x <== x;
        netBits[u] = Num2Bits(VB);
        netBits[u].in <== net[u];
        slotBit[u] <== row[u].bit;
        for (var i = 0; i < slotsBits; i++) {
            batch.bit[at] <== slotBit[u][i];
            at++;
        }
        for (var i = 0; i < VB; i++) {
            batch.bit[at] <== netBits[u].out[i];
            at++;
        }
        word[u] <== row[u].word;
        shares += row[u].share;
    }

    // Everything that the outputs are made of, but for the challenges.
    var HEAD = 3;
    signal message[HEAD + groups * words + elements];
    message[0] <== blind;
    message[1] <== maskL;
    message[2] <== maskK;
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

    // The sum of gamma^(u+1) * (T_u + V_u), by Horner's rule from the last row.
    signal tail[N];
    for (var u = N - 1; u >= 0; u--) {
        var next = u == N - 1 ? 0 : tail[u + 1];
        tail[u] <== gamma * (next + row[u].share + net[u]);
    }
    signal maskShare <== Fraction()(maskK, -1, x);
    K <== maskShare + tail[0];

    z <== GroupOpenings(N, words, m)(rho, mask, word);
}
