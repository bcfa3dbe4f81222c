pragma circom 2.2.0;

// Statement      out[0] .. out[n-1] are the bits of `in`, least significant first, so 0 <= in < 2^n.
// Public         none of its own.
// Private        in: any field element.
// Assumes        n <= 253: then 2^n <= p, and no field element has two such strings.
// Guarantees     Each out[i] is 0 or 1, and they are those of `in`.
// Not guaranteed Anything else about `in`.
// Constraints    n; the sum is linear and costs nothing.
template Num2Bits(n) {
    signal input in;
    signal output out[n];

    assert(n >= 1 && n <= 253);

    // A witness generator computes with small numbers by shortcuts. A constant that meets a field element in a comparison or
    // under a mask is no small number from then on, nor is any counter that it is added to, in any template: so the mask is
    // computed, and no constant. A bit that a comparison gives is a small number again.
    var one = 1 + 0 * in;

    // By Horner's rule from the highest bit: a witness then takes additions alone.
    var sum = 0;
    for (var i = n - 1; i >= 0; i--) {
        out[i] <-- ((in >> i) & one) == one;
        out[i] * (1 - out[i]) === 0;
        sum = sum + sum + out[i];
    }
    sum === in;
}
