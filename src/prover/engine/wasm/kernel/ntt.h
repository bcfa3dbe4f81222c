// Number-theoretic transforms over the scalar field, on vectors of units (vector.h, vector-lanes.h).
//
// A polynomial goes from its values on the n-th roots of unity to its values on the coset that they form times g:
//   coefficients: decimation in frequency with inverse roots, natural order in, bit-reversed order out;
//   times g^i / n, in bit-reversed order;
//   values: decimation in time, bit-reversed order in, natural order out.
// So nothing is ever permuted. Layers are taken two at a time; blocks that fit the second-level cache are finished
// before the next is begun. Halves shorter than a unit are left to unit_transform.
//
// Entry h + j of the roots is ω^j for j < h, where ω is a primitive 2h-th root of unity, h = 1, 2, 4, … n/2; entry h + j of
// the inverse roots is ω^-j. In units of u entries, the factors of the entries from u·j on are unit h/u + j.

// Fills roots, or inverse roots, from a primitive n-th root of unity or its inverse.
static void fill_roots(unit *roots, const fr *root, u32 n) {
  fr power;
  for (u32 h = n / 2, step = 1; h > 0; h /= 2, step *= 2) {
    fr factor = *root;
    for (u32 s = 1; s < step; s *= 2) fr_times(&factor, &factor, &factor);
    fr_one(&power);
    for (u32 j = 0; j < h; j++) {
      write_entry(roots, h + j, &power);
      fr_times(&power, &power, &factor);
    }
  }
}

// Takes a primitive n-th root of unity, plain; n >= 2. Entry 0 of either result is not used.
void EXPORT(build_roots)(unit *roots, unit *inverse_roots, const u32 *root_words, u32 n) {
  fr root;
  fr_unpack(&root, root_words);
  fr_to_montgomery(&root, &root);
  fill_roots(roots, &root, n);
  fr_invert(&root, &root);
  fill_roots(inverse_roots, &root, n);
}

// Entry i gets factor·base^reverse(i) for the bit reversal of log2(n) bits: base^(n/2^(b+1)) is the factor of index bit b.
// Takes plain words.
void EXPORT(build_coset)(unit *powers, const u32 *base_words, const u32 *factor_words, u32 n) {
  fr bit_factor[32], running[33];
  u32 bits = 0;
  while (1u << bits < n) bits++;
  fr_unpack(&running[bits], factor_words);
  fr_to_montgomery(&running[bits], &running[bits]);
  fr base;
  fr_unpack(&base, base_words);
  fr_to_montgomery(&base, &base);
  for (u32 b = bits; b-- > 0;) {
    bit_factor[b] = base;
    fr_times(&base, &base, &base);
  }
  // running[b]: the factors of the index bits from b on.
  for (u32 b = bits; b-- > 0;) running[b] = running[b + 1];
  for (u32 i = 0;;) {
    write_entry(powers, i, &running[0]);
    if (++i == n) return;
    const u32 b = (u32)__builtin_ctz(i);
    fr_times(&running[b], &running[b + 1], &bit_factor[b]);
    for (u32 below = b; below-- > 0;) running[below] = running[b];
  }
}

// a·factors[h + j], where that is more than a times 1. Takes a difference.
INLINE void scale(unit *result, const unit *a, const unit *factors, u32 h, u32 j) {
  if (IS_UNIT_FACTOR(j)) {
    unit_tighten(result, a);
  } else {
    unit_times(result, a, &factors[h + j]);
  }
}

// One layer: halves of h units.
static KEEP void dif_layer(unit *a, u32 h, const unit *inverse_roots) {
  for (u32 j = 0; j < h; j++) {
    unit sum, difference;
    unit_add(&sum, &a[j], &a[j + h]);
    unit_subtract(&difference, &a[j], &a[j + h]);
    unit_tighten(&a[j], &sum);
    scale(&a[j + h], &difference, inverse_roots, h, j);
  }
}

// Two layers: quarters of h units.
static KEEP void dif_double_layer(unit *a, u32 h, const unit *inverse_roots) {
  for (u32 j = 0; j < h; j++) {
    unit sum0, sum1, difference0, difference1, t;
    unit_add(&sum0, &a[j], &a[j + 2 * h]);
    unit_add(&sum1, &a[j + h], &a[j + 3 * h]);
    unit_subtract(&t, &a[j], &a[j + 2 * h]);
    scale(&difference0, &t, inverse_roots, 2 * h, j);
    unit_subtract(&t, &a[j + h], &a[j + 3 * h]);
    scale(&difference1, &t, inverse_roots, 2 * h, j + h);
    unit_add(&t, &sum0, &sum1);
    unit_tighten(&a[j], &t);
    unit_subtract(&t, &sum0, &sum1);
    unit_narrow(&t);
    scale(&a[j + h], &t, inverse_roots, h, j);
    unit_add(&t, &difference0, &difference1);
    unit_tighten(&a[j + 2 * h], &t);
    unit_subtract(&t, &difference0, &difference1);
    scale(&a[j + 3 * h], &t, inverse_roots, h, j);
  }
}

