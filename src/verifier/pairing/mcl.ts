import mcl, { type Fr, type G1, type G2, type GT } from 'mcl-wasm';

import type { FieldElement, VerificationKey } from '../../protocol/index.js';
import { MAX_COMBINED_PROOFS, MAX_NAMED_FAULTS } from '../limits.js';
import type { KeyFault, PairingBackend, PointFault, ProofClaim, ProofFault, SameRatio } from './backend.js';
import {
  findG1Fault,
  findTwistFault,
  GENERATOR_1,
  GENERATOR_2,
  ORDER,
  OUTSIDE_SUBGROUP,
  type AffineG1,
  type AffineG2,
} from './curve.js';

/** The arithmetic cannot be relied upon, or was asked what makes no sense: our bug, and never a verdict. */
export class PairingError extends Error {
  override readonly name = 'PairingError';
  readonly code = 'pairing-unusable';
}

type Key = {
  readonly alpha: G1;
  readonly beta: G2;
  readonly gamma: G2;
  readonly delta: G2;
  readonly ic: G1[];
};

/** One claim with its random factor r: e(r·A, B) before the final exponentiation, and what else r weighs. */
type Term = {
  readonly claimIndex: number;
  readonly keyIndex: number;
  readonly factor: Fr;
  /** r as an integer. */
  readonly weight: bigint;
  readonly publicSignals: readonly FieldElement[];
  readonly miller: GT;
  readonly c: G1;
};

let ready: Promise<void> | undefined;

/**
 * Pairings by mcl in WebAssembly, in this thread.
 *
 * Proofs are checked together: with a fresh random 128-bit factor r for each,
 * `Π e(r·A, B) = Π_keys e(Σr·alpha, beta) · e(Σr·vk_x, gamma) · e(Σr·C, delta)`, which holds for a false proof with
 * a probability of 2^-128. Where it does not hold, halves are checked until the false ones are found.
 */
export async function createPairing(): Promise<PairingBackend> {
  ready ??= mcl.init(mcl.BN_SNARK1);
  await ready;
  assertCurve();
  assertArithmetic();
  return {
    inspectKey: (key) => attempt(() => findKeyFault(key)),
    haveSameRatio: (ratios) => attempt(() => holdRatios(ratios)),
    isSumZero: (points, scalars) => attempt(() => isSumZero(points, scalars)),
    verifyProofs: (keys, claims, onProgress) => attempt(() => findFaults(keys, claims, onProgress)),
  };
}

function findKeyFault(key: VerificationKey): KeyFault | undefined {
  const g1: [string, AffineG1][] = [
    ['alpha', key.alpha],
    ...key.ic.map((point, index): [string, AffineG1] => [`ic.${index}`, point]),
  ];
  const g2: [string, AffineG2][] = [
    ['beta', key.beta],
    ['gamma', key.gamma],
    ['delta', key.delta],
  ];
  for (const [name, point] of g1) {
    const kind = findG1Fault(point);
    if (kind !== undefined) return { point: name, kind };
  }
  for (const [name, point] of g2) {
    const kind = findG2Fault(point);
    if (kind !== undefined) return { point: name, kind };
  }
  return undefined;
}

function findFaults(
  keys: readonly VerificationKey[],
  claims: readonly ProofClaim[],
  onProgress: (done: number) => void = () => undefined,
): ProofFault[] {
  const loaded = keys.map(loadKey);
  const faults: ProofFault[] = [];
  for (let start = 0; start < claims.length; start += MAX_COMBINED_PROOFS) {
    const terms: Term[] = [];
    claims.slice(start, start + MAX_COMBINED_PROOFS).forEach((claim, offset) => {
      const fault = findProofFault(claim);
      if (fault === undefined) terms.push(weigh(claim, start + offset));
      else faults.push({ claimIndex: start + offset, kind: fault });
      onProgress(start + offset + 1);
    });
    search(loaded, terms, faults);
    if (faults.length >= MAX_NAMED_FAULTS) break;
  }
  return faults;
}

