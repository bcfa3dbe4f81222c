pragma circom 2.2.0;

// Statement      The N rows of W words lie in groups of m, the last of which may be short, and
//                z[g][i] = mask[g][i] + sum of rho^t * word[u][i] over the rows u = g * m + t - 1 of group g, t from 1.
// Public         none of its own.
// Private        word[N][W], mask[groups][W], rho: any field elements.
// Assumes        rho is a challenge that was drawn after words and masks, and a point for each row and for each group's
//                masks, were committed to.
// Guarantees     Where points of a group that are combined with the same powers of rho open to z, each point opens to the
//                words of its row, but for a chance of m / p a try: both sides are polynomials in rho of degree m.
// Not guaranteed That a word is in range. Hiding, unless each mask is random and used under one rho.
// Constraints    N * W.
template GroupOpenings(N, W, m) {
    var groups = (N + m - 1) \ m;

    signal input rho;
    signal input mask[groups][W];
    signal input word[N][W];
    signal output z[groups][W];

    assert(N >= 1 && W >= 1 && m >= 1);

    // By Horner's rule from the last row of each group.
    signal tail[N][W];
    // Counted on, as in PackBits.
    var first = 0;
    for (var g = 0; g < groups; g++) {
        var last = g < groups - 1 ? first + m - 1 : N - 1;
        for (var i = 0; i < W; i++) {
            for (var u = last; u >= first; u--) {
                var next = u == last ? 0 : tail[u + 1][i];
                tail[u][i] <== rho * (next + word[u][i]);
            }
            z[g][i] <== mask[g][i] + tail[first][i];
        }
        first = last + 1;
    }
}
