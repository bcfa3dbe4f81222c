pragma circom 2.2.0;

include "Sponge.circom";

// Statement      `totals` = sponge(IV; blind, equity[0] .. equity[A-1], debt[0] .. debt[A-1]).
// Public         none of its own.
// Private        blind, equity[A], debt[A]: any field elements; ranges are the caller's.
// Assumes        IV is the constant derived from A: a prover who may choose it can open one commitment to vectors
//                of two lengths. `blind` is random and used once.
// Guarantees     Binding to all 2A sums, and hiding of them as long as `blind` is secret.
// Not guaranteed That the sums are sums of anything, or in any range.
// Constraints    ceil((1 + 2A) / 15) times H_16, less 3 for each padded zero and for IV, a constant.
template Totals(IV, A) {
    signal input blind;
    signal input equity[A];
    signal input debt[A];
    signal output totals;

    signal message[1 + 2 * A];
    message[0] <== blind;
    for (var j = 0; j < A; j++) {
        message[1 + j] <== equity[j];
        message[1 + A + j] <== debt[j];
    }
    totals <== Sponge(1 + 2 * A)(IV, message);
}
