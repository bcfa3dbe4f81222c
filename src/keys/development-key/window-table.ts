import { type Group, POINT_BYTES } from '../../iden3/index.js';
import { type Bn254, groupOperations, type Address } from './bn254.js';

/** Scalars are below 2^254; the top window needs one bit more to take the last carry. */
const SCALAR_BITS = 255;
const MIN_WINDOW_BITS = 4;
/** A table of G2 takes 67 MB at 16 bits, once a worker. */
const MAX_WINDOW_BITS = 16;

/**
 * Sizes of a table of multiples of a generator: for each window j the points d·2^(j·windowBits)·G with
 * 1 <= d <= 2^(windowBits-1). Signed digits need no more.
 */
export type WindowShape = {
  readonly group: Group;
  readonly windowBits: number;
  readonly windowCount: number;
  readonly pointsPerWindow: number;
  readonly sizeBytes: number;
};

/** The shape whose table costs least, in additions, together with the multiplications that are made with it. */
export function windowShapeFor(group: Group, multiplicationCount: number): WindowShape {
  const cost = ({ windowCount, pointsPerWindow }: WindowShape) =>
    windowCount * (multiplicationCount + pointsPerWindow);
  let best = shapeOf(group, MIN_WINDOW_BITS);
  for (let bits = MIN_WINDOW_BITS + 1; bits <= MAX_WINDOW_BITS; bits++) {
    const shape = shapeOf(group, bits);
    if (cost(shape) < cost(best)) best = shape;
  }
  return best;
}

function shapeOf(group: Group, windowBits: number): WindowShape {
  const windowCount = Math.ceil(SCALAR_BITS / windowBits);
  const pointsPerWindow = 2 ** (windowBits - 1);
  return {
    group,
    windowBits,
    windowCount,
    pointsPerWindow,
    sizeBytes: windowCount * pointsPerWindow * POINT_BYTES[group],
  };
}

/**
 * Computes the points of one window at `output`, affine, in Montgomery form.
 *
 * The table doubles: with m multiples at hand, the (m+i)-th is the m-th plus the i-th, and the sums with i < m share
 * one inversion. The factors m and i differ and are far below the order of the group, so these sums are neither
 * doublings nor infinity.
 */
export function computeWindow(bn254: Bn254, shape: WindowShape, window: number, output: Address): void {
  const g = groupOperations(bn254, shape.group);
  const size = POINT_BYTES[shape.group];
  const coordinate = size / 2;
  const jacobian = bn254.allocate(3 * coordinate);
  const slope = bn254.allocate(coordinate);
  const scratchBytes = (shape.pointsPerWindow + 1) * coordinate;
  const inverses = bn254.allocate(shape.pointsPerWindow * coordinate, scratchBytes);

  bn254.bytes.copyWithin(jacobian, g.generator, g.generator + 3 * coordinate);
  for (let bit = 0; bit < window * shape.windowBits; bit++) g.double(jacobian, jacobian);
  g.toAffine(jacobian, output);
  for (let known = 1; known < shape.pointsPerWindow; known *= 2) {
    const last = output + (known - 1) * size;
    for (let i = 0; i < known - 1; i++) g.sub(output + i * size, last, inverses + i * coordinate);
    if (known > 1) g.batchInverse(inverses, coordinate, known - 1, inverses, coordinate);
    for (let i = 0; i < known - 1; i++) {
      const point = output + i * size;
      const sum = output + (known + i) * size;
      g.sub(point + coordinate, last + coordinate, slope);
      g.mul(slope, inverses + i * coordinate, slope);
      g.square(slope, sum);
      g.sub(sum, last, sum);
      g.sub(sum, point, sum);
      g.sub(last, sum, sum + coordinate);
      g.mul(sum + coordinate, slope, sum + coordinate);
      g.sub(sum + coordinate, last + coordinate, sum + coordinate);
    }
    g.addAffine(last, last, jacobian);
    g.toAffine(jacobian, output + (2 * known - 1) * size);
  }
}
