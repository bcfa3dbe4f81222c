import { refuseProtocol } from './errors.js';

/** The order of the scalar field of BN254 (EIP-196); all circuit values live below it. */
export const FIELD_MODULUS = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** The order of the base field of BN254 (EIP-196), in which point coordinates live. */
export const BASE_FIELD_MODULUS =
  21888242871839275222246405745257275088696311157297823662689037894645226208583n;

declare const fieldElementBrand: unique symbol;

/** An integer x with 0 <= x < FIELD_MODULUS. Only the functions of this file make one. */
export type FieldElement = bigint & { readonly [fieldElementBrand]: true };

const PLAIN_DECIMAL = /^(?:0|[1-9][0-9]{0,76})$/;

/**
 * Takes an integer as a field element, refusing rather than reducing: poseidon hashes x and x + r alike.
 * @throws SolventError `field-element-out-of-range` unless 0 <= value < FIELD_MODULUS.
 */
export function toFieldElement(value: bigint): FieldElement {
  if (value < 0n || value >= FIELD_MODULUS) {
    throw refuseProtocol('field-element-out-of-range', {
      expected: 'an integer from 0 to the field modulus less one',
      found: 'one outside',
    });
  }
  return value as FieldElement;
}

/**
 * Reads a field element written as a plain decimal string: digits only, no sign, no leading zero, no space.
 * @throws SolventError `field-element-malformed` or `field-element-out-of-range`.
 */
export function parseFieldElement(text: string): FieldElement {
  if (!PLAIN_DECIMAL.test(text)) {
    throw refuseProtocol('field-element-malformed', {
      expected: 'a plain decimal integer',
      found: 'another text',
    });
  }
  return toFieldElement(BigInt(text));
}

/** The sum of two field elements. */
export function addField(a: FieldElement, b: FieldElement): FieldElement {
  const sum = a + b;
  return (sum >= FIELD_MODULUS ? sum - FIELD_MODULUS : sum) as FieldElement;
}

/** The product of two field elements. */
export function multiplyField(a: FieldElement, b: FieldElement): FieldElement {
  return ((a * b) % FIELD_MODULUS) as FieldElement;
}
