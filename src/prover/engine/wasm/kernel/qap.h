// The quadratic arithmetic program: from a witness to the values of the polynomials A, B, C and H.

// A coefficient v as v·S·R and as v·S, where S is the radix of a vector's entries: times a plain wire, the one gives the
// product times S; the other is the product with the wire 1.
typedef struct {
  fr times_radix, times_one;
} coefficient;

// A term of a row: table[coefficient] times the wire.
typedef struct {
  u32 wire, coefficient;
} term;

INLINE u32 classify_wire(const u32 *words) {
  u32 high = 0;
  UNROLL for (int w = 1; w < WORDS; w++) high |= words[w];
  return high != 0 || words[0] > 1 ? 2 : words[0];
}

// Entry first_row + row of values gets Σ coefficient·wire over the row's terms. ends[row] is where a row's terms end, counted
// from terms[0]. Wires are plain, eight words each; most are 0 or 1 and cost no multiplication.
void EXPORT(evaluate_rows)(unit *values, u32 first_row, u32 row_count, const u32 *ends, const term *terms,
                           const coefficient *table, const u32 *wires) {
  u32 t = 0;
  for (u32 row = 0; row < row_count; row++) {
    fr total = fr_zero_element;
    for (; t < ends[row]; t++) {
      const u32 *wire = wires + terms[t].wire * WORDS;
      const coefficient *factor = &table[terms[t].coefficient];
      const u32 kind = classify_wire(wire);
      if (kind == 0) continue;
      fr product, value;
      if (kind == 1) {
        fr_add(&product, &total, &factor->times_one);
      } else {
        fr_unpack(&value, wire);
        fr_mul(&value, &factor->times_radix, &value);
        fr_add(&product, &total, &value);
      }
      fr_tighten(&total, &product);
    }
    write_row(values, first_row + row, &total);
  }
}

// a·b - c, plain, as words: the scalars of the points H. Takes an even count, or 1-entry units.
void EXPORT(join_vectors)(u32 *scalars, const unit *a, const unit *b, const unit *c, u32 count) {
  for (u32 i = 0; i < count / UNIT_ENTRIES; i++)
    join_unit(scalars + i * UNIT_ENTRIES * WORDS, &a[i], &b[i], &c[i]);
}

// Coefficients of a .zkey, v·2^512 in eight words each: to v·S·R by a product with 2^ROW_SHIFT·R, and that to v·S.
void EXPORT(import_coefficients)(coefficient *table, const u32 *words, u32 count) {
  const fr plain_shift = {{1u << ROW_SHIFT}};
  fr shift;
  fr_to_montgomery(&shift, &plain_shift);
  for (u32 i = 0; i < count; i++) {
    fr a;
    fr_unpack(&a, words + i * WORDS);
    fr_times(&a, &a, &shift);
    fr_canonical(&table[i].times_radix, &a);
    fr_from_montgomery(&table[i].times_one, &a);
  }
}

// -a·b modulo the group's order, plain words.
void EXPORT(negate_product)(u32 *result, const u32 *a_words, const u32 *b_words) {
  fr a, b;
  fr_unpack(&a, a_words);
  fr_unpack(&b, b_words);
  fr_to_montgomery(&a, &a);
  fr_times(&a, &a, &b);
  fr_sub(&a, &fr_zero_element, &a, 3);
  fr_canonical(&a, &a);
  fr_pack(result, &a);
}

// Whether a scalar of eight words is below the group's order.
u32 EXPORT(is_scalar)(const u32 *words) { return (u32)is_below_order(words); }

// Overwrites what depends on scalars in the module's own memory; its callers do so with theirs.
void EXPORT(wipe_scratch)(void) {
  memset(pair_norm, 0, sizeof pair_norm);
  memset(pair_prefix, 0, sizeof pair_prefix);
  memset(pair_suffix, 0, sizeof pair_suffix);
  memset(pair_kind, 0, sizeof pair_kind);
  memset(run_length, 0, sizeof run_length);
  memset(run_bucket, 0, sizeof run_bucket);
  memset(g1_chunk_points, 0, sizeof g1_chunk_points);
  memset(g1_halves, 0, sizeof g1_halves);
  memset(g1_slopes, 0, sizeof g1_slopes);
  memset(g2_chunk_points, 0, sizeof g2_chunk_points);
  memset(g2_halves, 0, sizeof g2_halves);
  memset(g2_slopes, 0, sizeof g2_slopes);
  memset(poseidon_state, 0, sizeof poseidon_state);
}
