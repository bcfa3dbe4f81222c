import { littleEndianToBigint } from '../../../iden3/index.js';
import { KERNEL_BYTES, type KernelGroup, type Kernel } from './kernel.js';

/** Addresses of the points of a key that are not one for each wire. */
export type Constants = Readonly<Record<'alpha1' | 'beta1' | 'delta1' | 'beta2' | 'delta2', number>>;

/** Unpacks alpha1, beta1, delta1, beta2, delta2. */
export function loadConstants(kernel: Kernel, packed: Uint8Array): Constants {
  const { g1, g2 } = KERNEL_BYTES;
  const from = kernel.put(packed);
  const first = kernel.allocate(3 * g1.point);
  const second = kernel.allocate(2 * g2.point);
  kernel.exports.g1_load(first, from, 3);
  kernel.exports.g2_load(second, from + 3 * g1.packed, 2);
  return {
    alpha1: first,
    beta1: first + g1.point,
    delta1: first + 2 * g1.point,
    beta2: second,
    delta2: second + g2.point,
  };
}

/** scalar·point, for the address of a scalar of 32 bytes. */
export function multiplyPoint(kernel: Kernel, group: KernelGroup, point: number, scalar: number): number {
  const result = kernel.allocate(KERNEL_BYTES[group].point);
  kernel.exports[`${group}_multiply`](result, point, scalar);
  return result;
}

/** The sum of affine points. */
export function sumPoints(kernel: Kernel, group: KernelGroup, points: readonly number[]): number {
  const { point: pointBytes } = KERNEL_BYTES[group];
  const list = kernel.allocate(points.length * pointBytes);
  const result = kernel.allocate(pointBytes);
  for (const [index, point] of points.entries()) {
    kernel.bytes(list + index * pointBytes, pointBytes).set(kernel.bytes(point, pointBytes));
  }
  kernel.exports[`${group}_sum`](result, list, points.length);
  return result;
}

/** The plain coordinates of a point of G1, in decimal; (0, 0) is infinity. */
export function readPoint1(kernel: Kernel, point: number): [string, string] {
  return readParts(kernel, 'g1', point) as [string, string];
}

/** The plain coordinates of a point of G2, in decimal, real part first. */
export function readPoint2(kernel: Kernel, point: number): [[string, string], [string, string]] {
  const [x0, x1, y0, y1] = readParts(kernel, 'g2', point) as [string, string, string, string];
  return [
    [x0, x1],
    [y0, y1],
  ];
}

function readParts(kernel: Kernel, group: KernelGroup, point: number): string[] {
  const { packed } = KERNEL_BYTES[group];
  const bytes = kernel.scoped(() => {
    const address = kernel.allocate(packed);
    kernel.exports[`${group}_store`](address, point, 1);
    return kernel.read(address, packed);
  });
  const parts: string[] = [];
  for (let at = 0; at < packed; at += KERNEL_BYTES.words) {
    parts.push(littleEndianToBigint(bytes.subarray(at, at + KERNEL_BYTES.words)).toString());
  }
  return parts;
}
