// A prime field, two elements at a time, in floating point: for machines with relaxed SIMD. Included once for each prime
// after field.h, with
//   LANE_MODULUS  p in five balanced limbs of 51 bits
//   LANE_LIMB_INVERSE  2^-51 mod p, likewise, between -p/2 and p/2
//   LANE_NEGATED_INVERSE  -p^-1 mod 2^51, balanced
//   LANE_RADIX  2^255 mod p, in the limbs of field.h
//
// A double holds 53 bits, and a fused multiply-add rounds once. So for integers with |a·b| < 2^102
//   h = a·b + 1.5·2^103 (rounded to a multiple of 2^51) and l = a·b + (1.5·2^103 + 1.5·2^52 - h)
// are a·b in two parts: the bits of h are those of 1.5·2^103 plus high = round(a·b / 2^51), the bits of l those of
// 1.5·2^52 plus a·b - high·2^51, whose size is at most 2^50. Both are summed as 64-bit integers, and what the
// constants add to a column is subtracted at its start.
//
// An element x is held as x·2^255 mod p in five doubles: integers with |limb| <= 2^50 + 2^6 below the top, the value
// signed. p/2^255 < 0.379, so a product of values below a·p and b·p is below (0.379·a·b + 0.75)·p. Results must be
// below 2.6p, for then the top limb is below 2^51: so a·b <= 4.8, or the sum of that over products that are
// reduced together. One of two operands may have limbs that are differences of two such; then all products of limbs
// are below 2^102.

#define LANE_LIMBS 5
#define LANE_BITS 51
#define LANE_COLUMNS (2 * LANE_LIMBS)
#define LANE_MASK ((1ULL << LANE_BITS) - 1)
#define LANE_HALF (1ULL << (LANE_BITS - 1))

#ifndef LANES
#define LANES
#include <wasm_simd128.h>

typedef double lanes __attribute__((vector_size(16)));
typedef u64 lane_words __attribute__((vector_size(16)));

#define BOTH(value) ((lanes){(value), (value)})
#define BOTH_WORDS(value) ((lane_words){(value), (value)})
#define FUSED(a, b, c) __builtin_wasm_relaxed_madd_f64x2((a), (b), (c))

#define HIGH_CONSTANT 0x1.8p103
#define LOW_CONSTANT (0x1.8p103 + 0x1.8p52)
// The bits of 1.5·2^103, 1.5·2^52 and 2^52.
#define HIGH_WORD 0x4668000000000000ULL
#define LOW_WORD 0x4338000000000000ULL
#define INTEGER_WORD 0x4330000000000000ULL
// Keeps a column positive while it is shifted, and is taken off again.
#define SHIFT_BIAS (1ULL << 62)

// The balanced lowest 51 bits of columns to which LANE_HALF was added.
INLINE lanes take_limb(lane_words column) {
  const lane_words bits = (column & BOTH_WORDS(LANE_MASK)) | BOTH_WORDS(INTEGER_WORD);
  return (lanes)bits - BOTH(0x1p52 + 0x1p50);
}
#endif

#define TWO JOIN(FIELD, two)
#define SPREAD_FE JOIN(FIELD, spread)

// One element, and two side by side.
typedef struct {
  double limb[LANE_LIMBS];
} SPREAD_FE;

typedef struct {
  lanes limb[LANE_LIMBS];
} TWO;

typedef struct {
  lane_words column[LANE_COLUMNS];
} JOIN(FIELD, two_columns);

static const double FN(lane_modulus)[LANE_LIMBS] = LANE_MODULUS;
static const double FN(lane_limb_inverse)[LANE_LIMBS] = LANE_LIMB_INVERSE;
static const FE FN(lane_radix) = {LANE_RADIX};

INLINE void FN(two_load)(TWO *result, const SPREAD_FE *a, const SPREAD_FE *b) {
  UNROLL for (int i = 0; i < LANE_LIMBS; i++)
    result->limb[i] = (lanes)wasm_v128_load64_lane(&b->limb[i], wasm_v128_load64_zero(&a->limb[i]), 1);
}

INLINE void FN(two_store)(SPREAD_FE *a, SPREAD_FE *b, const TWO *value) {
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) {
    wasm_v128_store64_lane(&a->limb[i], (v128_t)value->limb[i], 0);
    wasm_v128_store64_lane(&b->limb[i], (v128_t)value->limb[i], 1);
  }
}

