pragma circom 2.2.0;

// Statement      word[0] .. word[w-1] are the string bit[0] .. bit[bitCount-1], cut every 252 bits, least significant
//                first; the last may be short.
// Public         none of its own.
// Private        bit[i]: 1 bit each, constrained by the caller.
// Assumes        Every bit[i] is 0 or 1. Then a word is below 2^252 < p.
// Guarantees     For one bitCount, equal words mean equal bits.
// Not guaranteed That the bits are bits; what they mean.
// Constraints    0: packing is linear.
template PackBits(bitCount) {
    var WORD_BITS = 252;
    var words = (bitCount + WORD_BITS - 1) \ WORD_BITS;

    signal input bit[bitCount];
    signal output word[words];

    assert(bitCount >= 1);

    // Counted on: w * WORD_BITS would be no small number to a witness generator, nor would any index that follows from it.
    var begin = 0;
    for (var w = 0; w < words; w++) {
        // By Horner's rule from the highest bit: a witness then takes additions alone.
        var end = w < words - 1 ? begin + WORD_BITS : bitCount;
        var sum = 0;
        for (var i = end - 1; i >= begin; i--) {
            sum = sum + sum + bit[i];
        }
        word[w] <== sum;
        begin = end;
    }
}
