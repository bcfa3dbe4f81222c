// The quadratic extension F_p² = F_p[i] / (i² + 1), in which the coordinates of G2 live. An element is c0 + c1·i.

typedef struct {
  fp c0, c1;
} fp2;

static const fp2 fp2_zero_element = {{{0}}, {{0}}};

INLINE void fp2_add(fp2 *result, const fp2 *a, const fp2 *b) {
  fp_add(&result->c0, &a->c0, &b->c0);
  fp_add(&result->c1, &a->c1, &b->c1);
}

INLINE void fp2_sub(fp2 *result, const fp2 *a, const fp2 *b, u32 multiple) {
  fp_sub(&result->c0, &a->c0, &b->c0, multiple);
  fp_sub(&result->c1, &a->c1, &b->c1, multiple);
}

// c0 = a0·b0 - a1·b1 and c1 = a0·b1 + a1·b0, two products each before one reduction. Takes a below x·p and b below y·p
// with y <= 4 and x·(y + 4) <= 144, gives below (x·(y + 4)/169 + 2)·p.
INLINE void fp2_mul(fp2 *result, const fp2 *a, const fp2 *b) {
  fp negated, c0;
  fp_sub(&negated, &fp_zero_element, &b->c1, 4);
  fp_sum_of_products(&c0, &a->c0, &b->c0, &a->c1, &negated);
  fp_sum_of_products(&result->c1, &a->c0, &b->c1, &a->c1, &b->c0);
  result->c0 = c0;
}

// (a0 + a1)·(a0 - a1) and 2·a0·a1. Takes a below 3p, gives below 2.3p.
static KEEP void fp2_sqr(fp2 *result, const fp2 *a) {
  fp sum, difference, product;
  fp_add(&sum, &a->c0, &a->c1);
  fp_sub(&difference, &a->c0, &a->c1, 4);
  fp_add(&product, &a->c0, &a->c0);
  fp_times(&result->c1, &product, &a->c1);
  fp_times(&result->c0, &sum, &difference);
}

// Takes values below 64p.
INLINE int fp2_is_zero(const fp2 *a) { return fp_is_zero(&a->c0) && fp_is_zero(&a->c1); }

INLINE void fp2_one(fp2 *result) {
  fp_one(&result->c0);
  result->c1 = fp_zero_element;
}

// The norm c0² + c1², and 1/a = (c0 - c1·i)/norm: how a batch of additions inverts coordinates. Takes a below 4p.
INLINE void fp2_norm(fp *result, const fp2 *a) {
  fp_columns sum, square;
  fp_square_columns(&sum, &a->c0);
  fp_square_columns(&square, &a->c1);
  UNROLL for (int k = 0; k < COLUMNS; k++) sum.column[k] += square.column[k];
  fp_reduce_columns(result, &sum);
}

INLINE void fp2_divide(fp2 *inverse, const fp2 *a, const fp *norm_inverse) {
  fp negated;
  fp_sub(&negated, &fp_zero_element, &a->c1, 4);
  fp_times(&inverse->c0, &a->c0, norm_inverse);
  fp_times(&inverse->c1, &negated, norm_inverse);
}

// The same for a coordinate in F_p, which is its own norm.
INLINE void fp_norm(fp *result, const fp *a) { *result = *a; }

INLINE void fp_divide(fp *inverse, const fp *a, const fp *norm_inverse) {
  (void)a;
  *inverse = *norm_inverse;
}
