import { BASE_FIELD_MODULUS, FIELD_MODULUS } from '../../../../src/protocol/index.js';

/**
 * A scalar as signed digits, least first: scalar = Σ digit_w·2^(w·windowBits) with -2^(windowBits-1) <= digit
 * < 2^(windowBits-1) in all windows but the top one, which keeps what is left.
 */
export function splitDigits(scalar: bigint, windowBits: number, windowCount: number): bigint[] {
  const size = 1n << BigInt(windowBits);
  const digits: bigint[] = [];
  let rest = scalar;
  for (let window = 0; window + 1 < windowCount; window++) {
    let digit = rest % size;
    if (digit >= size / 2n) digit -= size;
    digits.push(digit);
    rest = (rest - digit) / size;
  }
  return [...digits, rest];
}

/** What the curve's formulas need of the field that coordinates lie in. */
export interface CoordinateField<T> {
  readonly zero: T;
  readonly one: T;
  add(a: T, b: T): T;
  subtract(a: T, b: T): T;
  multiply(a: T, b: T): T;
  /** 1/a; 0 for 0. */
  invert(a: T): T;
  isEqual(a: T, b: T): boolean;
}

/** The integers modulo a prime, each as 0 <= x < p. */
export class PrimeField implements CoordinateField<bigint> {
  readonly modulus: bigint;
  readonly zero = 0n;
  readonly one = 1n;

  constructor(modulus: bigint) {
    this.modulus = modulus;
  }

  /** The residue of any integer. */
  reduce(value: bigint): bigint {
    const rest = value % this.modulus;
    return rest < 0n ? rest + this.modulus : rest;
  }

  add(a: bigint, b: bigint): bigint {
    return this.reduce(a + b);
  }

  subtract(a: bigint, b: bigint): bigint {
    return this.reduce(a - b);
  }

  multiply(a: bigint, b: bigint): bigint {
    return this.reduce(a * b);
  }

  /** base^exponent for an exponent >= 0. */
  power(base: bigint, exponent: bigint): bigint {
    let result = 1n;
    for (let square = this.reduce(base); exponent > 0n; exponent >>= 1n) {
      if (exponent & 1n) result = this.multiply(result, square);
      square = this.multiply(square, square);
    }
    return result;
  }

  /** By Euclid: keeps a·s = r modulo p while r goes down to the greatest common divisor, which is 1. */
  invert(a: bigint): bigint {
    let [r, nextR] = [this.modulus, this.reduce(a)];
    let [s, nextS] = [0n, 1n];
    while (nextR !== 0n) {
      const quotient = r / nextR;
      [r, nextR] = [nextR, r - quotient * nextR];
      [s, nextS] = [nextS, s - quotient * nextS];
    }
    return r === 1n ? this.reduce(s) : 0n;
  }

  isEqual(a: bigint, b: bigint): boolean {
    return a === b;
  }
}

/** The field of coordinates of G1. */
export const BASE_FIELD = new PrimeField(BASE_FIELD_MODULUS);

/** The field of scalars. */
export const SCALAR_FIELD = new PrimeField(FIELD_MODULUS);

/** c0 + c1·i. */
export type Quadratic = readonly [bigint, bigint];

/** F_p[i] / (i² + 1): the field of coordinates of G2. */
export const QUADRATIC_FIELD: CoordinateField<Quadratic> = {
  zero: [0n, 0n],
  one: [1n, 0n],
  add: (a, b) => [BASE_FIELD.add(a[0], b[0]), BASE_FIELD.add(a[1], b[1])],
  subtract: (a, b) => [BASE_FIELD.subtract(a[0], b[0]), BASE_FIELD.subtract(a[1], b[1])],
  multiply: (a, b) => [
    BASE_FIELD.reduce(a[0] * b[0] - a[1] * b[1]),
    BASE_FIELD.reduce(a[0] * b[1] + a[1] * b[0]),
  ],
  invert: (a) => {
    const norm = BASE_FIELD.reduce(a[0] * a[0] + a[1] * a[1]);
    const inverse = BASE_FIELD.invert(norm);
    return [BASE_FIELD.multiply(a[0], inverse), BASE_FIELD.multiply(-a[1], inverse)];
  },
  isEqual: (a, b) => a[0] === b[0] && a[1] === b[1],
};

/** A generator of the scalar field's multiplicative group; circom and snarkjs use the same. */
const GENERATOR = 5n;

/** The primitive root of unity of an order, a power of two up to 2^28, that snarkjs uses. */
export function findRootOfUnity(order: number): bigint {
  return SCALAR_FIELD.power(GENERATOR, (FIELD_MODULUS - 1n) / BigInt(order));
}

/** The values of the polynomial with the given coefficients at shift·ω^i for each i, where ω has order n. */
export function evaluateOnDomain(coefficients: readonly bigint[], shift: bigint): bigint[] {
  const root = findRootOfUnity(coefficients.length);
  return coefficients.map((_, index) => {
    const x = SCALAR_FIELD.multiply(shift, SCALAR_FIELD.power(root, BigInt(index)));
    return coefficients.reduceRight((value, coefficient) => SCALAR_FIELD.reduce(value * x + coefficient), 0n);
  });
}

/** The coefficients of the polynomial of degree below n that has the given values at ω^i. */
export function interpolateOnDomain(values: readonly bigint[]): bigint[] {
  const size = values.length;
  const inverseRoot = SCALAR_FIELD.invert(findRootOfUnity(size));
  const factor = SCALAR_FIELD.invert(BigInt(size));
  return values.map((_, index) => {
    const x = SCALAR_FIELD.power(inverseRoot, BigInt(index));
    const sum = values.reduceRight((total, value) => SCALAR_FIELD.reduce(total * x + value), 0n);
    return SCALAR_FIELD.multiply(sum, factor);
  });
}
