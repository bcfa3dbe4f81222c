// A prime field. Included once for each prime, with FIELD (the prefix of all names) and
//   MODULUS        p in LIMBS limbs of 29 bits, least first, 2^253 < p < 2^254
//   NEGATED_INVERSE  -p^-1 mod 2^29
//   LIMB_INVERSE  2^-29 mod p, in limbs
//   MONTGOMERY_SQUARE  2^522 mod p, in limbs
//
// An element x is held as x·R mod p with R = 2^261 (Montgomery), in nine limbs of 29 bits. A product of two limbs has
// 58 bits, so that a column of 18 of them stays below 2^63 and needs no carry: that is why 29 and not 32.
//
// Elements are loose: any value below 2^261 stands for its residue. R/p > 169, and a product of operands below a·p and
// b·p is below (a·b/169 + 2)·p, so that operands up to 12p give results below 3p without a comparison. Each function
// states the bounds that it takes and gives. Limbs below the top are always below 2^29.

#define FE FIELD
#define FN(name) JOIN(FIELD, name)

typedef struct {
  u32 limb[LIMBS];
} FE;

static const u32 FN(modulus)[LIMBS] = MODULUS;
static const u32 FN(limb_inverse)[LIMBS] = LIMB_INVERSE;
static const FE FN(montgomery_square) = {MONTGOMERY_SQUARE};
static const FE FN(plain_one) = {{1}};
static const FE FN(zero_element) = {{0}};

// The columns of a product a·b: column k is the sum of a_i·b_j over i + j = k.
typedef struct {
  u64 column[COLUMNS];
} JOIN(FIELD, columns);

// T / R modulo p for the columns T of a product (Montgomery), limb by limb from the lowest. Eight of the nine steps
// use 2^-29 mod p itself: t_0 + 2^29·T' = 2^29·(T' + t_0·2^-29), so that the lowest limb t_0 is multiplied with
// the limbs of 2^-29 and gone. That has a shorter chain of dependent steps than Montgomery's quotient, which takes one
// product more for each limb; but its result is below T/R + 2^29·p, so the last step is Montgomery's own: with
// q = -t_0/p mod 2^29, T + q·p is divisible by 2^29. In all the result is below T/R + 2p.
// Takes columns below 2^62.3.
INLINE void FN(reduce_columns)(FE *result, const JOIN(FIELD, columns) * product) {
  u64 low[LIMBS];
  u32 limbs[LIMBS];
  u64 t = 0;
  UNROLL for (int k = 0; k < LIMBS; k++) {
    u64 sum = product->column[k];
    UNROLL for (int i = 0; i < k; i++) sum += low[i] * FN(limb_inverse)[k - 1 - i];
    t += sum;
    if (k < LIMBS - 1) {
      low[k] = t & LIMB_MASK;
    } else {
      low[k] = ((u32)t * NEGATED_INVERSE) & LIMB_MASK;
      t += low[k] * FN(modulus)[0];
    }
    t >>= LIMB_BITS;
  }
  UNROLL for (int k = LIMBS; k < COLUMNS; k++) {
    u64 sum = product->column[k] + low[LIMBS - 1] * FN(modulus)[k + 1 - LIMBS];
    UNROLL for (int i = k - LIMBS; i < LIMBS - 1; i++) sum += low[i] * FN(limb_inverse)[k - 1 - i];
    t += sum;
    limbs[k - LIMBS] = (u32)t & LIMB_MASK;
    t >>= LIMB_BITS;
  }
  limbs[LIMBS - 1] = (u32)t;
  UNROLL for (int i = 0; i < LIMBS; i++) result->limb[i] = limbs[i];
}

INLINE void FN(multiply_columns)(JOIN(FIELD, columns) * product, const FE *a, const FE *b) {
  UNROLL for (int k = 0; k < COLUMNS; k++) {
    const int first = k < LIMBS ? 0 : k - LIMBS + 1;
    const int last = k < LIMBS ? k : LIMBS - 1;
    u64 sum = 0;
    UNROLL for (int i = first; i <= last; i++) sum += (u64)a->limb[i] * b->limb[k - i];
    product->column[k] = sum;
  }
}