// (a + b, a - b).
INLINE void add_and_subtract(unit *sum, unit *difference, const unit *a, const unit *b) {
  unit t;
  unit_subtract(&t, a, b);
  unit_add(sum, a, b);
  *difference = t;
}

// One layer of decimation in time: (a, b) -> (a + ω^j·b, a - ω^j·b).
static KEEP void dit_layer(unit *a, u32 h, const unit *roots) {
  for (u32 j = 0; j < h; j++) {
    unit t, sum, difference;
    unit_times(&t, &a[j + h], &roots[h + j]);
    add_and_subtract(&sum, &difference, &a[j], &t);
    unit_tighten(&a[j], &sum);
    unit_tighten(&a[j + h], &difference);
  }
}

// Two layers: quarters of h units.
static KEEP void dit_double_layer(unit *a, u32 h, const unit *roots) {
  for (u32 j = 0; j < h; j++) {
    unit t, sum0, sum1, difference0, difference1, sum, difference;
    unit_times(&t, &a[j + h], &roots[h + j]);
    add_and_subtract(&sum0, &difference0, &a[j], &t);
    unit_times(&t, &a[j + 3 * h], &roots[h + j]);
    add_and_subtract(&sum1, &difference1, &a[j + 2 * h], &t);
    unit_times(&sum1, &sum1, &roots[2 * h + j]);
    unit_times(&difference1, &difference1, &roots[3 * h + j]);
    add_and_subtract(&sum, &difference, &sum0, &sum1);
    unit_tighten(&a[j], &sum);
    unit_tighten(&a[j + 2 * h], &difference);
    add_and_subtract(&sum, &difference, &difference0, &difference1);
    unit_tighten(&a[j + h], &sum);
    unit_tighten(&a[j + 3 * h], &difference);
  }
}

static void interpolate_units(unit *a, u32 count, const unit *inverse_roots) {
  if (count >= 4) {
    const u32 h = count / 4;
    dif_double_layer(a, h, inverse_roots);
    for (u32 quarter = 0; quarter < 4; quarter++) interpolate_units(a + quarter * h, h, inverse_roots);
    return;
  }
  if (count == 2) dif_layer(a, 1, inverse_roots);
  for (u32 i = 0; i < count; i++) unit_transform(&a[i]);
}

static void evaluate_units(unit *a, u32 count, const unit *roots) {
  if (count >= 4) {
    const u32 h = count / 4;
    for (u32 quarter = 0; quarter < 4; quarter++) evaluate_units(a + quarter * h, h, roots);
    dit_double_layer(a, h, roots);
    return;
  }
  for (u32 i = 0; i < count; i++) unit_transform(&a[i]);
  if (count == 2) dit_layer(a, 1, roots);
}

// Values on the roots of unity, natural order, to n times the coefficients, bit-reversed order; n >= 2.
void EXPORT(interpolate)(unit *vector, u32 n, const unit *inverse_roots) {
  interpolate_units(vector, n / UNIT_ENTRIES, inverse_roots);
}

// Coefficients, bit-reversed order, to values on the roots of unity, natural order; n >= 2.
void EXPORT(evaluate)(unit *vector, u32 n, const unit *roots) { evaluate_units(vector, n / UNIT_ENTRIES, roots); }

// result[i] = a[i]·b[i], where result may be a or b; of an odd last unit all entries are read and written.
void EXPORT(multiply_vectors)(unit *result, const unit *a, const unit *b, u32 count) {
  for (u32 i = 0; i < (count + UNIT_ENTRIES - 1) / UNIT_ENTRIES; i++) unit_times(&result[i], &a[i], &b[i]);
}

// --- For the tests: entries from plain words below 2^256, and to plain canonical words. ---

void EXPORT(write_vector)(unit *vector, const u32 *words, u32 count) {
  for (u32 i = 0; i < count; i++) {
    fr value;
    fr_unpack(&value, words + i * WORDS);
    fr_to_montgomery(&value, &value);
    write_entry(vector, i, &value);
  }
}

void EXPORT(read_vector)(u32 *words, const unit *vector, u32 count) {
  for (u32 i = 0; i < count; i++) {
    fr value;
    read_entry(&value, vector, i);
    fr_from_montgomery(&value, &value);
    fr_pack(words + i * WORDS, &value);
  }
}
