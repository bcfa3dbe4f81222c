pragma circom 2.2.0;

include "Fraction.circom";
include "Num2Bits.circom";
include "PackBits.circom";

// Statement      The k slots of one row: every amount is below 2^64 and every code below 2^C; `bit` is their bits, slot
//                after slot, in each amount (64), then code (C), least significant first; `word` is `bit` cut every 252
//                bits; and share = sum of amount / (x - code) over the slots.
// Public         none of its own.
// Private        amount[k]: 64 bits, code[k]: C bits, both ranged here. x: any field element.
// Assumes        x is a challenge that was drawn after the slots were committed to, and x >= 2^C, so that it is no code.
// Guarantees     Amounts that are not negative: p - 1 has no 64 bits. Slots, bits and words that mean one another.
// Not guaranteed That a code is listed; slots that are sorted, distinct or first among empty ones (the user's own
//                reading refuses others). Any share, where x is a code.
// Constraints    k * (65 + C).
template Row(C, k) {
    var AMOUNT_BITS = 64;
    var WORD_BITS = 252;
    var slotBits = AMOUNT_BITS + C;
    var words = (k * slotBits + WORD_BITS - 1) \ WORD_BITS;

    signal input amount[k];
    signal input code[k];
    signal input x;
    signal output bit[k * slotBits];
    signal output word[words];
    signal output share;

    assert(k >= 1);
    assert(C >= 1 && C <= 33);

    component amountBits[k];
    component codeBits[k];
    signal slotShare[k];
    var shares = 0;
    // Counted on, as in PackBits.
    var at = 0;
    for (var s = 0; s < k; s++) {
        amountBits[s] = Num2Bits(AMOUNT_BITS);
        amountBits[s].in <== amount[s];
        codeBits[s] = Num2Bits(C);
        codeBits[s].in <== code[s];
        for (var i = 0; i < AMOUNT_BITS; i++) {
            bit[at] <== amountBits[s].out[i];
            at++;
        }
        for (var i = 0; i < C; i++) {
            bit[at] <== codeBits[s].out[i];
            at++;
        }
        slotShare[s] <== Fraction()(amount[s], code[s], x);
        shares += slotShare[s];
    }
    word <== PackBits(k * slotBits)(bit);
    share <== shares;
}
