import {
  bigintToLittleEndian,
  ELEMENT_BYTES,
  rootOfUnity,
  visitTerms,
  type R1cs,
} from '../../iden3/index.js';
import { FIELD_MODULUS } from '../../protocol/index.js';
import { type Address, Bn254 } from './bn254.js';
import { CoefficientSection, type WriteAt } from './coefficient-section.js';
import { countPublicSignals, type KeyLayout } from './key-layout.js';
import { placeBytes, placeConstant, visitLagrangeValues } from './lagrange.js';
import type { Trapdoor } from './trapdoor.js';

/** A trapdoor in Montgomery form, and the inverse of its delta. */
type Secrets = Readonly<Record<'tau' | 'alpha' | 'beta' | 'delta' | 'inverseDelta', Address>>;
/** One element a wire, not in Montgomery form: the values at tau of the wire's three polynomials. */
type WireSums = Readonly<Record<'a' | 'b' | 'c', Address>>;

/**
 * Computes the scalar of every point of a key into `scalars`, and writes section 4 of the file on the way.
 *
 * With u, v, w the values at tau of a wire's polynomials in the QAP of Groth16 (ePrint 2016/260, section 3.2): A is u,
 * B is v, K is beta·u + alpha·v + w, over gamma = 1 for public wires and over delta for the others; H is the Lagrange
 * basis at tau of the odd points of twice the domain, where snarkjs evaluates A·B - C, over delta.
 *
 * The product of an element in Montgomery form and one that is not is not: most steps here take one of each.
 * @param scalars `layout.scalars.count` elements of 32 bytes; as secret as the trapdoor.
 * @throws SolventError `r1cs-malformed`.
 */
export function computeKeyScalars(
  r1cs: R1cs,
  layout: KeyLayout,
  { trapdoor, scalars, writeAt }: { trapdoor: Trapdoor; scalars: Uint8Array; writeAt: WriteAt },
): void {
  const bn254 = new Bn254();
  try {
    const at = layout.scalars;
    const put = (index: number, bytes: Uint8Array) => {
      scalars.set(bytes, index * ELEMENT_BYTES);
    };
    put(at.alpha, trapdoor.alpha);
    put(at.beta, trapdoor.beta);
    put(at.one, bigintToLittleEndian(1n, ELEMENT_BYTES));
    put(at.delta, trapdoor.delta);

    const secrets = placeTrapdoor(bn254, trapdoor);
    const sums = sumWires(bn254, r1cs, { layout, writeAt, tau: secrets.tau });
    const vectorOf = (start: Address) => bn254.bytes.subarray(start, start + r1cs.wireCount * ELEMENT_BYTES);
    put(at.a, vectorOf(sums.a));
    put(at.b, vectorOf(sums.b));
    combineWires(bn254, r1cs, sums, secrets);
    put(at.k, vectorOf(sums.c));
    visitOddRows(bn254, layout.domainSize, secrets, (row, value) => {
      put(at.h + row, bn254.bytes.subarray(value, value + ELEMENT_BYTES));
    });
  } finally {
    bn254.wipe();
  }
}

function placeTrapdoor(bn254: Bn254, trapdoor: Trapdoor): Secrets {
  const put = (secret: Uint8Array) => {
    const address = placeBytes(bn254, secret);
    bn254.exports.frm_toMontgomery(address, address);
    return address;
  };
  const delta = put(trapdoor.delta);
  const inverseDelta = bn254.allocate(ELEMENT_BYTES);
  bn254.exports.frm_inverse(delta, inverseDelta);
  return {
    tau: put(trapdoor.tau),
    alpha: put(trapdoor.alpha),
    beta: put(trapdoor.beta),
    delta,
    inverseDelta,
  };
}

