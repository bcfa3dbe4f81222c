import { bigintToLittleEndian, ELEMENT_BYTES } from '../../iden3/index.js';
import type { Address, Bn254 } from './bn254.js';

/** Elements that share one inversion. */
const BLOCK = 4096;

/** Points u_i = first·step^i of a domain, for 0 <= i < count. */
export type Coset = { readonly first: bigint; readonly step: bigint; readonly count: number };

/**
 * Calls `visit` with u_i·factor/(tau - u_i) for each point of a coset, in order. With the factor Z(tau)/Z'-constant
 * of the domain, (tau^n - 1)/n over the n-th roots of unity, these are the values at tau of the Lagrange basis.
 * @param tau in Montgomery form. @param factor in the form that the values shall have, Montgomery or not.
 */
export function visitLagrangeValues(
  bn254: Bn254,
  coset: Coset,
  { tau, factor }: { tau: Address; factor: Address },
  visit: (index: number, value: Address) => void,
): void {
  const { frm_mul: mul, frm_sub: sub, frm_copy: copy, frm_batchInverse: batchInverse } = bn254.exports;
  const step = placeConstant(bn254, coset.step);
  const point = placeConstant(bn254, coset.first);
  const points = bn254.allocate(BLOCK * ELEMENT_BYTES);
  const values = bn254.allocate(BLOCK * ELEMENT_BYTES, (BLOCK + 1) * ELEMENT_BYTES);
  for (let start = 0; start < coset.count; start += BLOCK) {
    const count = Math.min(BLOCK, coset.count - start);
    for (let i = 0; i < count; i++) {
      const offset = i * ELEMENT_BYTES;
      copy(point, points + offset);
      sub(tau, point, values + offset);
      mul(point, step, point);
    }
    batchInverse(values, ELEMENT_BYTES, count, values, ELEMENT_BYTES);
    for (let i = 0; i < count; i++) {
      const value = values + i * ELEMENT_BYTES;
      mul(value, points + i * ELEMENT_BYTES, value);
      mul(value, factor, value);
      visit(start + i, value);
    }
  }
}

/** Puts a public field element into memory, in Montgomery form. */
export function placeConstant(bn254: Bn254, value: bigint): Address {
  const address = placeBytes(bn254, bigintToLittleEndian(value, ELEMENT_BYTES));
  bn254.exports.frm_toMontgomery(address, address);
  return address;
}

/** Puts bytes into memory as they are. */
export function placeBytes(bn254: Bn254, bytes: Uint8Array): Address {
  const address = bn254.allocate(bytes.length);
  bn254.bytes.set(bytes, address);
  return address;
}
