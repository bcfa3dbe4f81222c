pragma circom 2.2.0;

include "Poseidon.circom";
include "Fraction.circom";
include "MarginAccount.circom";
include "Sponge.circom";
include "Totals.circom";
include "Tree.circom";

// Statement      There exist N accounts, each with k slots (equity, debt, index), 0 <= equity, debt < 2^64, and a net
//                value 0 <= V < 2^VB; sums E_j (totalEquity) and D_j (totalDebt), prices q_j (price) and p_j
//                (collateralPrice), 0 <= j < A, such that E_j and D_j are the sums of equity and debt over all slots of
//                index j; every slot that is not empty has index < A; V = sum of p * equity - sum of q * debt over the
//                account's slots, so that collateral covers debt; pricesHash = sponge(0; p, q); and
//                digest = H_3(TAG, root of the tree of their leaves, totals of E and D).
// Public         digest, pricesHash (outputs).
// Private        account[N]: any field element. equity[N][k], debt[N][k]: 64 bits, index[N][k]: B bits, net[N]: VB bits,
//                all ranged in MarginAccount. totalEquity[A], totalDebt[A], weightedEquity[A] (X), weightedDebt[A] (Y):
//                fixed by the sum check. price[A], collateralPrice[A]: fixed by pricesHash. blind: any field element.
// Assumes        TAG, IV and GAMMA are the constants of exactly these parameters and of the protocol. The verifier
//                recomputes pricesHash from published prices with 0 <= p <= q < 2^64. N * k * 2^64 <= 2^104 < p and
//                k * 2^128 <= 2^VB, so that neither sums nor values wrap.
// Guarantees     The statement, but for a chance of a false one passing of about (N * k + A + N + 4) / p a try:
//                Let T_u(x, y) = sum over slots of (equity + y * debt) / (x - index), and R(x, y) = sum over assets of
//                (E + y * D + y^2 * X + y^3 * Y) / (x - j). One equation is checked:
//                  sum of T_u + y^2 * (sum of gamma^u * (T_u + V_u) - sum of (p * X - q * Y)) = R(x, y).
//                All in it but x and y is fixed before they are drawn. Every fraction vanishes for x to infinity,
//                so the part without x must be 0 by itself: sum of gamma^u * V_u = sum of (p * X - q * Y). What is
//                left is equal in each power of y: E and D are the plain sums per index, X and Y those weighted
//                with gamma^u. All but X and Y is fixed before gamma is drawn, so the first equation, a polynomial in
//                gamma, holds in each power: V_u is the net value of row u, for each u.
// Not guaranteed That prices are true or in range (the verifier holds them to the published table); that the accounts
//                are real, distinct or all that there are; that slots of an account are sorted or distinct.
// Constraints    N * (k * (130 + B) + VB + 1 + leaf) + 6 * A + tree + totals + two sponges of 2A + 2 * H_3 + 2 * H_2 + 2;
//                countConstraints has the exact number.
template MarginBatch(TAG, IV, GAMMA, A, B, N, k, VB, depth) {
    signal input account[N];
    signal input equity[N][k];
    signal input debt[N][k];
    signal input index[N][k];
    signal input net[N];
    signal input totalEquity[A];
    signal input totalDebt[A];
    signal input price[A];
    signal input collateralPrice[A];
    signal input weightedEquity[A];
    signal input weightedDebt[A];
    signal input blind;
    signal output digest;
    signal output pricesHash;

    assert(A >= 1 && A <= 1 << B);
    assert(N * k <= 1 << 40);

    // What the proof is about: accounts with their net values, and totals.
    signal leaf[N];
    for (var u = 0; u < N; u++) {
        leaf[u] <== MarginAccount(B, k, VB)(account[u], equity[u], debt[u], index[u], net[u]);
    }
    signal root <== Tree(N, depth)(leaf);
    signal totals <== Totals(IV, A)(blind, totalEquity, totalDebt);
    digest <== Poseidon(3)([TAG, root, totals]);

    signal prices[2 * A];
    for (var j = 0; j < A; j++) {
        prices[j] <== collateralPrice[j];
        prices[A + j] <== price[j];
    }
    pricesHash <== Sponge(2 * A)(0, prices);

    // First round: gamma tells the accounts apart in the weighted totals X and Y.
    signal gamma <== Poseidon(3)([GAMMA, digest, pricesHash]);

    // Second round: x and y are drawn once X and Y are committed to as well.
    signal weighted[2 * A];
    for (var j = 0; j < A; j++) {
        weighted[j] <== weightedEquity[j];
        weighted[A + j] <== weightedDebt[j];
    }
    signal h <== Sponge(2 * A)(gamma, weighted);
    signal x <== Poseidon(2)([h, 1]);
    signal y <== Poseidon(2)([h, 2]);

    // T_u, an account's share: the sum of (equity + y * debt) / (x - index) over its slots.
    signal debtTerm[N][k];
    signal slotShare[N][k];
    signal accountShare[N];
    var shares = 0;
    for (var u = 0; u < N; u++) {
        var share = 0;
        for (var s = 0; s < k; s++) {
            debtTerm[u][s] <== y * debt[u][s];
            slotShare[u][s] <== Fraction()(equity[u][s] + debtTerm[u][s], index[u][s], x);
            share += slotShare[u][s];
        }
        accountShare[u] <== share;
        shares += share;
    }

    // The sum of gamma^u * (T_u + V_u) over rows u = 1 .. N, by Horner's rule from the last row.
    signal tail[N + 1];
    tail[N] <== 0;
    for (var u = N - 1; u >= 0; u--) {
        tail[u] <== gamma * (tail[u + 1] + accountShare[u] + net[u]);
    }

    // An asset's share, and what the weighted totals are worth at the published prices.
    signal twoTerms[A];
    signal threeTerms[A];
    signal fourTerms[A];
    signal assetShare[A];
    signal collateralValue[A];
    signal debtValue[A];
    var stated = 0;
    var worth = 0;
    for (var j = 0; j < A; j++) {
        twoTerms[j] <== y * weightedDebt[j];
        threeTerms[j] <== y * (weightedEquity[j] + twoTerms[j]);
        fourTerms[j] <== y * (totalDebt[j] + threeTerms[j]);
        assetShare[j] <== Fraction()(totalEquity[j] + fourTerms[j], j, x);
        stated += assetShare[j];

        collateralValue[j] <== collateralPrice[j] * weightedEquity[j];
        debtValue[j] <== price[j] * weightedDebt[j];
        worth += collateralValue[j] - debtValue[j];
    }

    signal ySquared <== y * y;
    ySquared * (tail[0] - worth) === stated - shares;
}
