// Affine additions in batches. Included for each group after special.h.
//
// P + Q = (λ² - x_P - x_Q, λ·(x_P - x) - y_P) with λ = (y_Q - y_P)/(x_Q - x_P) takes a division, and one inversion
// serves a whole batch (Montgomery): with prefix products a_k = d_0·…·d_(k-1) and the inverse of them all,
// 1/d_k = a_k · 1/(d_0·…·d_k). An addition then costs six multiplications; in projective coordinates it costs eleven.
//
// For F_p² the batch inverts norms, which are in F_p: 1/d = conj(d)/norm(d).

// A bucket holds a point as it is.
typedef POINT CN(bucket);

static COORD CN(slopes)[MAX_PAIRS];

INLINE void CN(read_bucket)(POINT *p, const CN(bucket) * bucket) { *p = *bucket; }

INLINE void CN(write_bucket)(CN(bucket) * bucket, const POINT *p) { *bucket = *p; }

INLINE void CN(empty_bucket)(CN(bucket) * bucket) { CN(set_infinity)(bucket); }

// The point of a sorted entry `index·2 + sign`; the sign turns y into p - y, without a branch.
INLINE void CN(load_entry)(CN(bucket) * p, const JOIN(CURVE, packed) * points, u32 entry) {
  const u32 *words = points[entry >> 1].words;
  const u32 mask = 0 - (entry & 1);
  UNROLL for (int part = 0; part < COORD_PARTS; part++) {
    fp_unpack(PART(&p->x, part), words + part * WORDS);
    fp y;
    fp_unpack(&y, words + (COORD_PARTS + part) * WORDS);
    i64 limbs[LIMBS];
    // (y ^ -1) + 1 = -y where the mask is set.
    UNROLL for (int i = 0; i < LIMBS; i++)
      limbs[i] = (i64)(int)((y.limb[i] ^ mask) - mask + (fp_modulus[i] & mask));
    fp_carry(PART(&p->y, part), limbs);
  }
}

// Inverts pair_norm[0 … count) in place: three multiplications each and one inversion. None may be 0.
// The loops below do one multiplication each: V8 keeps the operands of one in registers, and not those of two.
#ifndef INVERT_NORMS
#define INVERT_NORMS
static KEEP void multiply_prefixes(fp *total, u32 count) {
  fp product = *total;
  for (u32 k = 0; k < count; k++) {
    pair_prefix[k] = product;
    fp_mul(&product, &product, &pair_norm[k]);
  }
  *total = product;
}

// pair_suffix[k] = 1/(d_0·…·d_k).
static KEEP void multiply_suffixes(const fp *total_inverse, u32 count) {
  fp product = *total_inverse;
  for (u32 k = count; k-- > 0;) {
    pair_suffix[k] = product;
    fp_mul(&product, &product, &pair_norm[k]);
  }
}

static KEEP void join_products(u32 count) {
  for (u32 k = 0; k < count; k++) fp_mul(&pair_norm[k], &pair_prefix[k], &pair_suffix[k]);
}

static void invert_norms(u32 count) {
  fp product;
  fp_one(&product);
  multiply_prefixes(&product, count);
  fp_invert(&product, &product);
  multiply_suffixes(&product, count);
  join_products(count);
}
#endif

// The norms of x_Q - x_P, or of what stands for it in a special case. The common case is told by a few comparisons of
// lowest limbs. Returns whether there was a special case.
static KEEP u32 CN(prepare_pairs)(const POINT *source, u32 count) {
  u32 found = 0;
  for (u32 k = 0; k < count; k++) {
    const POINT *p = &source[pair_source[k]], *q = p + 1;
    COORD denominator;
    CO(sub)(&denominator, &q->x, &p->x, 2);
    const int may_be_special = fp_may_be_zero(CONST_PART(&denominator, 0)) ||
                               (CONST_PART(&p->x, 0)->limb[0] | CONST_PART(&p->y, 0)->limb[0]) == 0 ||
                               (CONST_PART(&q->x, 0)->limb[0] | CONST_PART(&q->y, 0)->limb[0]) == 0;
    pair_kind[k] = CN(KIND_ADD);
    if (__builtin_expect(may_be_special, 0)) {
      pair_kind[k] = (u8)CN(classify)(&denominator, p, q);
      found |= pair_kind[k];
    }
    CO(norm)(&pair_norm[k], &denominator);
  }
  return found;
}

