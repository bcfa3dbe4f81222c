pragma circom 2.2.0;

include "circomlib/circuits/poseidon_constants.circom";

// Statement      out = H_n(inputs): Poseidon over the scalar field of BN254 with the S-box x^5, 8 full rounds and the
//                partial rounds below, on the state (0, inputs); out is the first element of the last state.
// Public         none of its own.
// Private        inputs[n]: any field elements.
// Assumes        1 <= n <= 16.
// Guarantees     `out` is the hash that circomlib 2.0.5, circomlibjs and poseidon-lite compute: same constants, same
//                order. Every signal is the value of one expression in signals before it.
// Not guaranteed Hiding, unless one of the inputs is random.
// Constraints    3 for each S-box, 8 (n + 1) + partialRounds of them, less 3 for each input that is a constant and 3 for
//                the first element of the state.
//
// It is circomlib's algorithm (partial rounds with sparse matrices, https://eprint.iacr.org/2019/458, appendix B), written
// for what comes after it. The state is a linear combination of signals, in a variable, and not a signal an element and
// round, which the compiler would have to eliminate. x^5 is x^3 times x^2, so that no cube is a right factor and no square a
// left one: an S-box costs a proof one point less than with the fourth power.
template Poseidon(n) {
    signal input inputs[n];
    signal output out;

    var FULL_ROUNDS = 8;
    var HALF = FULL_ROUNDS \ 2;
    var PARTIAL_ROUNDS[16] = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
    var t = n + 1;
    var partialRounds = PARTIAL_ROUNDS[n - 1];

    // C: what rounds add. M: the matrix of a full round. P: that of the last one before the partial rounds.
    // S: for each partial round the first row of its matrix, then what its first column adds to the other elements.
    var C[t * FULL_ROUNDS + partialRounds] = POSEIDON_C(t);
    var M[t][t] = POSEIDON_M(t);
    var P[t][t] = POSEIDON_P(t);
    var SPARSE = 2 * t - 1;
    var S[partialRounds * SPARSE] = POSEIDON_S(t);
    var inverse = 1 / M[0][0];

    signal square[FULL_ROUNDS][t];
    signal cube[FULL_ROUNDS][t];
    signal fifth[FULL_ROUNDS][t];
    signal partialSquare[partialRounds];
    signal partialCube[partialRounds];
    signal first[partialRounds];

    var state[t];
    var added[t];
    state[0] = C[0];
    for (var j = 0; j < n; j++) {
        state[j + 1] = inputs[j] + C[j + 1];
    }

    for (var r = 0; r < FULL_ROUNDS; r++) {
        for (var j = 0; j < t; j++) {
            square[r][j] <== state[j] * state[j];
            cube[r][j] <== state[j] * square[r][j];
            fifth[r][j] <== cube[r][j] * square[r][j];
        }
        if (r < FULL_ROUNDS - 1) {
            var constants = (r + 1) * t + (r < HALF ? 0 : partialRounds);
            for (var j = 0; j < t; j++) {
                added[j] = fifth[r][j] + C[constants + j];
            }
            for (var i = 0; i < t; i++) {
                var sum = 0;
                if (r == HALF - 1) {
                    for (var j = 0; j < t; j++) {
                        sum += P[j][i] * added[j];
                    }
                } else {
                    for (var j = 0; j < t; j++) {
                        sum += M[j][i] * added[j];
                    }
                }
                state[i] = sum;
            }
        }
        if (r == HALF - 1) {
            var row = 0;
            for (var p = 0; p < partialRounds; p++) {
                assert(S[row] == M[0][0]);
                var constant = C[(HALF + 1) * t + p];
                var rest = 0;
                for (var j = 1; j < t; j++) {
                    rest += S[row + j] * state[j];
                }
                partialSquare[p] <== state[0] * state[0];
                partialCube[p] <== state[0] * partialSquare[p];
                // The next first element, not the S-box, is the signal: the long sum stands in one product, not in three.
                first[p] <== S[row] * (partialCube[p] * partialSquare[p] + constant) + rest;
                var sbox = (first[p] - rest) * inverse;
                for (var j = 1; j < t; j++) {
                    state[j] += S[row + t + j - 1] * sbox;
                }
                state[0] = first[p];
                row += SPARSE;
            }
        }
    }

    var sum = 0;
    for (var j = 0; j < t; j++) {
        sum += M[j][0] * fifth[FULL_ROUNDS - 1][j];
    }
    out <== sum;
}
