import { pippenger } from '@noble/curves/abstract/curve.js';
import { bn254 } from '@noble/curves/bn254.js';

import { concatBytes, hashLabelled, utf8ToBytes } from '../bytes.js';
import { SolventError, refuseProtocol } from '../errors.js';
import { BASE_FIELD_MODULUS, type FieldElement } from '../field.js';
import { decodeUint, encodeUint } from '../encoding.js';
import { wordCount, type RowLayout } from './layout.js';

const Curve = bn254.G1.Point;
const baseField = Curve.Fp;

/** A point of G1 of BN254, y^2 = x^3 + 3 (EIP-196); cofactor 1, so every point of the curve is in the group. */
export type CurvePoint = typeof Curve.BASE;

export type PointCode = 'point-form' | 'point-at-infinity';

/** Bytes of a point: x big-endian, bit 255 set where y is odd, bit 254 clear. */
export const POINT_BYTES = 32;
export const INFINITY: CurvePoint = Curve.ZERO;

const ODD_BIT = 1n << 255n;
const GENERATOR_LABEL = 'solvent/generator/v2';

/** The generators that rows of a layout are committed with. Nobody knows a relation between any of them. */
export type Generators = {
  /** H: carries the blinds. */
  readonly blind: CurvePoint;
  /** G_1 .. G_W: carry the words. */
  readonly words: readonly CurvePoint[];
};

/**
 * The 32 bytes of a point.
 * @throws SolventError `point-at-infinity`: infinity has no form, and a run that comes to it is refused.
 */
export function encodePoint(point: CurvePoint): Uint8Array {
  if (point.is0()) {
    throw refuseProtocol('point-at-infinity', { expected: 'a point other than infinity', found: 'infinity' });
  }
  const { x, y } = point.toAffine();
  return encodeUint(y % 2n === 1n ? x | ODD_BIT : x, POINT_BYTES);
}

/**
 * Reads the 32 bytes of a point. Each point has one form: x below p and on the curve, bit 254 clear.
 * @throws SolventError `point-form`.
 */
export function parsePoint(bytes: Uint8Array): CurvePoint {
  if (bytes.length !== POINT_BYTES) throw refuseForm();
  const stated = decodeUint(bytes);
  const x = stated % ODD_BIT;
  if (x >= BASE_FIELD_MODULUS) throw refuseForm();
  const y = evenRootOf(x);
  if (y === undefined) throw refuseForm();
  // The group's order is odd, so no point has y = 0 and y and -y differ in their last bit.
  return Curve.fromAffine({ x, y: stated >= ODD_BIT ? BASE_FIELD_MODULUS - y : y });
}

/**
 * point(name): for c = 0, 1, .. the first `x = int(sha(GEN, name ‖ 0 ‖ be_4(2c)) ‖ sha(GEN, name ‖ 0 ‖ be_4(2c+1))) mod p`
 * for which x^3 + 3 is a square; the even y.
 * @param name ASCII without a zero byte.
 */
export function hashToPoint(name: string): CurvePoint {
  for (let attempt = 0; ; attempt++) {
    const [high, low] = [2 * attempt, 2 * attempt + 1].map((counter) =>
      hashLabelled(GENERATOR_LABEL, utf8ToBytes(name), encodeUint(counter, 4)),
    );
    const x = decodeUint(concatBytes(high!, low!)) % BASE_FIELD_MODULUS;
    const y = evenRootOf(x);
    if (y !== undefined) return Curve.fromAffine({ x, y });
  }
}

/** The coordinates of a point, as proofs and keys spell those of theirs. */
export function spellPoint(point: CurvePoint): [string, string] {
  const { x, y } = point.toAffine();
  return [x.toString(), y.toString()];
}

const generatorsByLayout = new Map<string, Generators>();
const pointsByName = new Map<string, CurvePoint>();

/** H = point("H"), on which every blind lies. */
export function blindGenerator(): CurvePoint {
  return namedPoint('H');
}

/** Gw = point("weights"), on which the weighted totals of a run lie. */
export function weightsGenerator(): CurvePoint {
  return namedPoint('weights');
}

/**
 * H and G_i = point(kind "/" B "/" k "/" i), i = 1 .. W. They hang on kind, index bits and slots alone, so that points
 * outlive a change of the number of rows.
 */
export function generatorsOf(layout: RowLayout): Generators {
  const prefix = `${layout.kind}/${layout.indexBits}/${layout.slots}`;
  const known = generatorsByLayout.get(prefix);
  if (known !== undefined) return known;
  const words = Array.from({ length: wordCount(layout) }, (_, index) =>
    hashToPoint(`${prefix}/${index + 1}`),
  );
  const made = { blind: blindGenerator(), words };
  generatorsByLayout.set(prefix, made);
  return made;
}

/** The sum of points times scalars; infinity for none. Readable and not fast: not in constant time either. */
export function combinePoints(points: readonly CurvePoint[], scalars: readonly FieldElement[]): CurvePoint {
  if (points.length !== scalars.length) {
    throw new RangeError(`expected ${points.length} scalars, got ${scalars.length}`);
  }
  return points.length === 0 ? INFINITY : pippenger(Curve, [...points], [...scalars]);
}

function namedPoint(name: string): CurvePoint {
  let point = pointsByName.get(name);
  if (point === undefined) pointsByName.set(name, (point = hashToPoint(name)));
  return point;
}

/** The even y with y^2 = x^3 + 3, or undefined where there is none; 0 <= x < p. */
function evenRootOf(x: bigint): bigint | undefined {
  const square = baseField.add(baseField.mul(baseField.sqr(x), x), 3n);
  // p = 3 mod 4: this power is a root wherever there is one.
  const root = baseField.pow(square, (BASE_FIELD_MODULUS + 1n) / 4n);
  if (!baseField.eql(baseField.sqr(root), square)) return undefined;
  return root % 2n === 0n ? root : BASE_FIELD_MODULUS - root;
}

function refuseForm(): SolventError<PointCode> {
  return refuseProtocol('point-form', {
    expected: 'a point of the curve in its one form of 32 bytes',
    found: 'others',
  });
}