// The columns that `products` products, or `squares` squares, and one reduction will be added to. Limbs i and j of a
// product have their low part in column i + j, and their high part in the next; a square has only those with i <= j. A
// reduction adds four rows of five limbs from columns 1 to 4 on, and one from column 4 on. All columns but the last
// are shifted.
INLINE void FN(two_start)(JOIN(FIELD, two_columns) * sum, u64 products, u64 squares) {
  UNROLL for (int k = 0; k < LANE_COLUMNS; k++) {
    u64 low = 0, high = 0;
    UNROLL for (int i = 0; i < LANE_LIMBS; i++) {
      UNROLL for (int j = 0; j < LANE_LIMBS; j++) {
        const int row = i < LANE_LIMBS - 1 ? i + 1 : i;
        const u64 terms = products + (i <= j ? squares : 0);
        low += (i + j == k ? terms : 0) + (row + j == k);
        high += (i + j + 1 == k ? terms : 0) + (row + j + 1 == k);
      }
    }
    u64 start = 0 - low * LOW_WORD - high * HIGH_WORD;
    // The column's own bias and rounding; and what the biased column below carried too much.
    if (k < LANE_COLUMNS - 1) start += SHIFT_BIAS + (k == LANE_LIMBS - 1 ? 0 : LANE_HALF);
    if (k > 0) start -= SHIFT_BIAS >> LANE_BITS;
    sum->column[k] = BOTH_WORDS(start);
  }
}

// A row of a product from limb `first` on: column[j] += a·b[j].
INLINE void FN(two_add_row)(lane_words *column, lanes a, const lanes *b, int first) {
  UNROLL for (int j = first; j < LANE_LIMBS; j++) {
    const lanes high = FUSED(a, b[j], BOTH(HIGH_CONSTANT));
    column[j + 1] += (lane_words)high;
    column[j] += (lane_words)FUSED(a, b[j], BOTH(LOW_CONSTANT) - high);
  }
}

INLINE void FN(two_add_product)(JOIN(FIELD, two_columns) * sum, const TWO *a, const TWO *b) {
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) FN(two_add_row)(&sum->column[i], a->limb[i], b->limb, 0);
}

// Each product a_i·a_j with i < j once, doubled. Takes limbs of at most 2^50 + 2^6.
INLINE void FN(two_add_square)(JOIN(FIELD, two_columns) * sum, const TWO *a) {
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) {
    lanes row[LANE_LIMBS];
    UNROLL for (int j = i; j < LANE_LIMBS; j++) row[j] = j == i ? a->limb[j] : a->limb[j] + a->limb[j];
    FN(two_add_row)(&sum->column[i], a->limb[i], row, i);
  }
}

// As reduce_columns of field.h does it: four steps with 2^-51 mod p, one with Montgomery's quotient.
INLINE void FN(two_reduce)(TWO *result, JOIN(FIELD, two_columns) * sum) {
  lane_words *column = sum->column;
  lanes shift[LANE_LIMBS], modulus[LANE_LIMBS];
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) {
    shift[i] = BOTH(FN(lane_limb_inverse)[i]);
    modulus[i] = BOTH(FN(lane_modulus)[i]);
  }
  UNROLL for (int k = 0; k < LANE_LIMBS - 1; k++) {
    const lanes low = take_limb(column[k]);
    column[k + 1] += column[k] >> LANE_BITS;
    FN(two_add_row)(&column[k + 1], low, shift, 0);
  }
  const int last = LANE_LIMBS - 1;
  // The quotient is the low part of a product: what is left of it when the high part is taken off.
  const lane_words bits = (column[last] & BOTH_WORDS(LANE_MASK)) | BOTH_WORDS(INTEGER_WORD);
  const lanes low = (lanes)bits - BOTH(0x1p52);
  const lanes factor = BOTH(LANE_NEGATED_INVERSE);
  const lanes high = FUSED(low, factor, BOTH(HIGH_CONSTANT));
  const lanes quotient = FUSED(low, factor, BOTH(HIGH_CONSTANT) - high);
  FN(two_add_row)(&column[last], quotient, modulus, 0);
  column[LANE_LIMBS] += column[last] >> LANE_BITS;
  UNROLL for (int k = LANE_LIMBS; k < LANE_COLUMNS - 1; k++) {
    result->limb[k - LANE_LIMBS] = take_limb(column[k]);
    column[k + 1] += column[k] >> LANE_BITS;
  }
  result->limb[last] = (lanes)(column[LANE_COLUMNS - 1] + BOTH_WORDS(LOW_WORD)) - BOTH(0x1.8p52);
}