/** e(from, multiple) = e(to, base) for all ratios, each weighed by a fresh random factor of 128 bits. */
function holdRatios(ratios: readonly SameRatio[]): boolean {
  const isSound = ratios.every(
    ({ from, to, base, multiple }) =>
      [from, to].every((point) => findG1Fault(point) === undefined) &&
      [base, multiple].every((point) => findG2Fault(point) === undefined),
  );
  if (!isSound) return false;
  const factors = ratios.flatMap(({ from, to, base, multiple }) => {
    const factor = toFr(drawWeight());
    const left = mcl.millerLoop(mcl.mul(toG1(from), factor), toG2(multiple));
    return [left, mcl.millerLoop(mcl.neg(mcl.mul(toG1(to), factor)), toG2(base))];
  });
  assertCurve();
  return mcl.finalExp(factors.reduce((left, right) => mcl.mul(left, right))).isOne();
}

function isSumZero(points: readonly AffineG1[], scalars: readonly FieldElement[]): boolean {
  if (points.length !== scalars.length) {
    throw new PairingError(`expected ${points.length} scalars, got ${scalars.length}`);
  }
  return points.length === 0 || mcl.mulVec(points.map(toG1), scalars.map(toFr)).isZero();
}

function findProofFault({ proof }: ProofClaim): PointFault | undefined {
  return findG1Fault(proof.a) ?? findG1Fault(proof.c) ?? findG2Fault(proof.b);
}

function findG2Fault(point: AffineG2): PointFault | undefined {
  const fault = findTwistFault(point);
  if (fault !== undefined) return fault;
  return toG2(point).isValidOrder() ? undefined : 'point-not-in-subgroup';
}

function weigh({ keyIndex, publicSignals, proof }: ProofClaim, claimIndex: number): Term {
  const weight = drawWeight();
  const factor = toFr(weight);
  const miller = mcl.millerLoop(mcl.mul(toG1(proof.a), factor), toG2(proof.b));
  return { claimIndex, keyIndex, factor, weight, publicSignals, miller, c: toG1(proof.c) };
}

/** Halves the terms until each that does not hold is alone, or enough are named. */
function search(keys: readonly Key[], terms: readonly Term[], faults: ProofFault[]): void {
  if (terms.length === 0 || faults.length >= MAX_NAMED_FAULTS || holdTogether(keys, terms)) return;
  if (terms.length === 1) {
    faults.push({ claimIndex: terms[0]!.claimIndex, kind: 'equation' });
    return;
  }
  const middle = Math.ceil(terms.length / 2);
  search(keys, terms.slice(0, middle), faults);
  search(keys, terms.slice(middle), faults);
}

function holdTogether(keys: readonly Key[], terms: readonly Term[]): boolean {
  let product = terms.map(({ miller }) => miller).reduce((left, right) => mcl.mul(left, right));
  keys.forEach((key, keyIndex) => {
    const own = terms.filter((term) => term.keyIndex === keyIndex);
    if (own.length > 0) product = mcl.mul(product, computeKeySide(key, own));
  });
  assertCurve();
  return mcl.finalExp(product).isOne();
}