// Each product a_i·a_j with i < j once, doubled.
INLINE void FN(square_columns)(JOIN(FIELD, columns) * product, const FE *a) {
  UNROLL for (int k = 0; k < COLUMNS; k++) {
    const int first = k < LIMBS ? 0 : k - LIMBS + 1;
    u64 sum = 0;
    UNROLL for (int i = first; 2 * i < k; i++) sum += (u64)a->limb[i] * a->limb[k - i];
    sum += sum;
    if (k % 2 == 0) sum += (u64)a->limb[k / 2] * a->limb[k / 2];
    product->column[k] = sum;
  }
}

// a·b / R. Takes a below x·p and b below y·p with x·y <= 144, gives below (x·y/169 + 2)·p.
INLINE void FN(mul)(FE *result, const FE *a, const FE *b) {
  JOIN(FIELD, columns) product;
  FN(multiply_columns)(&product, a, b);
  FN(reduce_columns)(result, &product);
}

// The same as a function of its own, for a caller that has more than one product in it: V8 would mix their steps and
// run out of registers.
static KEEP void FN(times)(FE *result, const FE *a, const FE *b) { FN(mul)(result, a, b); }

// (a·b + c·d) / R with one reduction: columns of 18 products have 62.2 bits, and the reduction adds less than half of
// that. Takes a sum of products below 144p², gives below 3p.
static KEEP __attribute__((unused)) void FN(sum_of_products)(FE *result, const FE *a, const FE *b, const FE *c, const FE *d) {
  JOIN(FIELD, columns) product, other;
  FN(multiply_columns)(&product, a, b);
  FN(multiply_columns)(&other, c, d);
  UNROLL for (int k = 0; k < COLUMNS; k++) product.column[k] += other.column[k];
  FN(reduce_columns)(result, &product);
}

// a² / R. Takes a below 12p, gives below 3p.
INLINE void FN(sqr)(FE *result, const FE *a) {
  JOIN(FIELD, columns) product;
  FN(square_columns)(&product, a);
  FN(reduce_columns)(result, &product);
}

// Carries signed limbs, the top limb takes the rest. The value must not be negative.
INLINE void FN(carry)(FE *result, const i64 *limbs) {
  i64 t = 0;
  UNROLL for (int i = 0; i < LIMBS - 1; i++) {
    t += limbs[i];
    result->limb[i] = (u32)t & LIMB_MASK;
    t >>= LIMB_BITS;
  }
  result->limb[LIMBS - 1] = (u32)(t + limbs[LIMBS - 1]);
}

// a + b. Below the sum of the bounds, which must stay below 2^261.
INLINE void FN(add)(FE *result, const FE *a, const FE *b) {
  i64 limbs[LIMBS];
  UNROLL for (int i = 0; i < LIMBS; i++) limbs[i] = (i64)a->limb[i] + b->limb[i];
  FN(carry)(result, limbs);
}

// a - b + multiple·p. Takes b below multiple·p, gives below a's bound plus multiple·p.
INLINE void FN(sub)(FE *result, const FE *a, const FE *b, u32 multiple) {
  i64 limbs[LIMBS];
  UNROLL for (int i = 0; i < LIMBS; i++)
    limbs[i] = (i64)a->limb[i] - b->limb[i] + (i64)multiple * FN(modulus)[i];
  FN(carry)(result, limbs);
}

// Takes signed limbs of a value from 0 to 64p, gives it below (1 + 2^-15)·p: subtracts the multiple of p that the
// top limb shows. With P the top limb of p, floor((top - 2)/(P + 1)) never exceeds value/p, since the lower limbs
// carry at most 2 into the top, and misses it by less than 1 + 2^-15.
INLINE void FN(reduce_limbs)(FE *result, i64 *limbs) {
  const i64 top = limbs[LIMBS - 1] - 2;
  // The reciprocal is rounded down; 2^48 outweighs the 28 bits of top.
  const i64 reciprocal = (1LL << 48) / (FN(modulus)[LIMBS - 1] + 1LL);
  const i64 multiple = top > 0 ? (top * reciprocal) >> 48 : 0;
  UNROLL for (int i = 0; i < LIMBS; i++) limbs[i] -= multiple * FN(modulus)[i];
  FN(carry)(result, limbs);
}

