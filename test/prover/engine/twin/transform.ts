import { findRootOfUnity, SCALAR_FIELD } from './field.js';

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
