// F_p² two elements at a time, and what a batch of additions needs of both fields under one name.

typedef struct {
  fp_two c0, c1;
} fp2_two;

typedef struct {
  fp_spread c0, c1;
} fp2_spread;

INLINE void fp2_two_load(fp2_two *result, const fp2_spread *a, const fp2_spread *b) {
  fp_two_load(&result->c0, &a->c0, &b->c0);
  fp_two_load(&result->c1, &a->c1, &b->c1);
}

INLINE void fp2_two_store(fp2_spread *a, fp2_spread *b, const fp2_two *value) {
  fp_two_store(&a->c0, &b->c0, &value->c0);
  fp_two_store(&a->c1, &b->c1, &value->c1);
}

INLINE void fp2_two_sub(fp2_two *result, const fp2_two *a, const fp2_two *b) {
  fp_two_sub(&result->c0, &a->c0, &b->c0);
  fp_two_sub(&result->c1, &a->c1, &b->c1);
}

INLINE void fp2_two_tighten(fp2_two *result, const fp2_two *a) {
  fp_two_tighten(&result->c0, &a->c0);
  fp_two_tighten(&result->c1, &a->c1);
}

// (a·b + c·d) / 2^255 with one reduction.
static KEEP void fp_two_sum_of_products(fp_two *result, const fp_two *a, const fp_two *b, const fp_two *c,
                                        const fp_two *d) {
  fp_two_columns sum;
  fp_two_start(&sum, 2, 0);
  fp_two_add_product(&sum, a, b);
  fp_two_add_product(&sum, c, d);
  fp_two_reduce(result, &sum);
}

static KEEP void fp_two_times(fp_two *result, const fp_two *a, const fp_two *b) { fp_two_mul(result, a, b); }

// a0·b0 - a1·b1 and a0·b1 + a1·b0. Takes operands of which one is below p and the other below 2p.
INLINE void fp2_two_mul(fp2_two *result, const fp2_two *a, const fp2_two *b) {
  fp_two negated;
  fp2_two product;
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) negated.limb[i] = -a->c1.limb[i];
  fp_two_sum_of_products(&product.c0, &a->c0, &b->c0, &negated, &b->c1);
  fp_two_sum_of_products(&product.c1, &a->c0, &b->c1, &a->c1, &b->c0);
  *result = product;
}

// a0² - a1² and 2·a0·a1. Takes tight operands.
INLINE void fp2_two_sqr(fp2_two *result, const fp2_two *a) {
  fp_two negated, doubled;
  fp2_two square;
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) {
    negated.limb[i] = -a->c1.limb[i];
    doubled.limb[i] = a->c0.limb[i] + a->c0.limb[i];
  }
  fp_two_sum_of_products(&square.c0, &a->c0, &a->c0, &negated, &a->c1);
  fp_two_times(&square.c1, &doubled, &a->c1);
  *result = square;
}

// The norm of a tight operand, and 1/a from the inverse of its norm.
INLINE void fp2_two_norm(fp_two *result, const fp2_two *a) {
  fp_two_columns sum;
  fp_two_start(&sum, 0, 2);
  fp_two_add_square(&sum, &a->c0);
  fp_two_add_square(&sum, &a->c1);
  fp_two_reduce(result, &sum);
}

INLINE void fp2_two_divide(fp2_two *inverse, const fp2_two *a, const fp_two *norm_inverse) {
  fp_two negated;
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) negated.limb[i] = -a->c1.limb[i];
  fp_two_times(&inverse->c0, &a->c0, norm_inverse);
  fp_two_times(&inverse->c1, &negated, norm_inverse);
}

INLINE void fp_two_norm(fp_two *result, const fp_two *a) { *result = *a; }

INLINE void fp_two_divide(fp_two *inverse, const fp_two *a, const fp_two *norm_inverse) {
  (void)a;
  *inverse = *norm_inverse;
}