// a·b / 2^255. In place is allowed.
INLINE void FN(two_mul)(TWO *result, const TWO *a, const TWO *b) {
  JOIN(FIELD, two_columns) sum;
  FN(two_start)(&sum, 1, 0);
  FN(two_add_product)(&sum, a, b);
  FN(two_reduce)(result, &sum);
}

// a² / 2^255. Takes limbs of at most 2^50 + 2^6.
INLINE void FN(two_sqr)(TWO *result, const TWO *a) {
  JOIN(FIELD, two_columns) sum;
  FN(two_start)(&sum, 0, 1);
  FN(two_add_square)(&sum, a);
  FN(two_reduce)(result, &sum);
}

INLINE void FN(two_sub)(TWO *result, const TWO *a, const TWO *b) {
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) result->limb[i] = a->limb[i] - b->limb[i];
}

// Takes sums of four tight limbs, of a value below 7p, gives it between -0.51p and 0.51p: subtracts the multiple of p that the
// top limb shows, and carries each limb into the next, all at once.
INLINE void FN(two_tighten)(TWO *result, const TWO *a) {
  const int last = LANE_LIMBS - 1;
  const lanes rounding = BOTH(0x1.8p52);
  const lanes multiple =
      (a->limb[last] * BOTH(1 / FN(lane_modulus)[last]) + rounding) - rounding;
  lanes limbs[LANE_LIMBS], carries[LANE_LIMBS];
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) {
    limbs[i] = a->limb[i] - multiple * BOTH(FN(lane_modulus)[i]);
    carries[i] = (limbs[i] * BOTH(0x1p-51) + rounding) - rounding;
  }
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) {
    lanes limb = limbs[i];
    if (i < last) limb -= carries[i] * BOTH(0x1p51);
    if (i > 0) limb += carries[i - 1];
    result->limb[i] = limb;
  }
}

// Whether an element of either pair may be a multiple of p, judged by its lowest limb, for |value| < 1.5p.
INLINE int FN(two_may_be_zero)(const TWO *a) {
  const lane_words low = (lane_words)(a->limb[0] + BOTH(0x1.8p52)) & BOTH_WORDS(LANE_MASK);
  const u64 modulus = (u64)(i64)FN(lane_modulus)[0] & LANE_MASK;
  const lane_words found = (lane_words)(low == BOTH_WORDS(0)) | (lane_words)(low == BOTH_WORDS(modulus)) |
                           (lane_words)(low == BOTH_WORDS((0 - modulus) & LANE_MASK));
  return wasm_v128_any_true((v128_t)found);
}

// --- Between the two representations: rarely used. ---

// Words of a packed element: its value between -p/2 and p/2 plus 2^50 in each limb, so that no limb is negative.
INLINE void FN(spread_unpack)(SPREAD_FE *result, const u32 *words) {
  u64 w[WORDS / 2];
  __builtin_memcpy(w, words, sizeof w);
  const u64 limbs[LANE_LIMBS] = {w[0], w[0] >> 51 | w[1] << 13, w[1] >> 38 | w[2] << 26, w[2] >> 25 | w[3] << 39,
                                 w[3] >> 12};
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) {
    const u64 bits = (limbs[i] & LANE_MASK) | INTEGER_WORD;
    double value;
    __builtin_memcpy(&value, &bits, sizeof value);
    result->limb[i] = value - (0x1p52 + 0x1p50);
  }
}

// The words of the element whose residue, below 64p, is given: as spread_unpack takes them.
INLINE void FN(balance)(u32 *words, const FE *residue) {
  FE scaled, doubled;
  FN(canonical)(&scaled, residue);
  i64 limbs[LIMBS];
  // Above p/2, where 2x - p is not negative, x - p is taken. The bias 2^50·(1 + 2^51 + … + 2^204) in limbs of 29 bits.
  FN(add)(&doubled, &scaled, &scaled);
  i64 t = 0;
  for (int i = 0; i < LIMBS; i++) {
    t += (i64)doubled.limb[i] - FN(modulus)[i];
    if (i < LIMBS - 1) t >>= LIMB_BITS;
  }
  const i64 is_high = t >= 0;
  for (int i = 0; i < LIMBS; i++) limbs[i] = (i64)scaled.limb[i] - is_high * FN(modulus)[i];
  for (int i = 0; i < LANE_LIMBS; i++) {
    const int bit = LANE_BITS * i + LANE_BITS - 1;
    limbs[bit / LIMB_BITS] += 1LL << (bit % LIMB_BITS);
  }
  FN(carry)(&scaled, limbs);
  FN(pack)(words, &scaled);
}

