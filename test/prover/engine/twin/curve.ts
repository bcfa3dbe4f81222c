import { BASE_FIELD, QUADRATIC_FIELD, type CoordinateField, type Quadratic } from './field.js';

/** An affine point; undefined is the point at infinity. */
export type Point<T> = { readonly x: T; readonly y: T } | undefined;

/** The points of y² = x³ + b over a field, b ≠ 0, with the chord-and-tangent law as it is in the books. */
export class CurveGroup<T> {
  readonly field: CoordinateField<T>;

  constructor(field: CoordinateField<T>) {
    this.field = field;
  }

  add(p: Point<T>, q: Point<T>): Point<T> {
    if (p === undefined) return q;
    if (q === undefined) return p;
    const { field } = this;
    const { x: px, y: py } = p;
    const { x: qx, y: qy } = q;
    if (field.isEqual(px, qx) && !field.isEqual(py, qy)) return undefined;
    const slope = field.isEqual(px, qx)
      ? this.#divide(this.#triple(field.multiply(px, px)), field.add(py, py))
      : this.#divide(field.subtract(qy, py), field.subtract(qx, px));
    const x = field.subtract(field.subtract(field.multiply(slope, slope), px), qx);
    return { x, y: field.subtract(field.multiply(slope, field.subtract(px, x)), py) };
  }

  negate(p: Point<T>): Point<T> {
    return p === undefined ? undefined : { x: p.x, y: this.field.subtract(this.field.zero, p.y) };
  }

  /** scalar·p for a scalar >= 0, by doubling and adding. */
  multiply(p: Point<T>, scalar: bigint): Point<T> {
    return this.multiplyAll([p], [scalar]);
  }

  /** Σ scalar_j·point_j for scalars >= 0: all of them bit by bit, from the top. */
  multiplyAll(points: readonly Point<T>[], scalars: readonly bigint[]): Point<T> {
    let sum: Point<T>;
    for (let bit = 255n; bit >= 0n; bit--) {
      sum = this.add(sum, sum);
      for (const [index, point] of points.entries()) {
        if ((scalars[index]! >> bit) & 1n) sum = this.add(sum, point);
      }
    }
    return sum;
  }

  #divide(a: T, b: T): T {
    return this.field.multiply(a, this.field.invert(b));
  }

  #triple(a: T): T {
    return this.field.add(this.field.add(a, a), a);
  }
}

/** G1: y² = x³ + 3 over F_p (EIP-196). */
export const G1 = new CurveGroup<bigint>(BASE_FIELD);

/** The group that holds G2: y² = x³ + 3/(9 + i) over F_p² (EIP-197). */
export const G2 = new CurveGroup<Quadratic>(QUADRATIC_FIELD);

/** The generator of G1. */
export const G1_GENERATOR = { x: 1n, y: 2n } as const;

/** The generator of G2 (EIP-197). */
export const G2_GENERATOR = {
  x: [
    10857046999023057135944570762232829481370756359578518086990519993285655852781n,
    11559732032986387107991004021392285783925812861821192530917403151452391805634n,
  ],
  y: [
    8495653923123431417604973247489272438418190587263600148770280649306958101930n,
    4082367875863433681332203403145435568316851327593401208105741076214120093531n,
  ],
} as const satisfies Point<Quadratic>;
