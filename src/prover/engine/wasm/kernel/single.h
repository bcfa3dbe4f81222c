// Single operations, exported so that the tests compare each with its twin. Included once for each prime field; the
// arguments are elements in limbs, in Montgomery form, below 12p.

void EXPORT(FN(multiply))(FE *result, const FE *a, const FE *b) { FN(times)(result, a, b); }

void EXPORT(FN(square))(FE *result, const FE *a) { FN(sqr)(result, a); }

void EXPORT(FN(add_loosely))(FE *result, const FE *a, const FE *b) { FN(add)(result, a, b); }

void EXPORT(FN(subtract_loosely))(FE *result, const FE *a, const FE *b) { FN(sub)(result, a, b, 12); }

void EXPORT(FN(tighten_loose))(FE *result, const FE *a) { FN(tighten)(result, a); }

void EXPORT(FN(find_inverse))(FE *result, const FE *a) { FN(invert)(result, a); }

u32 EXPORT(FN(test_zero))(const FE *a) { return (u32)FN(is_zero)(a); }

// Plain words, any value below 2^256, to Montgomery form, and an element to plain canonical words.
void EXPORT(FN(read_words))(FE *result, const u32 *words) {
  FN(unpack)(result, words);
  FN(to_montgomery)(result, result);
}

void EXPORT(FN(write_words))(u32 *words, const FE *a) {
  FE plain;
  FN(from_montgomery)(&plain, a);
  FN(pack)(words, &plain);
}