// x·2^255 from x·R.
static KEEP void FN(spread_pack)(u32 *words, const FE *a) {
  FE scaled;
  FN(times)(&scaled, a, &FN(lane_radix));
  FN(balance)(words, &scaled);
}

static KEEP void FN(to_spread)(SPREAD_FE *result, const FE *a) {
  u32 words[WORDS];
  FN(spread_pack)(words, a);
  FN(spread_unpack)(result, words);
}

// The residue itself of an element with limbs below 2^53 and a value above -2p.
INLINE void FN(spread_residue)(FE *result, const SPREAD_FE *a) {
  u64 limbs[LANE_LIMBS], w[WORDS / 2];
  i64 t = 0;
  for (int i = 0; i < LANE_LIMBS; i++) {
    t += (i64)a->limb[i] + 2 * (i64)FN(lane_modulus)[i];
    limbs[i] = (u64)t & LANE_MASK;
    if (i < LANE_LIMBS - 1) t >>= LANE_BITS;
  }
  limbs[LANE_LIMBS - 1] = (u64)t;
  w[0] = limbs[0] | limbs[1] << 51;
  w[1] = limbs[1] >> 13 | limbs[2] << 38;
  w[2] = limbs[2] >> 26 | limbs[3] << 25;
  w[3] = limbs[3] >> 39 | limbs[4] << 12;
  FN(unpack)(result, (const u32 *)w);
}

// x·R, canonical, from x·2^255 with limbs below 2^53 and a value above -2p.
static KEEP void FN(from_spread)(FE *result, const SPREAD_FE *a) {
  const FE plain_shift = {{64}};
  FE shift;
  FN(spread_residue)(result, a);
  FN(to_montgomery)(&shift, &plain_shift);
  FN(times)(result, result, &shift);
  FN(canonical)(result, result);
}

// The form of a coordinate in a converted key.
INLINE void FN(pack_key)(u32 *words, const FE *a) { FN(spread_pack)(words, a); }

INLINE void FN(unpack_key)(FE *result, const u32 *words) {
  SPREAD_FE spread;
  FN(spread_unpack)(&spread, words);
  FN(from_spread)(result, &spread);
}

// --- For the tests, and for the test at start: two elements side by side, limb by limb, both lanes of each limb. ---

void EXPORT(FN(two_multiply))(TWO *result, const TWO *a, const TWO *b) { FN(two_mul)(result, a, b); }

void EXPORT(FN(two_square))(TWO *result, const TWO *a) { FN(two_sqr)(result, a); }

void EXPORT(FN(two_tighten_loose))(TWO *result, const TWO *a) { FN(two_tighten)(result, a); }

// Whether this machine's multiply-add rounds once: products of two lanes against those in integers.
u32 EXPORT(FN(lanes_work))(void) {
  FE a = FN(lane_radix), b = FN(montgomery_square);
  u32 differs = 0;
  for (int round = 0; round < 64; round++) {
    SPREAD_FE spread_a, spread_b;
    TWO left, right;
    FE product, found[2];
    FN(times)(&product, &a, &b);
    FN(canonical)(&product, &product);
    FN(to_spread)(&spread_a, &a);
    FN(to_spread)(&spread_b, &b);
    FN(two_load)(&left, &spread_a, &spread_b);
    FN(two_load)(&right, &spread_b, &spread_a);
    FN(two_mul)(&left, &left, &right);
    FN(two_store)(&spread_a, &spread_b, &left);
    FN(from_spread)(&found[0], &spread_a);
    FN(from_spread)(&found[1], &spread_b);
    for (int i = 0; i < LIMBS; i++) {
      differs |= found[0].limb[i] ^ product.limb[i];
      differs |= found[1].limb[i] ^ product.limb[i];
    }
    a = b;
    b = product;
  }
  return differs == 0;
}
