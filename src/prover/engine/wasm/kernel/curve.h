// The group of a short Weierstrass curve y² = x³ + b. Included once for each group, with
//   CURVE  the prefix of all names, g1 or g2
//   COORD  the field of the coordinates, fp or fp2
//   COORD_PARTS  elements of fp in a coordinate
//
// An affine point holds loose coordinates below (1 + 2^-15)·p; (0, 0), which is on no such curve with b != 0, is the
// point at infinity. Keys hold packed points: canonical coordinates in eight words a part.

#define POINT JOIN(CURVE, point)
#define CN(name) JOIN(CURVE, name)
#define CO(name) JOIN(COORD, name)

typedef struct {
  COORD x, y;
} POINT;

typedef struct {
  u32 words[2 * COORD_PARTS * WORDS];
} JOIN(CURVE, packed);

// X/Z², Y/Z³ (Jacobian); Z = 0 is infinity. For the few sums at the end that are not worth an inversion.
typedef struct {
  COORD x, y, z;
} JOIN(CURVE, jacobian);

#define PART(coordinate, part) (((fp *)(coordinate)) + (part))
#define CONST_PART(coordinate, part) (((const fp *)(coordinate)) + (part))

// --- Coordinates with a reduction after each step, as functions: for what runs rarely. ---

static KEEP void CN(times)(COORD *result, const COORD *a, const COORD *b) {
  COORD product;
  CO(mul)(&product, a, b);
  for (int part = 0; part < COORD_PARTS; part++) fp_tighten(PART(result, part), CONST_PART(&product, part));
}

static KEEP void CN(plus)(COORD *result, const COORD *a, const COORD *b) {
  COORD sum;
  CO(add)(&sum, a, b);
  for (int part = 0; part < COORD_PARTS; part++) fp_tighten(PART(result, part), CONST_PART(&sum, part));
}

static KEEP void CN(minus)(COORD *result, const COORD *a, const COORD *b) {
  COORD difference;
  CO(sub)(&difference, a, b, 2);
  for (int part = 0; part < COORD_PARTS; part++) fp_tighten(PART(result, part), CONST_PART(&difference, part));
}

INLINE int CN(is_infinity)(const POINT *p) { return CO(is_zero)(&p->x) && CO(is_zero)(&p->y); }

INLINE void CN(set_infinity)(POINT *p) {
  p->x = CO(zero_element);
  p->y = CO(zero_element);
}

// --- Jacobian ---

// 2(X, Y, Z) for a = 0 (dbl-2009-l of the Explicit-Formulas Database). Infinity gives infinity.
static KEEP void CN(jacobian_double)(JOIN(CURVE, jacobian) * p) {
  COORD a, b, c, d, e, t;
  CN(times)(&a, &p->x, &p->x);
  CN(times)(&b, &p->y, &p->y);
  CN(times)(&c, &b, &b);
  CN(plus)(&t, &p->x, &b);
  CN(times)(&t, &t, &t);
  CN(minus)(&t, &t, &a);
  CN(minus)(&t, &t, &c);
  CN(plus)(&d, &t, &t);
  CN(plus)(&e, &a, &a);
  CN(plus)(&e, &e, &a);
  CN(times)(&t, &p->y, &p->z);
  CN(plus)(&p->z, &t, &t);
  CN(times)(&t, &e, &e);
  CN(minus)(&t, &t, &d);
  CN(minus)(&p->x, &t, &d);
  CN(minus)(&t, &d, &p->x);
  CN(times)(&t, &e, &t);
  for (int i = 0; i < 3; i++) CN(plus)(&c, &c, &c);
  CN(minus)(&p->y, &t, &c);
}

