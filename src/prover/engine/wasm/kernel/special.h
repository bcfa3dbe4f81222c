// Sums that the formula for distinct x does not give. Included for each group after curve.h.

enum { CN(KIND_ADD), CN(KIND_DOUBLE), CN(KIND_CANCEL), CN(KIND_FIRST), CN(KIND_SECOND) };

// What P + Q is when the formula for distinct x does not hold, and the denominator to invert for it.
static KEEP u32 CN(classify)(COORD *denominator, const POINT *p, const POINT *q) {
  const int first_is_infinity = CN(is_infinity)(p);
  const int second_is_infinity = CN(is_infinity)(q);
  if (!first_is_infinity && !second_is_infinity) {
    if (!CO(is_zero)(denominator)) return CN(KIND_ADD);
    COORD difference;
    CN(minus)(&difference, &p->y, &q->y);
    if (CO(is_zero)(&difference)) {
      // λ = 3x²/2y; no point of odd order has y = 0.
      CN(plus)(denominator, &p->y, &p->y);
      return CN(KIND_DOUBLE);
    }
  }
  CO(one)(denominator);
  if (second_is_infinity) return CN(KIND_FIRST);
  if (first_is_infinity) return CN(KIND_SECOND);
  return CN(KIND_CANCEL);
}

static KEEP void CN(tangent)(COORD *numerator, const POINT *p) {
  COORD square;
  CN(times)(&square, &p->x, &p->x);
  CN(plus)(numerator, &square, &square);
  CN(plus)(numerator, numerator, &square);
}
