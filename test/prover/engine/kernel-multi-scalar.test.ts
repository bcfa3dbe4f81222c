import fc from 'fast-check';
import { beforeAll, describe, expect, it, test } from 'vitest';

import { KERNEL_NAMES } from '../../../src/prover/engine/wasm/kernel.js';
import {
  chooseWindowBits,
  countWindows,
  multiplyScalars,
  recodeScalars,
  type Digits,
} from '../../../src/prover/engine/wasm/multi-scalar.js';
import { G1, G1_GENERATOR, G2, G2_GENERATOR, type Point } from './twin/curve.js';
import { splitDigits, SCALAR_FIELD, type Quadratic } from './twin/field.js';

import { KernelValues, USABLE_KERNELS } from './kernel-values.js';

const SEED = 20_260_103;
const RUNS = Number(process.env.SOLVENT_PROPERTY_RUNS ?? 10);
const ORDER = SCALAR_FIELD.modulus;

let values: KernelValues;

const scalar = fc.oneof(
  fc.bigInt(0n, ORDER - 1n),
  fc.bigInt(0n, 300n),
  fc.constantFrom(0n, 1n, 2n, ORDER - 1n, ORDER - 2n, ORDER / 2n, (1n << 253n) - 1n, 1n << 253n),
);

function recode(scalars: readonly bigint[], windowBits: number): Digits | number {
  return recodeScalars(values.kernel, values.placeWords(...scalars), { count: scalars.length, windowBits });
}

function readDigits({ address, scalarCount, windowBits }: Digits, index: number): bigint[] {
  const windowCount = countWindows(windowBits);
  const rows = new Int16Array(values.kernel.read(address, 2 * scalarCount * windowCount).buffer);
  return Array.from({ length: windowCount }, (_, window) => BigInt(rows[window * scalarCount + index]!));
}

describe('signed digits', () => {
  beforeAll(async () => {
    values = await KernelValues.open();
  });

  it('are those of the twin, for windows of 2 to 16 bits', () => {
    fc.assert(
      fc.property(
        fc.array(scalar, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 2, max: 16 }),
        (scalars, bits) => {
          values.kernel.scoped(() => {
            const digits = recode(scalars, bits) as Digits;
            for (const [index, value] of scalars.entries()) {
              expect(readDigits(digits, index)).toEqual(splitDigits(value, bits, countWindows(bits)));
            }
          });
        },
      ),
      { seed: SEED, numRuns: 10 * RUNS },
    );
  });

  it('leave no carry out of the top window, which keeps it', () => {
    for (let bits = 2; bits <= 16; bits++) {
      const top = splitDigits(ORDER - 1n, bits, countWindows(bits)).at(-1)!;
      expect(top >= 0n && top <= 1n << BigInt(bits - 1)).toBe(true);
      values.kernel.scoped(() => {
        expect(readDigits(recode([ORDER - 1n], bits) as Digits, 0).at(-1)).toBe(top);
      });
    }
  });

  it('refuse a scalar that is not below the order, and name it', () => {
    values.kernel.scoped(() => {
      expect(recode([1n, ORDER - 1n, ORDER, 5n], 8)).toBe(2);
      expect(recode([(1n << 256n) - 1n], 8)).toBe(0);
    });
  });
});

/** Σ scalars[wires[j]]·points[j] from the kernel, in both groups at once. */
function multiplyAll(
  scalars: readonly bigint[],
  wires: readonly number[],
  {
    points1,
    points2,
    windowBits,
  }: { points1: Point<bigint>[]; points2: Point<Quadratic>[]; windowBits: number },
): [Point<bigint>, Point<Quadratic>] {
  return values.kernel.scoped(() => {
    const digits = recode(scalars, windowBits) as Digits;
    const points = {
      g1: values.packPoints(
        'g1',
        points1.flatMap((point) => [point!.x, point!.y]),
      ),
      g2: values.packPoints(
        'g2',
        points2.flatMap((point) => [...point!.x, ...point!.y]),
      ),
    };
    const { g1, g2 } = multiplyScalars(values.kernel, { wires: Uint32Array.from(wires), points }, digits);
    return [values.readPoints1(g1, 1)[0], values.readPoints2(g2, 1)[0]];
  });
}

/** Small multiples of the generators, whose discrete logarithms make the expected sum cheap. */
const logarithms = Array.from({ length: 40 }, (_, index) => BigInt(index + 1));
const basis1: Point<bigint>[] = logarithms.map((log) => G1.multiply(G1_GENERATOR, log));
const basis2: Point<Quadratic>[] = logarithms.map((log) => G2.multiply(G2_GENERATOR, log));

