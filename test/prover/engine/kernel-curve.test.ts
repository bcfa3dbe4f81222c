import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';

import { KERNEL_BYTES, KERNEL_NAMES, type KernelGroup } from '../../../src/prover/engine/wasm/kernel.js';
import { G1, G1_GENERATOR, G2, G2_GENERATOR, type CurveGroup, type Point } from './twin/curve.js';
import { BASE_FIELD, SCALAR_FIELD } from './twin/field.js';
import { KernelValues, USABLE_KERNELS } from './kernel-values.js';

const SEED = 20_260_102;
const RUNS = Number(process.env.SOLVENT_PROPERTY_RUNS ?? 20);
/** More pairs than one batch holds. */
const MANY_PAIRS = 2100;

let values: KernelValues;

/** One group with its coordinates' type hidden. */
type GroupUnderTest = {
  readonly name: KernelGroup;
  readonly twin: CurveGroup<unknown>;
  readonly generator: Point<unknown>;
  readonly put: (points: readonly Point<unknown>[]) => number;
  readonly read: (address: number, count: number) => Point<unknown>[];
  readonly coordinates: (point: Point<unknown>) => bigint[];
};

const GROUPS: readonly GroupUnderTest[] = [
  {
    name: 'g1',
    twin: G1,
    generator: G1_GENERATOR,
    put: (points) => values.placePoints1(points as Point<bigint>[]),
    read: (address, count) => values.readPoints1(address, count),
    coordinates: (point) => [point!.x, point!.y] as bigint[],
  },
  {
    name: 'g2',
    twin: G2,
    generator: G2_GENERATOR,
    put: (points) => values.placePoints2(points as Point<[bigint, bigint]>[]),
    read: (address, count) => values.readPoints2(address, count),
    coordinates: (point) => [point!.x, point!.y].flat() as bigint[],
  },
];

const CASES = KERNEL_NAMES.flatMap((kernel) => GROUPS.map((group) => ({ kernel, ...group })));

describe.each(CASES)('the group $name of the kernel $kernel', (group) => {
  const { kernel, name, twin, generator, put, read, coordinates } = group;
  const it = USABLE_KERNELS.has(kernel) ? test : test.skip;

  beforeAll(async () => {
    if (USABLE_KERNELS.has(kernel)) values = await KernelValues.open(kernel);
  });

  const { point: pointBytes } = KERNEL_BYTES[name];
  const multiples = new Map<number, Point<unknown>>();
  /** A small multiple of the generator, negative ones too; 0 is infinity. */
  const multiple = (scalar: number): Point<unknown> => {
    const known = multiples.get(scalar);
    if (multiples.has(scalar)) return known;
    const point = scalar < 0 ? twin.negate(multiple(-scalar)) : twin.multiply(generator, BigInt(scalar));
    multiples.set(scalar, point);
    return point;
  };

  const addNeighbours = (points: readonly Point<unknown>[]): Point<unknown>[] =>
    values.kernel.scoped(() => {
      const source = put(points);
      const target = values.kernel.allocate((points.length / 2) * pointBytes);
      values.single[`${name}_add_each`](target, source, points.length / 2);
      return read(target, points.length / 2);
    });

  it.each([
    { behaviour: 'distinct points', p: 1, q: 2 },
    { behaviour: 'equal points', p: 3, q: 3 },
    { behaviour: 'opposite points', p: 3, q: -3 },
    { behaviour: 'infinity on the left', p: 0, q: 5 },
    { behaviour: 'infinity on the right', p: 5, q: 0 },
    { behaviour: 'infinity twice', p: 0, q: 0 },
  ])('adds $behaviour, in a batch of one', ({ p, q }) => {
    expect(addNeighbours([multiple(p), multiple(q)])).toEqual([multiple(p + q)]);
  });

  it('adds any mixture of pairs in one batch', () => {
    const scalar = fc.integer({ min: -4, max: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(scalar, scalar), { maxLength: 40 }), (pairs) => {
        const sums = addNeighbours(pairs.flatMap(([p, q]) => [multiple(p), multiple(q)]));
        expect(sums).toEqual(pairs.map(([p, q]) => multiple(p + q)));
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('adds more pairs than a batch holds', () => {
    const pairs = Array.from({ length: MANY_PAIRS }, (_, k) => [(k % 7) - 3, (k % 5) - 2] as const);
    const sums = addNeighbours(pairs.flatMap(([p, q]) => [multiple(p), multiple(q)]));
    expect(sums).toEqual(pairs.map(([p, q]) => multiple(p + q)));
  });

  it('sums points one after the other, equal, opposite and infinite ones too', () => {
    for (const scalars of [[], [0], [7], [2, 2], [2, -2], [2, -2, 5], [0, 3, 0, 3, -6, 1]]) {
      const sum = values.kernel.scoped(() => {
        const list = put(scalars.map(multiple));
        const result = values.kernel.allocate(pointBytes);
        values.kernel.exports[`${name}_sum`](result, list, scalars.length);
        return read(result, 1);
      });
      expect(sum).toEqual([multiple(scalars.reduce((total, scalar) => total + scalar, 0))]);
    }
  });

  it('multiplies by 0, 1, 2, the order less one, the order, and a scalar of full width', () => {
    const order = SCALAR_FIELD.modulus;
    for (const scalar of [0n, 1n, 2n, order - 1n, order, 0x1234_5678_9abc_def0n ** 3n % order]) {
      const product = values.kernel.scoped(() => {
        const result = values.kernel.allocate(pointBytes);
        const point = put([multiple(3)]);
        values.kernel.exports[`${name}_multiply`](result, point, values.placeWords(scalar));
        return read(result, 1);
      });
      expect(product).toEqual([twin.multiply(multiple(3), scalar % order)]);
    }
  });

  it('multiplies infinity to infinity', () => {
    const product = values.kernel.scoped(() => {
      const result = values.kernel.allocate(pointBytes);
      values.kernel.exports[`${name}_multiply`](result, put([undefined]), values.placeWords(5n));
      return read(result, 1);
    });
    expect(product).toEqual([undefined]);
  });

  it('imports points of a .zkey and stores plain coordinates', () => {
    const points = [1, 2, -5, 77].map(multiple);
    const ofZkey = points
      .flatMap(coordinates)
      .map((coordinate) => BASE_FIELD.multiply(coordinate, 1n << 256n));
    values.kernel.scoped(() => {
      const packed = values.placeWords(...ofZkey);
      const loaded = values.kernel.allocate(points.length * pointBytes);
      values.kernel.exports[`${name}_import`](packed, points.length);
      values.kernel.exports[`${name}_load`](loaded, packed, points.length);
      expect(read(loaded, points.length)).toEqual(points);
      values.kernel.exports[`${name}_store`](packed, loaded, points.length);
      expect(values.readWords(packed, ofZkey.length)).toEqual(points.flatMap(coordinates));
    });
  });
});