/** e(−Σr·alpha, beta) · e(−Σr·vk_x, gamma) · e(−Σr·C, delta) before the final exponentiation. */
function computeKeySide(key: Key, terms: readonly Term[]): GT {
  // As integers, reduced once at the end: an operation of mcl on a scalar costs more to call than to do.
  const sums = key.ic.map(() => 0n);
  for (const { weight, publicSignals } of terms) {
    if (publicSignals.length + 1 !== sums.length) {
      throw new PairingError(`expected ${sums.length - 1} public signals, got ${publicSignals.length}`);
    }
    sums[0]! += weight;
    publicSignals.forEach((signal, index) => {
      if (signal < 0n || signal >= ORDER)
        throw new PairingError('expected public signals below r, got another');
      sums[index + 1]! += weight * signal;
    });
  }
  const weights = sums.map((sum) => toFr(sum % ORDER));
  const alpha = mcl.mul(key.alpha, weights[0]!);
  const publics = mcl.mulVec(key.ic, weights);
  const c = mcl.mulVec(
    terms.map((term) => term.c),
    terms.map((term) => term.factor),
  );
  return [
    mcl.millerLoop(mcl.neg(alpha), key.beta),
    mcl.millerLoop(mcl.neg(publics), key.gamma),
    mcl.millerLoop(mcl.neg(c), key.delta),
  ].reduce((left, right) => mcl.mul(left, right));
}

/** 128 bits from the system, never 0. */
function drawWeight(): bigint {
  const words = crypto.getRandomValues(new BigUint64Array(2));
  const weight = (words[0]! << 64n) | words[1]!;
  return weight === 0n ? drawWeight() : weight;
}

function loadKey({ alpha, beta, gamma, delta, ic }: VerificationKey): Key {
  return { alpha: toG1(alpha), beta: toG2(beta), gamma: toG2(gamma), delta: toG2(delta), ic: ic.map(toG1) };
}

function toFr(value: bigint): Fr {
  const element = new mcl.Fr();
  // Throws at and above the modulus.
  element.setStr(value.toString(), 10);
  return element;
}

function toFp(text: string) {
  const element = new mcl.Fp();
  // Throws at and above the modulus, where `setLittleEndian` would mask.
  element.setStr(text, 10);
  return element;
}

function toFp2([real, imaginary]: AffineG2[0]) {
  const element = new mcl.Fp2();
  element.set_a(toFp(real));
  element.set_b(toFp(imaginary));
  return element;
}

/** The point, whether or not it is on the curve: `setStr` of points would check it in a way that globals change. */
function toG1([x, y]: AffineG1): G1 {
  const point = new mcl.G1();
  point.setX(toFp(x));
  point.setY(toFp(y));
  point.setZ(toFp('1'));
  return point;
}

function toG2([x, y]: AffineG2): G2 {
  const point = new mcl.G2();
  point.setX(toFp2(x));
  point.setY(toFp2(y));
  point.setZ(toFp2(['1', '0']));
  return point;
}

/** The module is one for the whole thread: another user of it may have set another curve since. */
function assertCurve(): void {
  if (mcl.curveType !== mcl.BN_SNARK1)
    throw new PairingError('expected the curve BN254, got another that was set after it');
}

/**
 * What every answer rests on: that a product of pairings is told from 1, a sum of points from infinity, and the subgroup from
 * the rest of the twist. A build of the library that is wrong here must not answer at all.
 */
function assertArithmetic(): void {
  const generator = toG1(GENERATOR_1);
  const right = toG2(GENERATOR_2);
  const product = mcl.millerLoop(generator, right);
  const inverse = mcl.millerLoop(mcl.neg(generator), right);
  const addsUp = (...scalars: readonly bigint[]) =>
    mcl.mulVec([generator, mcl.neg(generator), generator], scalars.map(toFr)).isZero();
  const isSound =
    addsUp(ORDER - 2n, 5n, 7n) &&
    !addsUp(ORDER - 2n, 5n, 8n) &&
    !mcl.finalExp(product).isOne() &&
    mcl.finalExp(mcl.mul(product, inverse)).isOne() &&
    right.isValidOrder() &&
    !toG2(OUTSIDE_SUBGROUP).isValidOrder();
  if (!isSound) throw new PairingError('expected pairings that hold for known points, got others');
}

/** Runs a computation where a caller may await it, with its errors as rejections. */
function attempt<T>(compute: () => T): Promise<T> {
  return new Promise((resolve) => {
    assertCurve();
    resolve(compute());
  });
}
