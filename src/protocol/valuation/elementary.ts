import { ballsOf, ImpreciseBall, magnitudeOf, rootOf, type Ball, type Balls } from './ball.js';

/** `2·(z + z³/3 + z⁵/5 + …)`, which is `ln((1 + z)/(1 − z))`; 0 <= z <= 1/3. */
function sumLogarithm(balls: Balls, z: Ball): Ball {
  const square = balls.multiply(z, z);
  let power = z;
  let sum = z;
  let odd = 3n;
  while (power.mid > 0n) {
    power = balls.multiply(power, square);
    sum = balls.add(sum, balls.divideBy(power, odd));
    odd += 2n;
  }
  // What is left out is a geometric series of powers that are at most the last radius, by a factor of at most 1/9.
  return balls.shift({ mid: sum.mid, rad: sum.rad + 2n * power.rad }, 1n);
}

function naturalLogarithmOfTwo(balls: Balls): Ball {
  return balls.constant('ln 2', () => sumLogarithm(balls, balls.fromQuotient(1n, 3n)));
}

/**
 * The natural logarithm of a quotient of two integers above 0: `k·ln 2 + 2·artanh((y − 1)/(y + 1))`, where
 * `y = quotient/2^k` is between 1/2 and 2.
 */
export function computeLogarithm(balls: Balls, numerator: bigint, denominator: bigint): Ball {
  const k = BigInt(bitsOf(numerator) - bitsOf(denominator));
  const [p, q] = k >= 0n ? [numerator, denominator << k] : [numerator << -k, denominator];
  const size = sumLogarithm(balls, balls.fromQuotient(magnitudeOf(p - q), p + q));
  const { mid, rad } = naturalLogarithmOfTwo(balls);
  const whole = { mid: k * mid, rad: magnitudeOf(k) * rad };
  return balls.add(whole, p < q ? balls.negate(size) : size);
}

/**
 * `e^x = 2^k·(1 + r + r²/2! + …)` with `0 <= r < 1`.
 * @throws ImpreciseBall where x has a radius above 1.
 */
export function computeExponential(balls: Balls, x: Ball): Ball {
  if (x.rad > balls.one) throw new ImpreciseBall();
  const ln2 = naturalLogarithmOfTwo(balls);
  const k = x.mid / ln2.mid - (x.mid < 0n ? 1n : 0n);
  const r: Ball = { mid: x.mid - k * ln2.mid, rad: magnitudeOf(k) * ln2.rad };
  let term: Ball = { mid: balls.one, rad: 0n };
  let sum = term;
  for (let n = 1n; term.mid > 0n; n += 1n) {
    term = balls.divideBy(balls.multiply(term, r), n);
    sum = balls.add(sum, term);
  }
  // The terms left out are less than the last radius, each less than half of the one before.
  const whole = balls.shift({ mid: sum.mid, rad: sum.rad + 2n * term.rad }, k);
  // e^(x + d) − e^x is at most 2·e^x·|d| for |d| <= 1.
  const spread = (2n * (whole.mid + whole.rad) * x.rad) >> balls.bits;
  return { mid: whole.mid, rad: whole.rad + spread + 1n };
}

function rootOfTwoPi(balls: Balls): Ball {
  return balls.constant('√2π', () => {
    const pi = computePi(balls);
    const root = rootOf((2n * pi.mid) << balls.bits);
    // The derivative of √(2π) by π is below 1.
    return { mid: root, rad: pi.rad + 2n };
  });
}

/** `16·arctan(1/5) − 4·arctan(1/239)`: Machin's formula. */
function computePi(balls: Balls): Ball {
  const [fifth, other] = [computeInverseArctangent(balls, 5n), computeInverseArctangent(balls, 239n)];
  return { mid: 16n * fifth.mid - 4n * other.mid, rad: 16n * fifth.rad + 4n * other.rad };
}

/** `arctan(1/n) = 1/n − 1/(3n³) + 1/(5n⁵) − …`, for n > 1. */
function computeInverseArctangent(balls: Balls, n: bigint): Ball {
  let power = balls.fromQuotient(1n, n);
  let sum = power;
  let sign = -1n;
  for (let odd = 3n; power.mid > 0n; odd += 2n) {
    power = balls.divideBy(power, n * n);
    const term = balls.divideBy(power, odd);
    sum = { mid: sum.mid + sign * term.mid, rad: sum.rad + term.rad };
    sign = -sign;
  }
  return { mid: sum.mid, rad: sum.rad + 2n * power.rad };
}

/** Bits that the series of Φ may lose before it is computed with more, and the step by which there are more. */
const SPARE_BITS = 16n;
const STEP_BITS = 64n;

/**
 * The distribution function of the standard normal: `Φ(x) = 1/2 + φ(x)·(x + x³/3 + x⁵/(3·5) + …)`, whose terms all have the
 * sign of x. Source: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions", 26.2.11.
 */
export function computeNormal(balls: Balls, { mid, rad }: Ball): Ball {
  const above = computeAbove(balls, magnitudeOf(mid));
  const value = mid < 0n ? balls.subtract({ mid: balls.one, rad: 0n }, above) : above;
  // Φ has no slope above 1/√(2π) < 1/2.
  return { mid: value.mid, rad: value.rad + (rad >> 1n) + 1n };
}

/** Φ of a number that is not negative and exactly `size` units. */
function computeAbove(balls: Balls, size: bigint): Ball {
  const square = (size * size) >> balls.bits;
  // 1 − Φ(x) <= e^(−x²/2)/2, and e^−0.7 < 1/2: beyond x² = 1.4·bits less than half a unit is left.
  if (square > (balls.one * balls.bits * 7n) / 5n) return { mid: balls.one, rad: 1n };
  // The series grows to e^(x²/2) and φ shrinks as much: x²/2·log2(e) < 0.73·x² bits are lost.
  const lost = (square * 73n) / (balls.one * 100n);
  const extra = lost > SPARE_BITS ? ((lost - SPARE_BITS) / STEP_BITS + 1n) * STEP_BITS : 0n;
  const sum = sumNormal(ballsOf(balls.bits + extra), size << extra);
  return balls.shift(sum, -extra);
}

function sumNormal(balls: Balls, size: bigint): Ball {
  const x: Ball = { mid: size, rad: 0n };
  const square = balls.multiply(x, x);
  let term = x;
  let sum = x;
  for (let odd = 3n; ; odd += 2n) {
    term = balls.divideBy(balls.multiply(term, square), odd);
    sum = balls.add(sum, term);
    // From here on each term is less than half of the one before.
    if (term.mid === 0n && 2n * (square.mid + square.rad) < odd * balls.one) break;
  }
  const series = { mid: sum.mid, rad: sum.rad + 2n * term.rad };
  const exponent = balls.negate(balls.shift(square, -1n));
  const density = balls.divide(computeExponential(balls, exponent), rootOfTwoPi(balls));
  const half = { mid: balls.one >> 1n, rad: 0n };
  return balls.add(half, balls.multiply(density, series));
}

function bitsOf(value: bigint): number {
  return value.toString(2).length;
}