function sumWires(
  bn254: Bn254,
  r1cs: R1cs,
  { layout, writeAt, tau }: { layout: KeyLayout; writeAt: WriteAt; tau: Address },
): WireSums {
  const { frm_mul: mul, frm_add: add, frm_fromMontgomery: fromMontgomery } = bn254.exports;
  const { constraintCount, wireCount } = r1cs;
  const publicCount = countPublicSignals(r1cs);
  const rows = evaluateRows(bn254, layout.domainSize, constraintCount + publicCount + 1, tau);
  const sums = [0, 1, 2].map(() => bn254.allocate(wireCount * ELEMENT_BYTES)) as [Address, Address, Address];
  const product = bn254.allocate(ELEMENT_BYTES);
  const section = new CoefficientSection(bn254, writeAt, layout.coefficientsOffset);
  visitTerms(r1cs, bn254, (matrix, constraint, wire, coefficient) => {
    const sum = sums[matrix] + wire * ELEMENT_BYTES;
    mul(coefficient, rows + constraint * ELEMENT_BYTES, product);
    add(sum, product, sum);
    if (matrix < 2) section.add(matrix, constraint, wire, coefficient);
  });
  // One row more for each public wire makes their polynomials independent, as Groth16 needs for its public inputs.
  for (let wire = 0; wire <= publicCount; wire++) {
    const sum = sums[0] + wire * ELEMENT_BYTES;
    fromMontgomery(rows + (constraintCount + wire) * ELEMENT_BYTES, product);
    add(sum, product, sum);
    section.addOne(0, constraintCount + wire, wire);
  }
  section.finish();
  return { a: sums[0], b: sums[1], c: sums[2] };
}

/** Turns each w into K, in place. */
function combineWires(bn254: Bn254, r1cs: R1cs, sums: WireSums, secrets: Secrets): void {
  const { frm_mul: mul, frm_add: add } = bn254.exports;
  const product = bn254.allocate(ELEMENT_BYTES);
  const publicCount = countPublicSignals(r1cs);
  for (let wire = 0; wire < r1cs.wireCount; wire++) {
    const offset = wire * ELEMENT_BYTES;
    const k = sums.c + offset;
    mul(sums.a + offset, secrets.beta, product);
    add(k, product, k);
    mul(sums.b + offset, secrets.alpha, product);
    add(k, product, k);
    if (wire > publicCount) mul(k, secrets.inverseDelta, k);
  }
}

/** The Lagrange basis at tau of the first `rowCount` rows of the domain, in Montgomery form. */
function evaluateRows(bn254: Bn254, domainSize: number, rowCount: number, tau: Address): Address {
  const rows = bn254.allocate(rowCount * ELEMENT_BYTES);
  const factor = evaluateVanishing(bn254, domainSize, tau);
  const coset = { first: 1n, step: rootOfUnity(Math.log2(domainSize)), count: rowCount };
  visitLagrangeValues(bn254, coset, { tau, factor }, (row, value) => {
    bn254.exports.frm_copy(value, rows + row * ELEMENT_BYTES);
  });
  return rows;
}

/** The Lagrange basis at tau of the odd points of twice the domain, over delta, not in Montgomery form. */
function visitOddRows(
  bn254: Bn254,
  domainSize: number,
  { tau, inverseDelta }: Secrets,
  visit: (row: number, value: Address) => void,
): void {
  const factor = evaluateVanishing(bn254, 2 * domainSize, tau);
  bn254.exports.frm_mul(factor, inverseDelta, factor);
  bn254.exports.frm_fromMontgomery(factor, factor);
  const root = rootOfUnity(Math.log2(2 * domainSize));
  const coset = { first: root, step: (root * root) % FIELD_MODULUS, count: domainSize };
  visitLagrangeValues(bn254, coset, { tau, factor }, visit);
}

/**
 * (tau^order - 1)/order in Montgomery form, for an order that is a power of two.
 * @throws Error where tau is in the domain, which a random one never is.
 */
function evaluateVanishing(bn254: Bn254, order: number, tau: Address): Address {
  const { frm_copy, frm_square, frm_sub, frm_mul, frm_inverse, frm_isZero } = bn254.exports;
  const value = bn254.allocate(ELEMENT_BYTES);
  frm_copy(tau, value);
  for (let power = 1; power < order; power *= 2) frm_square(value, value);
  frm_sub(value, placeConstant(bn254, 1n), value);
  if (frm_isZero(value) === 1) throw new Error('expected a tau outside the domain, got one inside');
  const inverseOrder = placeConstant(bn254, BigInt(order));
  frm_inverse(inverseOrder, inverseOrder);
  frm_mul(value, inverseOrder, value);
  return value;
}
