// Inversion in a prime field, after field.h: the binary greatest common divisor on approximations (T. Pornin, Optimized
// Binary GCD for Modular Inversion, 2020). It takes a sixth of the time of a power p - 2.
//
// With y the operand, a = y·u and b = y·v modulo p throughout, from (a, b) = (y, p) down to (0, 1). Twenty-nine steps
// at a time are made on the lowest 29 and the highest 31 bits of a and b, which decide all comparisons well enough, and
// collected in factors: (a, b) becomes (a·f0 + b·g0, a·f1 + b·g1) / 2^29, exactly, and so do u and v modulo p.

// All a few times p, positive or negative: limbs below the top are not negative, the top has the sign.
typedef struct {
  i64 limb[LIMBS];
} JOIN(FIELD, signed_limbs);

typedef struct {
  i64 f, g;
} JOIN(FIELD, factors);

// 2·254 - 1 steps bring any operand to its end.
#define INVERSION_ROUNDS ((2 * 254 - 1 + LIMB_BITS - 1) / LIMB_BITS)

// The approximations of a and b: themselves where both are below 2^60, else their lowest 29 bits and 31 bits from
// the highest that either has.
INLINE void FN(approximate)(u64 *a_bits, u64 *b_bits, const FN(signed_limbs) * a, const FN(signed_limbs) * b) {
  int top = LIMBS - 1;
  while (top > 2 && (a->limb[top] | b->limb[top]) == 0) top--;
  const u64 highest = (u64)(a->limb[top] | b->limb[top]);
  if (top == 2 && highest < 4) {
    *a_bits = (u64)(a->limb[2] << 58 | a->limb[1] << 29 | a->limb[0]);
    *b_bits = (u64)(b->limb[2] << 58 | b->limb[1] << 29 | b->limb[0]);
    return;
  }
  // The two limbs that follow fill what the top limb leaves of 31 bits.
  const int used = 64 - __builtin_clzll(highest | 1);
  const int missing = 31 - used;
  const u64 a_next = (u64)(a->limb[top - 1] << LIMB_BITS | a->limb[top - 2]);
  const u64 b_next = (u64)(b->limb[top - 1] << LIMB_BITS | b->limb[top - 2]);
  const u64 a_high = (u64)a->limb[top] << missing | a_next >> (2 * LIMB_BITS - missing);
  const u64 b_high = (u64)b->limb[top] << missing | b_next >> (2 * LIMB_BITS - missing);
  *a_bits = a_high << LIMB_BITS | (u64)a->limb[0];
  *b_bits = b_high << LIMB_BITS | (u64)b->limb[0];
}

// Twenty-nine steps: where a is odd, the smaller of a and b is taken from the larger, which becomes a; a is halved.
INLINE void FN(step)(u64 a, u64 b, FN(factors) * of_a, FN(factors) * of_b) {
  i64 f0 = 1, g0 = 0, f1 = 0, g1 = 1;
  for (int i = 0; i < LIMB_BITS; i++) {
    const u64 odd = 0 - (a & 1);
    const u64 swap = odd & (0 - (u64)(a < b));
    const u64 ab = (a ^ b) & swap;
    const i64 f = (f0 ^ f1) & (i64)swap, g = (g0 ^ g1) & (i64)swap;
    a ^= ab;
    b ^= ab;
    f0 ^= f;
    f1 ^= f;
    g0 ^= g;
    g1 ^= g;
    a = (a - (b & odd)) >> 1;
    f0 -= f1 & (i64)odd;
    g0 -= g1 & (i64)odd;
    f1 += f1;
    g1 += g1;
  }
  of_a->f = f0;
  of_a->g = g0;
  of_b->f = f1;
  of_b->g = g1;
}

// (a·f + b·g) / 2^29, an exact division; where it is negative, so become the factors, and it is negated.
INLINE void FN(combine)(FN(signed_limbs) * result, const FN(signed_limbs) * a, const FN(signed_limbs) * b,
                        FN(factors) * factors) {
  FN(signed_limbs) sum;
  i64 t = (a->limb[0] * factors->f + b->limb[0] * factors->g) >> LIMB_BITS;
  for (int i = 1; i < LIMBS; i++) {
    t += a->limb[i] * factors->f + b->limb[i] * factors->g;
    sum.limb[i - 1] = t & LIMB_MASK;
    t >>= LIMB_BITS;
  }
  sum.limb[LIMBS - 1] = t;
  if (t < 0) {
    factors->f = -factors->f;
    factors->g = -factors->g;
    t = 0;
    for (int i = 0; i < LIMBS; i++) {
      t -= sum.limb[i];
      sum.limb[i] = i < LIMBS - 1 ? t & LIMB_MASK : t;
      t >>= LIMB_BITS;
    }
  }
  *result = sum;
}

// (u·f + v·g) / 2^29 modulo p: the multiple of p is added that makes the division exact. |f| + |g| <= 2^29, so that the
// result is at most p larger than u and v.
INLINE void FN(combine_residues)(FN(signed_limbs) * result, const FN(signed_limbs) * u, const FN(signed_limbs) * v,
                                 const FN(factors) * factors) {
  FN(signed_limbs) sum;
  i64 t = u->limb[0] * factors->f + v->limb[0] * factors->g;
  const i64 multiple = (i64)(((u32)t * NEGATED_INVERSE) & LIMB_MASK);
  t = (t + multiple * FN(modulus)[0]) >> LIMB_BITS;
  for (int i = 1; i < LIMBS; i++) {
    t += u->limb[i] * factors->f + v->limb[i] * factors->g + multiple * FN(modulus)[i];
    sum.limb[i - 1] = t & LIMB_MASK;
    t >>= LIMB_BITS;
  }
  sum.limb[LIMBS - 1] = t;
  *result = sum;
}

// 1/a; 0 gives 0. Takes a below 12p, gives below 3p.
static KEEP void FN(invert)(FE *result, const FE *a) {
  FE canonical;
  FN(canonical)(&canonical, a);
  FN(signed_limbs) x, y, u, v;
  for (int i = 0; i < LIMBS; i++) {
    x.limb[i] = canonical.limb[i];
    y.limb[i] = FN(modulus)[i];
    u.limb[i] = i == 0;
    v.limb[i] = 0;
  }
  for (int round = 0; round < INVERSION_ROUNDS; round++) {
    u64 x_bits, y_bits;
    FN(factors) of_x, of_y;
    FN(signed_limbs) next_x, next_u;
    FN(approximate)(&x_bits, &y_bits, &x, &y);
    FN(step)(x_bits, y_bits, &of_x, &of_y);
    FN(combine)(&next_x, &x, &y, &of_x);
    FN(combine)(&y, &x, &y, &of_y);
    FN(combine_residues)(&next_u, &u, &v, &of_x);
    FN(combine_residues)(&v, &u, &v, &of_y);
    x = next_x;
    u = next_u;
  }
  // v is the inverse, between -19p and 19p; that of 0 came to nothing, for y stayed p.
  FE inverse, cube;
  i64 limbs[LIMBS];
  for (int i = 0; i < LIMBS; i++) limbs[i] = v.limb[i] + 20LL * FN(modulus)[i];
  FN(reduce_limbs)(&inverse, limbs);
  // Of a = z·R this is 1/(z·R): times R³/R it is R/z.
  FN(times)(&cube, &FN(montgomery_square), &FN(montgomery_square));
  FN(times)(result, &inverse, &cube);
}
