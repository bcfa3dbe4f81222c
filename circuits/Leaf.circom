pragma circom 2.2.0;

include "Poseidon.circom";
include "Sponge.circom";

// Statement      `leaf` commits to `account` and to the string bit[0] .. bit[bitCount-1]: the bits are cut into w
//                words of 252, least significant first, and leaf = H_{1+w}(account, words) where w <= 15, else
//                sponge(account; words).
// Public         none of its own.
// Private        account: any field element. bit[i]: 1 bit each, constrained by the caller.
// Assumes        Every bit[i] is 0 or 1. Then a word is below 2^252 < p, and the packing is injective.
// Guarantees     Equal leaves mean the same account and the same bits (collision resistance of Poseidon).
// Not guaranteed That the bits are bits; what they mean; hiding, unless `account` is unknown to the reader.
// Constraints    H_{1+w}, or ceil(w / 15) times H_16. Packing is linear and costs nothing.
template Leaf(bitCount) {
    signal input account;
    signal input bit[bitCount];
    signal output leaf;

    var WORD_BITS = 252;
    var MAX_FLAT_WORDS = 15;
    var words = (bitCount + WORD_BITS - 1) \ WORD_BITS;

    signal word[words];
    for (var w = 0; w < words; w++) {
        // By Horner's rule from the highest bit: a witness then takes additions alone.
        var begin = w * WORD_BITS;
        var end = w < words - 1 ? begin + WORD_BITS : bitCount;
        var sum = 0;
        for (var i = end - 1; i >= begin; i--) {
            sum = sum + sum + bit[i];
        }
        word[w] <== sum;
    }

    if (words <= MAX_FLAT_WORDS) {
        signal content[words + 1];
        content[0] <== account;
        for (var w = 0; w < words; w++) {
            content[w + 1] <== word[w];
        }
        leaf <== Poseidon(words + 1)(content);
    } else {
        leaf <== Sponge(words)(account, word);
    }
}
