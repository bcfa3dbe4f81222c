pragma circom 2.2.0;

include "Num2Bits.circom";
include "Leaf.circom";

// Statement      Every equity is below 2^64, every index below 2^B, and `leaf` commits to them and to `account`:
//                per slot the bits of equity (64), then of index (B), least significant first.
// Public         none of its own.
// Private        account: any field element. equity[k]: 64 bits. index[k]: B bits. Both ranged here.
// Assumes        64 < log2(p) and B < log2(p), so that a decomposition into bits is unique.
// Guarantees     Amounts that are not negative: p - 1 has no 64 bits. An injective packing.
// Not guaranteed index < A (the sum check of the batch does that where equity > 0); sorted or distinct slots
//                (two slots of one asset add up, and the user's own reading refuses them).
// Constraints    k * (64 + B), and the leaf.
template SpotAccount(B, k) {
    signal input account;
    signal input equity[k];
    signal input index[k];
    signal output leaf;

    var AMOUNT_BITS = 64;
    assert(B >= 1 && B <= 32);
    var slotBits = AMOUNT_BITS + B;

    signal equityBit[k][AMOUNT_BITS];
    signal indexBit[k][B];
    signal bit[k * slotBits];

    for (var s = 0; s < k; s++) {
        equityBit[s] <== Num2Bits(AMOUNT_BITS)(equity[s]);
        indexBit[s] <== Num2Bits(B)(index[s]);
        for (var i = 0; i < AMOUNT_BITS; i++) {
            bit[s * slotBits + i] <== equityBit[s][i];
        }
        for (var i = 0; i < B; i++) {
            bit[s * slotBits + AMOUNT_BITS + i] <== indexBit[s][i];
        }
    }
    leaf <== Leaf(k * slotBits)(account, bit);
}