// slope = (y_Q - y_P)/(x_Q - x_P).
static KEEP void CN(find_slopes)(const POINT *source, u32 count) {
  for (u32 k = 0; k < count; k++) {
    const POINT *p = &source[pair_source[k]], *q = p + 1;
    COORD denominator, numerator, inverse;
    CO(sub)(&denominator, &q->x, &p->x, 2);
    CO(divide)(&inverse, &denominator, &pair_norm[k]);
    CO(sub)(&numerator, &q->y, &p->y, 2);
    CO(mul)(&CN(slopes)[k], &numerator, &inverse);
  }
}

// x = λ² - x_P - x_Q.
static KEEP void CN(find_x)(POINT *target, const POINT *source, u32 count) {
  for (u32 k = 0; k < count; k++) {
    const POINT *p = &source[pair_source[k]], *q = p + 1;
    COORD square;
    CO(sqr)(&square, &CN(slopes)[k]);
    UNROLL for (int part = 0; part < COORD_PARTS; part++) {
      i64 limbs[LIMBS];
      UNROLL for (int i = 0; i < LIMBS; i++)
        limbs[i] = (i64)CONST_PART(&square, part)->limb[i] - CONST_PART(&p->x, part)->limb[i] -
                   CONST_PART(&q->x, part)->limb[i] + 4LL * fp_modulus[i];
      fp_reduce_limbs(PART(&target[pair_target[k]].x, part), limbs);
    }
  }
}

// y = λ·(x_P - x) - y_P.
static KEEP void CN(find_y)(POINT *target, const POINT *source, u32 count) {
  for (u32 k = 0; k < count; k++) {
    const POINT *p = &source[pair_source[k]];
    POINT *sum = &target[pair_target[k]];
    COORD t;
    CO(sub)(&t, &p->x, &sum->x, 2);
    CO(mul)(&t, &CN(slopes)[k], &t);
    UNROLL for (int part = 0; part < COORD_PARTS; part++) {
      i64 limbs[LIMBS];
      UNROLL for (int i = 0; i < LIMBS; i++)
        limbs[i] = (i64)CONST_PART(&t, part)->limb[i] - CONST_PART(&p->y, part)->limb[i] + 2LL * fp_modulus[i];
      fp_reduce_limbs(PART(&sum->y, part), limbs);
    }
  }
}

// The pairs that the formula does not hold for.
static KEEP void CN(finish_special)(POINT *target, const POINT *source, u32 count, u32 is_slope_known) {
  for (u32 k = 0; k < count; k++) {
    const POINT *p = &source[pair_source[k]];
    POINT *sum = &target[pair_target[k]];
    if (pair_kind[k] == CN(KIND_DOUBLE) && !is_slope_known) {
      COORD denominator, numerator, inverse;
      CN(plus)(&denominator, &p->y, &p->y);
      CN(tangent)(&numerator, p);
      CO(divide)(&inverse, &denominator, &pair_norm[k]);
      CN(times)(&CN(slopes)[k], &numerator, &inverse);
    }
    if (!is_slope_known) continue;
    if (pair_kind[k] == CN(KIND_CANCEL)) CN(set_infinity)(sum);
    if (pair_kind[k] == CN(KIND_FIRST)) *sum = *p;
    if (pair_kind[k] == CN(KIND_SECOND)) *sum = *(p + 1);
  }
}

// target[pair_target[k]] = source[pair_source[k]] + source[pair_source[k] + 1] for each of the `count` pairs listed.
// No target may be a source.
static void CN(add_pairs)(POINT *target, const POINT *source, u32 count) {
  const u32 is_special = CN(prepare_pairs)(source, count);
  invert_norms(count);
  CN(find_slopes)(source, count);
  if (is_special) CN(finish_special)(target, source, count, 0);
  CN(find_x)(target, source, count);
  CN(find_y)(target, source, count);
  if (is_special) CN(finish_special)(target, source, count, 1);
}
