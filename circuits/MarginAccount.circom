pragma circom 2.2.0;

include "Num2Bits.circom";
include "Leaf.circom";

// Statement      Every equity and debt is below 2^64, every index below 2^B, net below 2^VB, and `leaf` commits to
//                them and to `account`: per slot the bits of equity (64), debt (64) and index (B), then the bits
//                of net (VB), each least significant first.
// Public         none of its own.
// Private        account: any field element. equity[k], debt[k]: 64 bits. index[k]: B bits. net: VB bits.
//                All ranged here.
// Assumes        64, B and VB < log2(p), so that a decomposition into bits is unique.
// Guarantees     Amounts and a net value that are not negative. An injective packing.
// Not guaranteed That net is the value of the slots, and index < A (the batch checks both); sorted or distinct
//                slots (two slots of one asset add up, and the user's own reading refuses them).
// Constraints    k * (128 + B) + VB, and the leaf.
template MarginAccount(B, k, VB) {
    signal input account;
    signal input equity[k];
    signal input debt[k];
    signal input index[k];
    signal input net;
    signal output leaf;

    var AMOUNT_BITS = 64;
    assert(B >= 1 && B <= 32);
    // A sum of k products of two amounts must fit; and a negative one, p less such a sum, must not.
    assert(k * (1 << (2 * AMOUNT_BITS)) <= 1 << VB);
    assert(VB <= 250);
    var slotBits = 2 * AMOUNT_BITS + B;

    signal equityBit[k][AMOUNT_BITS];
    signal debtBit[k][AMOUNT_BITS];
    signal indexBit[k][B];
    signal netBit[VB];
    signal bit[k * slotBits + VB];

    for (var s = 0; s < k; s++) {
        equityBit[s] <== Num2Bits(AMOUNT_BITS)(equity[s]);
        debtBit[s] <== Num2Bits(AMOUNT_BITS)(debt[s]);
        indexBit[s] <== Num2Bits(B)(index[s]);
        for (var i = 0; i < AMOUNT_BITS; i++) {
            bit[s * slotBits + i] <== equityBit[s][i];
            bit[s * slotBits + AMOUNT_BITS + i] <== debtBit[s][i];
        }
        for (var i = 0; i < B; i++) {
            bit[s * slotBits + 2 * AMOUNT_BITS + i] <== indexBit[s][i];
        }
    }
    netBit <== Num2Bits(VB)(net);
    for (var i = 0; i < VB; i++) {
        bit[k * slotBits + i] <== netBit[i];
    }
    leaf <== Leaf(k * slotBits + VB)(account, bit);
}
