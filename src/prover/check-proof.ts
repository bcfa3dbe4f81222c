import { bn254 } from '@noble/curves/bn254.js';

import type { FieldElement, Proof, VerificationKey } from '../protocol/index.js';

const { G1, G2, fields, pairingBatch } = bn254;

/**
 * Whether a proof of our own verifies: `e(A, B) = e(alpha, beta) · e(IC, gamma) · e(C, delta)`. Twenty milliseconds
 * against seconds for the proof. It catches a key of another circuit and a fault of the machine; it is not the
 * verifier, which reads proofs of others and checks far more.
 */
export function isProofValid(
  key: VerificationKey,
  proof: Proof,
  publicSignals: readonly FieldElement[],
): boolean {
  if (key.ic.length !== publicSignals.length + 1) return false;
  try {
    let input = point1(key.ic[0]!);
    publicSignals.forEach((signal, index) => {
      input = input.add(point1(key.ic[index + 1]!).multiplyUnsafe(signal));
    });
    const product = pairingBatch([
      { g1: point1(proof.a).negate(), g2: point2(proof.b) },
      { g1: point1(key.alpha), g2: point2(key.beta) },
      { g1: input, g2: point2(key.gamma) },
      { g1: point1(proof.c), g2: point2(key.delta) },
    ]);
    return fields.Fp12.eql(product, fields.Fp12.ONE);
  } catch {
    // A point off its curve, or at infinity.
    return false;
  }
}

function point1([x, y]: readonly [string, string]) {
  const point = G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) });
  point.assertValidity();
  return point;
}

function point2([x, y]: readonly [readonly [string, string], readonly [string, string]]) {
  const point = G2.Point.fromAffine({
    x: { c0: BigInt(x[0]), c1: BigInt(x[1]) },
    y: { c0: BigInt(y[0]), c1: BigInt(y[1]) },
  });
  point.assertValidity();
  return point;
}
