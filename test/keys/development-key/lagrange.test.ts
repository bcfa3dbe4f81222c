import { describe, expect, it } from 'vitest';

import { FIELD_MODULUS } from '../../../src/protocol/index.js';
import { Bn254 } from '../../../src/keys/development-key/bn254.js';
import {
  bigintToLittleEndian,
  ELEMENT_BYTES,
  littleEndianToBigint,
  powerModulo,
  rootOfUnity,
} from '../../../src/iden3/index.js';
import {
  placeBytes,
  placeConstant,
  visitLagrangeValues,
} from '../../../src/keys/development-key/lagrange.js';
import { seededScalars } from './seeded-scalars.js';

const r = FIELD_MODULUS;
const invert = (value: bigint) => powerModulo(value, r - 2n, r);

/** u_i/(tau - u_i) times a factor, in plain integers. */
function evaluateSlowly(coset: { first: bigint; step: bigint; count: number }, tau: bigint, factor: bigint) {
  return Array.from({ length: coset.count }, (_, index) => {
    const point = (coset.first * powerModulo(coset.step, BigInt(index), r)) % r;
    return (((point * invert((tau - point + r) % r)) % r) * factor) % r;
  });
}

function evaluate(coset: { first: bigint; step: bigint; count: number }, tau: bigint, factor: bigint) {
  const bn254 = new Bn254();
  const addresses = {
    tau: placeConstant(bn254, tau),
    factor: placeBytes(bn254, bigintToLittleEndian(factor, ELEMENT_BYTES)),
  };
  const values: bigint[] = [];
  visitLagrangeValues(bn254, coset, addresses, (index, value) => {
    values[index] = littleEndianToBigint(bn254.bytes.subarray(value, value + ELEMENT_BYTES));
  });
  return values;
}

describe('the Lagrange basis at a point', () => {
  it('agrees with its slow twin, on both cosets and across blocks of inversions', () => {
    const [tau, factor] = seededScalars('lagrange', 2) as [bigint, bigint];
    const root = rootOfUnity(13);
    for (const coset of [
      { first: 1n, step: rootOfUnity(4), count: 13 },
      { first: root, step: (root * root) % r, count: 4100 },
    ]) {
      const fast = evaluate(coset, tau, factor);
      const slow = evaluateSlowly(coset, tau, factor);
      for (let index = 0; index < coset.count; index += index < 20 ? 1 : 97) {
        expect(fast[index]).toBe(slow[index]);
      }
      expect(fast.length).toBe(coset.count);
    }
  });

  it('takes a polynomial from its values on the domain to its value at the point', () => {
    const count = 16;
    const [tau, ...coefficients] = seededScalars('polynomial', count + 1) as [bigint, ...bigint[]];
    const at = (x: bigint) => coefficients.reduceRight((sum, coefficient) => (sum * x + coefficient) % r, 0n);
    const root = rootOfUnity(4);
    const vanishing = (powerModulo(tau, BigInt(count), r) - 1n + r) % r;
    const factor = (vanishing * invert(BigInt(count))) % r;
    const basis = evaluate({ first: 1n, step: root, count }, tau, factor);
    const sum = basis.reduce(
      (total, value, index) => (total + value * at(powerModulo(root, BigInt(index), r))) % r,
      0n,
    );
    expect(sum).toBe(at(tau));
  });

  it('stands on roots of unity of exactly the order that is asked for', () => {
    for (const log2 of [1, 4, 19, 28]) {
      const root = rootOfUnity(log2);
      expect(powerModulo(root, 1n << BigInt(log2), r)).toBe(1n);
      expect(powerModulo(root, 1n << BigInt(log2 - 1), r)).toBe(r - 1n);
    }
    expect(() => rootOfUnity(29)).toThrow(RangeError);
  });
});