function expectSum(
  scalars: readonly bigint[],
  terms: readonly { readonly wire: number; readonly log: number; readonly isNegative?: boolean }[],
  windowBits: number,
): void {
  const negate1 = (point: Point<bigint>, isNegative = false) => (isNegative ? G1.negate(point) : point);
  const negate2 = (point: Point<Quadratic>, isNegative = false) => (isNegative ? G2.negate(point) : point);
  const points1 = terms.map(({ log, isNegative }) => negate1(basis1[log], isNegative));
  const points2 = terms.map(({ log, isNegative }) => negate2(basis2[log], isNegative));
  const total = terms.reduce((sum, { wire, log, isNegative = false }) => {
    const term = scalars[wire]! * logarithms[log]!;
    return sum + (isNegative ? -term : term);
  }, 0n);
  const [sum1, sum2] = multiplyAll(
    scalars,
    terms.map(({ wire }) => wire),
    { points1, points2, windowBits },
  );
  const expected = SCALAR_FIELD.reduce(total);
  expect(sum1).toEqual(G1.multiply(G1_GENERATOR, expected));
  expect(sum2).toEqual(G2.multiply(G2_GENERATOR, expected));
}

describe.each(KERNEL_NAMES)('multi-scalar multiplication of the kernel %s', (kernel) => {
  const it = USABLE_KERNELS.has(kernel) ? test : test.skip;

  beforeAll(async () => {
    if (USABLE_KERNELS.has(kernel)) values = await KernelValues.open(kernel);
  });

  it('is the sum of the twin', () => {
    const scalars = [0n, 1n, ORDER - 1n, 12345n, ORDER / 3n];
    const [sum1, sum2] = multiplyAll(scalars, [0, 1, 2, 3, 4], {
      points1: basis1.slice(3, 8),
      points2: basis2.slice(3, 8),
      windowBits: 5,
    });
    expect(sum1).toEqual(G1.multiplyAll(basis1.slice(3, 8), scalars));
    expect(sum2).toEqual(G2.multiplyAll(basis2.slice(3, 8), scalars));
  });

  it('is right for any scalars, repeated and opposite points among them', () => {
    const term = fc.record({
      wire: fc.nat({ max: 19 }),
      log: fc.nat({ max: 39 }),
      isNegative: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(scalar, { minLength: 20, maxLength: 20 }),
        fc.array(term, { maxLength: 60 }),
        fc.integer({ min: 2, max: 10 }),
        expectSum,
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('of no points is infinity', () => {
    expect(multiplyAll([5n], [], { points1: [], points2: [], windowBits: 4 })).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('of one point is right for 0, 1, 2 and the order less one', () => {
    for (const value of [0n, 1n, 2n, ORDER - 1n]) expectSum([value], [{ wire: 0, log: 4 }], 4);
  });

  it('of scalars that are all 0 is infinity', () => {
    const terms = Array.from({ length: 12 }, (_, index) => ({ wire: index, log: index }));
    expectSum(new Array<bigint>(12).fill(0n), terms, 4);
  });

  it('of a point and its opposite with one scalar is infinity', () => {
    expectSum(
      [ORDER - 77n],
      [
        { wire: 0, log: 9 },
        { wire: 0, log: 9, isNegative: true },
      ],
      6,
    );
  });

  it('puts scalars that are all equal into one bucket a window, over several chunks', () => {
    const terms = Array.from({ length: 9000 }, (_, index) => ({ wire: 0, log: index % 40 }));
    expectSum([ORDER - 3n], terms, 3);
    expectSum([1n], terms, 3);
  });

  it('adds the same point many times over', () => {
    const terms = Array.from({ length: 5000 }, () => ({ wire: 0, log: 2 }));
    expectSum([7n], terms, 4);
  });

  it('fills buckets that chunks cut in two', () => {
    const scalars = Array.from({ length: 9000 }, (_, index) => BigInt((index * 7919) % 5));
    const terms = scalars.map((_, index) => ({
      wire: index,
      log: (index * 31) % 40,
      isNegative: index % 3 === 0,
    }));
    expectSum(scalars, terms, 4);
  });

  it('works with the widest window, most of whose buckets are empty', () => {
    expectSum(
      [ORDER - 1n, 1n << 200n, 32768n],
      [
        { wire: 0, log: 1 },
        { wire: 1, log: 2 },
        { wire: 2, log: 3 },
      ],
      16,
    );
  });
});

describe('the width of windows', () => {
  test('grows with the number of scalars, within what the kernel has room for', () => {
    const chosen = [0, 10, 1000, 2 ** 15, 2 ** 18, 2 ** 24].map(chooseWindowBits);
    expect(chosen).toEqual([...chosen].sort((a, b) => a - b));
    expect(chosen.at(0)).toBeGreaterThanOrEqual(2);
    expect(chosen.at(-1)).toBe(16);
  });
});