// p + q for an affine q: H = x_q·Z² - X, r = y_q·Z³ - Y, X' = r² - H³ - 2·X·H², Y' = r·(X·H² - X') - Y·H³, Z' = Z·H.
static KEEP void CN(jacobian_add)(JOIN(CURVE, jacobian) * p, const POINT *q) {
  if (CN(is_infinity)(q)) return;
  if (CO(is_zero)(&p->z)) {
    p->x = q->x;
    p->y = q->y;
    CO(one)(&p->z);
    return;
  }
  COORD zz, h, r, hh, hhh, v, t;
  CN(times)(&zz, &p->z, &p->z);
  CN(times)(&h, &q->x, &zz);
  CN(minus)(&h, &h, &p->x);
  CN(times)(&r, &p->z, &zz);
  CN(times)(&r, &r, &q->y);
  CN(minus)(&r, &r, &p->y);
  if (CO(is_zero)(&h)) {
    // The same x: the same point or its opposite.
    if (CO(is_zero)(&r))
      CN(jacobian_double)(p);
    else
      p->z = CO(zero_element);
    return;
  }
  CN(times)(&hh, &h, &h);
  CN(times)(&hhh, &h, &hh);
  CN(times)(&v, &p->x, &hh);
  CN(times)(&t, &r, &r);
  CN(minus)(&t, &t, &hhh);
  CN(minus)(&t, &t, &v);
  CN(minus)(&p->x, &t, &v);
  CN(minus)(&v, &v, &p->x);
  CN(times)(&v, &r, &v);
  CN(times)(&t, &p->y, &hhh);
  CN(minus)(&p->y, &v, &t);
  CN(times)(&p->z, &p->z, &h);
}

static KEEP void CN(to_affine)(POINT *result, const JOIN(CURVE, jacobian) * p) {
  if (CO(is_zero)(&p->z)) {
    CN(set_infinity)(result);
    return;
  }
  fp norm, norm_inverse;
  COORD inverse, square;
  CO(norm)(&norm, &p->z);
  fp_invert(&norm_inverse, &norm);
  CO(divide)(&inverse, &p->z, &norm_inverse);
  CN(times)(&square, &inverse, &inverse);
  CN(times)(&result->x, &p->x, &square);
  CN(times)(&square, &square, &inverse);
  CN(times)(&result->y, &p->y, &square);
}

// scalar·p for a scalar of eight words, bit by bit.
void EXPORT(CN(multiply))(POINT *result, const POINT *p, const u32 *scalar) {
  JOIN(CURVE, jacobian) sum = {CO(zero_element), CO(zero_element), CO(zero_element)};
  for (int bit = 32 * WORDS - 1; bit >= 0; bit--) {
    CN(jacobian_double)(&sum);
    if ((scalar[bit / 32] >> (bit % 32)) & 1) CN(jacobian_add)(&sum, p);
  }
  CN(to_affine)(result, &sum);
}

// The sum of affine points.
void EXPORT(CN(sum))(POINT *result, const POINT *points, u32 count) {
  JOIN(CURVE, jacobian) sum = {CO(zero_element), CO(zero_element), CO(zero_element)};
  for (u32 i = 0; i < count; i++) CN(jacobian_add)(&sum, &points[i]);
  CN(to_affine)(result, &sum);
}

// --- Formats ---

// Points of a .zkey, coordinates times 2^256, to packed points: a product with 32·R has them times R = 2^261.
void EXPORT(CN(import))(JOIN(CURVE, packed) * points, u32 count) {
  const fp plain_shift = {{32}};
  fp shift;
  fp_to_montgomery(&shift, &plain_shift);
  for (u32 i = 0; i < count; i++) {
    for (int part = 0; part < 2 * COORD_PARTS; part++) {
      u32 *words = points[i].words + part * WORDS;
      fp a;
      fp_unpack(&a, words);
      fp_times(&a, &a, &shift);
      fp_pack_key(words, &a);
    }
  }
}

void EXPORT(CN(load))(POINT *points, const JOIN(CURVE, packed) * packed, u32 count) {
  for (u32 i = 0; i < count; i++) {
    for (int part = 0; part < 2 * COORD_PARTS; part++)
      fp_unpack_key(PART(&points[i].x, part), packed[i].words + part * WORDS);
  }
}

// The form that points of a key have: what load takes.
void EXPORT(CN(pack))(JOIN(CURVE, packed) * packed, const POINT *points, u32 count) {
  for (u32 i = 0; i < count; i++) {
    for (int part = 0; part < 2 * COORD_PARTS; part++)
      fp_pack_key(packed[i].words + part * WORDS, CONST_PART(&points[i].x, part));
  }
}

// Plain canonical coordinates, out of Montgomery form, in words.
void EXPORT(CN(store))(JOIN(CURVE, packed) * packed, const POINT *points, u32 count) {
  for (u32 i = 0; i < count; i++) {
    for (int part = 0; part < 2 * COORD_PARTS; part++) {
      fp a;
      fp_from_montgomery(&a, CONST_PART(&points[i].x, part));
      fp_pack(packed[i].words + part * WORDS, &a);
    }
  }
}
