import { bn254_Fr as scalarField } from '@noble/curves/bn254.js';

import { refuseProtocol } from './errors.js';
import type { FieldElement } from './field.js';

export const ZERO = 0n as FieldElement;
export const ONE = 1n as FieldElement;

/** Any integer, reduced modulo r to a field element. */
export function reduceField(value: bigint): FieldElement {
  return scalarField.create(value) as FieldElement;
}

/** The difference of two field elements. */
export function subtractField(a: FieldElement, b: FieldElement): FieldElement {
  return scalarField.sub(a, b) as FieldElement;
}

/** The negative of a field element. */
export function negateField(value: FieldElement): FieldElement {
  return scalarField.neg(value) as FieldElement;
}

/** The power of a field element; exponent >= 0. */
export function powerField(base: FieldElement, exponent: bigint | number): FieldElement {
  return scalarField.pow(base, BigInt(exponent)) as FieldElement;
}

/**
 * The inverse of a field element.
 * @throws SolventError `division-by-zero`.
 */
export function invertField(value: FieldElement): FieldElement {
  assertNotZero(value);
  return scalarField.inv(value) as FieldElement;
}

/**
 * The inverses of many field elements, with one inversion for all.
 * @throws SolventError `division-by-zero`.
 */
export function invertFields(values: readonly FieldElement[]): FieldElement[] {
  values.forEach(assertNotZero);
  return scalarField.invertBatch([...values]) as FieldElement[];
}

/** The sum of field elements; 0 for none. */
export function sumField(values: readonly FieldElement[]): FieldElement {
  return reduceField(values.reduce((sum: bigint, value) => sum + value, 0n));
}

function assertNotZero(value: FieldElement): void {
  if (value !== 0n) return;
  throw refuseProtocol('division-by-zero', { expected: 'a divisor other than 0', found: '0' });
}
