import type { Proof } from '../../../protocol/index.js';
import type { Blinding } from './blinding.js';
import { KERNEL_BYTES, type Kernel } from './kernel.js';
import { loadConstants, multiplyPoint, readPoint1, readPoint2, sumPoints } from './points.js';

/** Addresses of the multi-scalar products of a proof: affine points. */
export type ProofSums = Readonly<Record<'a' | 'b1' | 'b2' | 'ch', number>>;

/**
 * A = α + Σa + r·δ, B = β + Σb + s·δ, C = Σch + s·A + r·B - r·s·δ (Groth16, section 3.2).
 * @param constants the packed points of the key, in its order.
 */
export function assembleProof(
  kernel: Kernel,
  constants: Uint8Array,
  { sums, blinding }: { readonly sums: ProofSums; readonly blinding: Blinding },
): Proof {
  const r = kernel.put(blinding.r);
  const s = kernel.put(blinding.s);
  const minusRS = kernel.allocate(KERNEL_BYTES.words);
  kernel.exports.negate_product(minusRS, r, s);
  const { alpha1, beta1, delta1, beta2, delta2 } = loadConstants(kernel, constants);
  const times = (point: number, scalar: number) => multiplyPoint(kernel, 'g1', point, scalar);
  const a = sumPoints(kernel, 'g1', [alpha1, sums.a, times(delta1, r)]);
  const b1 = sumPoints(kernel, 'g1', [beta1, sums.b1, times(delta1, s)]);
  const b2 = sumPoints(kernel, 'g2', [beta2, sums.b2, multiplyPoint(kernel, 'g2', delta2, s)]);
  const c = sumPoints(kernel, 'g1', [sums.ch, times(a, s), times(b1, r), times(delta1, minusRS)]);
  return { a: readPoint1(kernel, a), b: readPoint2(kernel, b2), c: readPoint1(kernel, c) };
}
