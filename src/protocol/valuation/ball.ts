/**
 * A real number that is known to lie between `(mid − rad)·2^−bits` and `(mid + rad)·2^−bits`. Whatever is computed from
 * balls is a ball that holds the true result, so that the radius at the end is a proven bound on the error.
 */
export type Ball = { readonly mid: bigint; readonly rad: bigint };

/** A ball that the precision at hand does not separate from 0, or from a number without bound. */
export class ImpreciseBall extends Error {
  constructor() {
    super('expected a ball that is precise enough, got a wide one');
  }
}

/** The most that rounding adds to one operation: shifts and divisions of BigInt cut off less than one unit each. */
const CUT = 2n;

/** Arithmetic of balls with `bits` bits after the point. */
export class Balls {
  readonly one: bigint;
  readonly #constants = new Map<string, Ball>();

  constructor(readonly bits: bigint) {
    this.one = 1n << bits;
  }

  /** The quotient of two integers, the denominator above 0. */
  fromQuotient(numerator: bigint, denominator: bigint): Ball {
    return { mid: (numerator << this.bits) / denominator, rad: 1n };
  }

  /** The square root of a quotient of two integers, numerator >= 0 and denominator > 0. */
  rootOfQuotient(numerator: bigint, denominator: bigint): Ball {
    // Cutting the quotient lowers its root by at most one unit, and the root itself is cut by less than one.
    return { mid: rootOf((numerator << (2n * this.bits)) / denominator), rad: 2n };
  }

  add(a: Ball, b: Ball): Ball {
    return { mid: a.mid + b.mid, rad: a.rad + b.rad };
  }

  subtract(a: Ball, b: Ball): Ball {
    return { mid: a.mid - b.mid, rad: a.rad + b.rad };
  }

  negate({ mid, rad }: Ball): Ball {
    return { mid: -mid, rad };
  }

  multiply(a: Ball, b: Ball): Ball {
    const spread = magnitudeOf(a.mid) * b.rad + magnitudeOf(b.mid) * a.rad + a.rad * b.rad;
    return { mid: (a.mid * b.mid) >> this.bits, rad: (spread >> this.bits) + CUT };
  }

  /** @throws ImpreciseBall where b may be 0. */
  divide(a: Ball, b: Ball): Ball {
    const size = magnitudeOf(b.mid);
    const least = size - b.rad;
    if (least <= 0n) throw new ImpreciseBall();
    // |a/b − a'/b'| <= (|a'|·rad b + |b'|·rad a)/(|b'|·(|b'| − rad b)).
    const spread = ((magnitudeOf(a.mid) * b.rad + size * a.rad) << this.bits) / (size * least);
    return { mid: (a.mid << this.bits) / b.mid, rad: spread + CUT };
  }

  /** By a small positive integer. */
  divideBy({ mid, rad }: Ball, divisor: bigint): Ball {
    return { mid: mid / divisor, rad: rad / divisor + CUT };
  }

  /** Times a power of two, which may be negative. */
  shift({ mid, rad }: Ball, exponent: bigint): Ball {
    if (exponent >= 0n) return { mid: mid << exponent, rad: rad << exponent };
    return { mid: mid >> -exponent, rad: (rad >> -exponent) + CUT };
  }

  /** What is made once for this precision. */
  constant(name: string, make: () => Ball): Ball {
    const known = this.#constants.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.#constants.set(name, made);
    return made;
  }
}

const KNOWN = new Map<bigint, Balls>();

/** The arithmetic of that many bits, whose constants are made once. */
export function ballsOf(bits: bigint): Balls {
  const balls = KNOWN.get(bits) ?? new Balls(bits);
  KNOWN.set(bits, balls);
  return balls;
}

/** The absolute value. */
export function magnitudeOf(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** The integer part of the square root of an integer that is not negative: Newton's method from above. */
export function rootOf(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(16).length * 4 + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
