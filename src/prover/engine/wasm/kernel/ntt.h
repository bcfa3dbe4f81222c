// Number-theoretic transforms over the scalar field.
//
// A polynomial goes from its values on the n-th roots of unity to its values on the coset that they form times g:
//   coefficients: decimation in frequency with inverse roots, natural order in, bit-reversed order out;
//   times g^i / n, in bit-reversed order;
//   values: decimation in time, bit-reversed order in, natural order out.
// So nothing is ever permuted. Layers are taken two at a time; blocks that fit the second-level cache are finished
// before the next is begun.
//
// roots[h + j] = ω^j for j < h, where ω is a primitive 2h-th root of unity, h = 1, 2, 4, … n/2. For j > 0 the inverse
// ω^-j = -ω^(h-j), so that (a - b)·ω^-j = (b - a)·roots[2h - j].

// Takes a primitive n-th root of unity, plain.
void EXPORT(build_roots)(fr *roots, const u32 *root_words, u32 n) {
  fr root, power;
  fr_unpack(&root, root_words);
  fr_to_montgomery(&root, &root);
  fr_one(&power);
  for (u32 j = 0; j < n / 2; j++) {
    roots[n / 2 + j] = power;
    fr_times(&power, &power, &root);
  }
  for (u32 h = n / 4; h > 0; h /= 2) {
    for (u32 j = 0; j < h; j++) roots[h + j] = roots[2 * h + 2 * j];
  }
}

// powers[i] = factor·base^reverse(i) for the bit reversal of log2(n) bits: base^(n/2) is the factor of the lowest bit.
// Takes plain words.
void EXPORT(build_coset)(fr *powers, const u32 *base_words, const u32 *factor_words, u32 n) {
  fr base_power;
  fr_unpack(&base_power, base_words);
  fr_to_montgomery(&base_power, &base_power);
  fr_unpack(&powers[0], factor_words);
  fr_to_montgomery(&powers[0], &powers[0]);
  // powers[0 … 2h) from powers[0 … h): index bit h stands for bit n/2h of the exponent.
  fr square[32];
  u32 levels = 0;
  for (u32 m = 1; m < n; m *= 2) {
    square[levels++] = base_power;
    fr_sqr(&base_power, &base_power);
  }
  for (u32 h = 1; h < n; h *= 2) {
    levels--;
    for (u32 j = 0; j < h; j++) fr_times(&powers[h + j], &powers[j], &square[levels]);
  }
}

// (b - a)·roots[2h - j], or a - b for j = 0. Takes a, b below 5p, gives below 2.2p: 10p·3p/169p + 2p.
INLINE void inverse_twiddle(fr *result, const fr *a, const fr *b, const fr *roots, u32 h, u32 j) {
  fr difference;
  if (j == 0) {
    fr_sub(&difference, a, b, 5);
    fr_tighten(result, &difference);
    return;
  }
  fr_sub(&difference, b, a, 5);
  fr_mul(result, &difference, &roots[2 * h - j]);
}

// One layer: halves of length h. Takes and gives elements below 2.5p, as all layers do.
static KEEP void dif_layer(fr *a, u32 h, const fr *roots) {
  for (u32 j = 0; j < h; j++) {
    fr sum;
    fr_add(&sum, &a[j], &a[j + h]);
    inverse_twiddle(&a[j + h], &a[j], &a[j + h], roots, h, j);
    fr_tighten(&a[j], &sum);
  }
}

// Two layers: quarters of length h.
static KEEP void dif_double_layer(fr *a, u32 h, const fr *roots) {
  for (u32 j = 0; j < h; j++) {
    fr sum0, sum1, difference0, difference1, t;
    fr_add(&sum0, &a[j], &a[j + 2 * h]);
    fr_add(&sum1, &a[j + h], &a[j + 3 * h]);
    inverse_twiddle(&difference0, &a[j], &a[j + 2 * h], roots, 2 * h, j);
    inverse_twiddle(&difference1, &a[j + h], &a[j + 3 * h], roots, 2 * h, j + h);
    fr_add(&t, &sum0, &sum1);
    fr_tighten(&a[j], &t);
    inverse_twiddle(&a[j + h], &sum0, &sum1, roots, h, j);
    fr_add(&t, &difference0, &difference1);
    fr_tighten(&a[j + 2 * h], &t);
    inverse_twiddle(&a[j + 3 * h], &difference0, &difference1, roots, h, j);
  }
}

// One layer of decimation in time: (a, b) -> (a + ω^j·b, a - ω^j·b).
static KEEP void dit_layer(fr *a, u32 h, const fr *roots) {
  for (u32 j = 0; j < h; j++) {
    fr t, u;
    fr_mul(&t, &a[j + h], &roots[h + j]);
    fr_sub(&u, &a[j], &t, 3);
    fr_tighten(&a[j + h], &u);
    fr_add(&u, &a[j], &t);
    fr_tighten(&a[j], &u);
  }
}

// Two layers: quarters of length h.
static KEEP void dit_double_layer(fr *a, u32 h, const fr *roots) {
  for (u32 j = 0; j < h; j++) {
    fr t, sum0, sum1, difference0, difference1;
    fr_times(&t, &a[j + h], &roots[h + j]);
    fr_add(&sum0, &a[j], &t);
    fr_sub(&difference0, &a[j], &t, 3);
    fr_times(&t, &a[j + 3 * h], &roots[h + j]);
    fr_add(&sum1, &a[j + 2 * h], &t);
    fr_sub(&difference1, &a[j + 2 * h], &t, 3);
    fr_times(&sum1, &sum1, &roots[2 * h + j]);
    fr_times(&difference1, &difference1, &roots[3 * h + j]);
    fr_add(&t, &sum0, &sum1);
    fr_tighten(&a[j], &t);
    fr_sub(&t, &sum0, &sum1, 3);
    fr_tighten(&a[j + 2 * h], &t);
    fr_add(&t, &difference0, &difference1);
    fr_tighten(&a[j + h], &t);
    fr_sub(&t, &difference0, &difference1, 3);
    fr_tighten(&a[j + 3 * h], &t);
  }
}

// Values on the roots of unity, natural order, to n times the coefficients, bit-reversed order.
void EXPORT(interpolate)(fr *a, u32 n, const fr *roots) {
  if (n < 4) {
    if (n == 2) dif_layer(a, 1, roots);
    return;
  }
  const u32 h = n / 4;
  dif_double_layer(a, h, roots);
  for (u32 quarter = 0; quarter < 4; quarter++) interpolate(a + quarter * h, h, roots);
}

// Coefficients, bit-reversed order, to values on the roots of unity, natural order.
void EXPORT(evaluate)(fr *a, u32 n, const fr *roots) {
  if (n < 4) {
    if (n == 2) dit_layer(a, 1, roots);
    return;
  }
  const u32 h = n / 4;
  for (u32 quarter = 0; quarter < 4; quarter++) evaluate(a + quarter * h, h, roots);
  dit_double_layer(a, h, roots);
}

// a[i] *= factors[i].
void EXPORT(multiply_elements)(fr *a, const fr *factors, u32 count) {
  for (u32 i = 0; i < count; i++) fr_mul(&a[i], &a[i], &factors[i]);
}
