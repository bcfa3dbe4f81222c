import { ELEMENT_BYTES, POINT_BYTES } from '../../iden3/index.js';
import { type Address, type Bn254, groupOperations, type GroupOperations } from './bn254.js';
import type { WindowShape } from './window-table.js';

/** Points that share one inversion; their accumulators stay in the second-level cache. */
const LANES = 1024;

/**
 * Multiplies a generator by many scalars with a table of its multiples. Each scalar is cut into signed digits, one a
 * window. In each window one table point is added to every accumulator in affine form, all with one inversion. That
 * takes about half the cost of mixed Jacobian additions.
 */
export class Multiplier {
  readonly #bn254: Bn254;
  readonly #g: GroupOperations;
  readonly #shape: WindowShape;
  readonly #pointBytes: number;
  readonly #coordinateBytes: number;
  readonly #table: Address;
  readonly #sums: Address;
  readonly #inverses: Address;
  readonly #slope: Address;
  /** Signed digits, those of one window together. */
  readonly #digits: Int32Array;
  /** Lanes whose sum is no longer infinity. */
  readonly #started = new Uint8Array(LANES);
  /** The lanes that one inversion serves, and the table points to add to them. */
  readonly #activeLanes = new Int32Array(LANES);
  readonly #activePoints = new Int32Array(LANES);

  /** @param table all windows of `shape`, as `computeWindow` makes them. */
  constructor(bn254: Bn254, shape: WindowShape, table: Uint8Array) {
    this.#bn254 = bn254;
    this.#shape = shape;
    this.#g = groupOperations(bn254, shape.group);
    this.#pointBytes = POINT_BYTES[shape.group];
    this.#coordinateBytes = this.#pointBytes / 2;
    this.#digits = new Int32Array(LANES * shape.windowCount);
    const scratchBytes = (LANES + 1) * this.#coordinateBytes;
    this.#table = bn254.allocate(shape.sizeBytes);
    this.#sums = bn254.allocate(LANES * this.#pointBytes);
    this.#inverses = bn254.allocate(LANES * this.#coordinateBytes);
    this.#slope = bn254.allocate(4 * this.#coordinateBytes, scratchBytes);
    bn254.bytes.set(table, this.#table);
  }

  /**
   * Multiplies the generator by each scalar.
   * @param scalars 32 bytes each, little-endian, below the order of the group.
   * @param emit takes the affine points of one stretch, in Montgomery form, infinity as zeros; a view that changes
   * after it returns.
   */
  multiply(scalars: Uint8Array, emit: (points: Uint8Array) => void): void {
    const stretchBytes = LANES * ELEMENT_BYTES;
    for (let start = 0; start < scalars.length; start += stretchBytes) {
      const stretch = scalars.subarray(start, start + stretchBytes);
      const lanes = stretch.length / ELEMENT_BYTES;
      this.#cutDigits(stretch, lanes);
      const { bytes } = this.#bn254;
      bytes.fill(0, this.#sums, this.#sums + lanes * this.#pointBytes);
      this.#started.fill(0);
      for (let window = 0; window < this.#shape.windowCount; window++) this.#addWindow(window, lanes);
      emit(bytes.subarray(this.#sums, this.#sums + lanes * this.#pointBytes));
    }
  }

  /** Overwrites what the last scalars left behind. */
  wipe(): void {
    this.#digits.fill(0);
    this.#started.fill(0);
    this.#activeLanes.fill(0);
    this.#activePoints.fill(0);
  }

  #cutDigits(scalars: Uint8Array, lanes: number): void {
    const { windowBits, windowCount, pointsPerWindow } = this.#shape;
    const mask = 2 ** windowBits - 1;
    for (let lane = 0; lane < lanes; lane++) {
      let carry = 0;
      for (let window = 0; window < windowCount; window++) {
        const bit = window * windowBits;
        const byte = lane * ELEMENT_BYTES + (bit >>> 3);
        const end = (lane + 1) * ELEMENT_BYTES;
        const low = scalars[byte]!;
        const middle = byte + 1 < end ? scalars[byte + 1]! : 0;
        const high = byte + 2 < end ? scalars[byte + 2]! : 0;
        let digit = (((low | (middle << 8) | (high << 16)) >>> (bit & 7)) & mask) + carry;
        carry = digit > pointsPerWindow ? 1 : 0;
        if (carry === 1) digit -= mask + 1;
        this.#digits[window * LANES + lane] = digit;
      }
    }
  }

  #addWindow(window: number, lanes: number): void {
    const { pointsPerWindow } = this.#shape;
    const g = this.#g;
    const firstPoint = this.#table + window * pointsPerWindow * this.#pointBytes;
    let active = 0;
    for (let lane = 0; lane < lanes; lane++) {
      const digit = this.#digits[window * LANES + lane]!;
      if (digit === 0) continue;
      const point = firstPoint + (Math.abs(digit) - 1) * this.#pointBytes;
      const sum = this.#sums + lane * this.#pointBytes;
      if (this.#started[lane] === 0) {
        this.#started[lane] = 1;
        (digit < 0 ? g.negAffine : g.copyAffine)(point, sum);
        continue;
      }
      const difference = this.#inverses + active * this.#coordinateBytes;
      g.sub(point, sum, difference);
      if (g.isZero(difference) === 1) {
        this.#double(lane);
        continue;
      }
      this.#activeLanes[active] = lane;
      this.#activePoints[active] = point;
      active += 1;
    }
    if (active === 0) return;
    g.batchInverse(this.#inverses, this.#coordinateBytes, active, this.#inverses, this.#coordinateBytes);
    this.#addActive(window, active);
  }

  #addActive(window: number, active: number): void {
    const { mul, add, sub, square, copy } = this.#g;
    const slope = this.#slope;
    const coordinate = this.#coordinateBytes;
    const x3 = slope + coordinate;
    for (let k = 0; k < active; k++) {
      const lane = this.#activeLanes[k]!;
      const x2 = this.#activePoints[k]!;
      const x1 = this.#sums + lane * this.#pointBytes;
      const y1 = x1 + coordinate;
      const negative = this.#digits[window * LANES + lane]! < 0;
      // For the negative of a table point the slope changes its sign, and so does the step back.
      if (negative) add(x2 + coordinate, y1, slope);
      else sub(x2 + coordinate, y1, slope);
      mul(slope, this.#inverses + k * coordinate, slope);
      square(slope, x3);
      sub(x3, x1, x3);
      sub(x3, x2, x3);
      if (negative) sub(x3, x1, x1);
      else sub(x1, x3, x1);
      mul(slope, x1, slope);
      sub(slope, y1, y1);
      copy(x3, x1);
    }
  }

  /**
   * The sum and the table point have the same x. Below the top window both are multiples of the generator by different
   * integers far below its order r. In the top window the table point can be the sum plus r times the generator, which
   * is the sum. That they are opposites would take a scalar of r.
   */
  #double(lane: number): void {
    const sum = this.#sums + lane * this.#pointBytes;
    this.#g.addAffine(sum, sum, this.#slope);
    this.#g.toAffine(this.#slope, sum);
  }
}
