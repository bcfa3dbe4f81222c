pragma circom 2.2.0;

// Statement      quotient = numerator / (x - pole).
// Public         none of its own.
// Private        numerator, pole, x: any field elements.
// Assumes        x is a challenge that was drawn after `numerator` and `pole` were committed to, so that x = pole
//                happens with a probability of about 2^-254 a try.
// Guarantees     The quotient is the only solution wherever x is not the pole.
// Not guaranteed Anything where x equals the pole: then the numerator must be 0 and the quotient is free.
// Constraints    1.
template Fraction() {
    signal input numerator;
    signal input pole;
    signal input x;
    signal output quotient;

    // A quotient is not a polynomial, so it is a hint; the next line leaves one solution, since x - pole is not 0.
    quotient <-- numerator / (x - pole);
    quotient * (x - pole) === numerator;
}