// A value below 64p to one below (1 + 2^-15)·p.
INLINE void FN(tighten)(FE *result, const FE *a) {
  i64 limbs[LIMBS];
  UNROLL for (int i = 0; i < LIMBS; i++) limbs[i] = a->limb[i];
  FN(reduce_limbs)(result, limbs);
}

// The residue itself, 0 <= x < p, of a value below 64p.
INLINE void FN(canonical)(FE *result, const FE *a) {
  i64 limbs[LIMBS];
  UNROLL for (int i = 0; i < LIMBS; i++) limbs[i] = a->limb[i];
  FE reduced, difference;
  FN(reduce_limbs)(&reduced, limbs);
  UNROLL for (int i = 0; i < LIMBS; i++) limbs[i] = (i64)reduced.limb[i] - FN(modulus)[i];
  FN(carry)(&difference, limbs);
  *result = (difference.limb[LIMBS - 1] >> 31) ? reduced : difference;
}

// Whether a value from 0 to 4p, both excluded, may be a multiple of p, judged by its lowest limb.
INLINE int FN(may_be_zero)(const FE *a) {
  const u32 low = a->limb[0];
  int found = 0;
  UNROLL for (u32 k = 1; k < 4; k++) found |= low == ((k * FN(modulus)[0]) & LIMB_MASK);
  return found;
}

// Whether a value below 64p is a multiple of p.
INLINE int FN(is_zero)(const FE *a) {
  FE reduced;
  FN(canonical)(&reduced, a);
  u32 bits = 0;
  UNROLL for (int i = 0; i < LIMBS; i++) bits |= reduced.limb[i];
  return bits == 0;
}

// x·R from x, any value below 2^256.
INLINE void FN(to_montgomery)(FE *result, const FE *a) {
  FN(times)(result, a, &FN(montgomery_square));
}

// x, canonical, from x·R.
INLINE void FN(from_montgomery)(FE *result, const FE *a) {
  FN(times)(result, a, &FN(plain_one));
  FN(canonical)(result, result);
}

INLINE void FN(one)(FE *result) { FN(to_montgomery)(result, &FN(plain_one)); }

// Eight little-endian words of 32 bits to limbs. Takes any value below 2^256. A limb lies within the eight bytes from its
// first, or within the last eight: no byte of another element is read, which may be in a cache line that is far away,
// or beyond the end of memory.
INLINE void FN(unpack)(FE *result, const u32 *words) {
  const u8 *bytes = (const u8 *)words;
  UNROLL for (int i = 0; i < LIMBS; i++) {
    const int bit = i * LIMB_BITS;
    const int first = bit / 8 < 4 * WORDS - 8 ? bit / 8 : 4 * WORDS - 8;
    u64 eight;
    __builtin_memcpy(&eight, bytes + first, 8);
    result->limb[i] = (u32)(eight >> (bit - 8 * first)) & LIMB_MASK;
  }
}

// Limbs to eight words. Takes a value below 2^256 with carried limbs.
INLINE void FN(pack)(u32 *words, const FE *a) {
  UNROLL for (int w = 0; w < WORDS; w++) {
    const int first = (w * 32) / LIMB_BITS;
    const int shift = (w * 32) % LIMB_BITS;
    u64 bits = (u64)a->limb[first] >> shift;
    bits |= (u64)a->limb[first + 1] << (LIMB_BITS - shift);
    if (first + 2 < LIMBS && 2 * LIMB_BITS - shift < 32)
      bits |= (u64)a->limb[first + 2] << (2 * LIMB_BITS - shift);
    words[w] = (u32)bits;
  }
}

#ifndef RELAXED_SIMD
// The form of a coordinate in a converted key: canonical, times R.
INLINE void FN(pack_key)(u32 *words, const FE *a) {
  FE reduced;
  FN(canonical)(&reduced, a);
  FN(pack)(words, &reduced);
}

INLINE void FN(unpack_key)(FE *result, const u32 *words) { FN(unpack)(result, words); }
#endif
