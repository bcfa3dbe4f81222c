pragma circom 2.2.0;

include "Poseidon.circom";

// Statement      out = sponge(initial; message): h starts as `initial`; each next 15 values, zero-padded, make
//                h = H_16(h, 15 values); `out` is the last h.
// Public         none of its own.
// Private        initial, message[n]: any field elements.
// Assumes        n >= 1 is fixed by the caller's context: padding does not tell lengths apart.
// Guarantees     Equal outputs mean equal inputs, for the same n (collision resistance of Poseidon).
// Not guaranteed Hiding, unless one of the inputs is random. Binding, where a prover may choose between two n and
//                `initial` is free: then a short message with a computed `initial` collides with a longer one.
// Constraints    ceil(n / 15) times H_16; each padded zero saves 3.
template Sponge(n) {
    signal input initial;
    signal input message[n];
    signal output out;

    var RATE = 15;
    var blocks = (n + RATE - 1) \ RATE;

    signal block[blocks][RATE + 1];
    signal state[blocks + 1];

    state[0] <== initial;
    // Counted on, as in PackBits.
    var at = 0;
    for (var b = 0; b < blocks; b++) {
        block[b][0] <== state[b];
        for (var i = 0; i < RATE; i++) {
            if (at < n) {
                block[b][i + 1] <== message[at];
            } else {
                block[b][i + 1] <== 0;
            }
            at++;
        }
        state[b + 1] <== Poseidon(RATE + 1)(block[b]);
    }
    out <== state[blocks];
}
