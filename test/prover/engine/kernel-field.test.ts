import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { BASE_FIELD, QUADRATIC_FIELD, SCALAR_FIELD, type Quadratic } from './twin/field.js';
import { KernelValues, RADIX } from './kernel-values.js';

const SEED = 20_260_101;
const RUNS = Number(process.env.SOLVENT_PROPERTY_RUNS ?? 500);

let values: KernelValues;

beforeAll(async () => {
  values = await KernelValues.open();
});

/** Runs a property with fixed randomness; each run gives its memory back. */
function check<T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  property: (...args: T) => void,
): void {
  fc.assert(
    fc.property(fc.tuple<T>(...arbitraries), (args) => {
      values.kernel.scoped(() => {
        property(...args);
      });
    }),
    { seed: SEED, numRuns: RUNS },
  );
}

describe.each([
  { name: 'fp', field: BASE_FIELD },
  { name: 'fr', field: SCALAR_FIELD },
] as const)('the field $name of the kernel', ({ name, field }) => {
  const p = field.modulus;
  /** Values below 12p, as sums of a few elements are, with the edges of each multiple of p. */
  const loose = fc.oneof(
    fc.bigInt(0n, 12n * p - 1n),
    fc.constantFrom(0n, 1n, p - 1n, p, p + 1n, 2n * p - 1n, 2n * p, 11n * p, 12n * p - 1n),
    fc.constantFrom(...Array.from({ length: 9 }, (_, limb) => (1n << BigInt(29 * limb)) - 1n)),
  );
  const perRadix = (value: bigint) => field.multiply(value, field.invert(RADIX));

  it('multiplies as its twin does, and stays below 3p', () => {
    check([loose, loose], (a, b) => {
      const result = values.placeLimbs(0n);
      values.single[`${name}_multiply`](result, values.placeLimbs(a), values.placeLimbs(b));
      const found = values.readLimbs(result);
      expect(field.reduce(found)).toBe(perRadix(a * b));
      expect(found < 3n * p).toBe(true);
    });
  });

  it('multiplies in place', () => {
    check([loose], (a) => {
      const address = values.placeLimbs(a);
      values.single[`${name}_multiply`](address, address, address);
      expect(field.reduce(values.readLimbs(address))).toBe(perRadix(a * a));
    });
  });

  it('squares as its twin does, and stays below 3p', () => {
    check([loose], (a) => {
      const result = values.placeLimbs(0n);
      values.single[`${name}_square`](result, values.placeLimbs(a));
      const found = values.readLimbs(result);
      expect(field.reduce(found)).toBe(perRadix(a * a));
      expect(found < 3n * p).toBe(true);
    });
  });

  it('adds and subtracts without reducing', () => {
    check([loose, loose], (a, b) => {
      const result = values.placeLimbs(0n);
      values.single[`${name}_add_loosely`](result, values.placeLimbs(a), values.placeLimbs(b));
      expect(values.readLimbs(result)).toBe(a + b);
      values.single[`${name}_subtract_loosely`](result, values.placeLimbs(a), values.placeLimbs(b));
      expect(values.readLimbs(result)).toBe(a - b + 12n * p);
    });
  });

  it('tightens values below 64p to just above p', () => {
    check([fc.oneof(loose, fc.bigInt(0n, 64n * p - 1n), fc.constantFrom(63n * p, 64n * p - 1n))], (a) => {
      const result = values.placeLimbs(0n);
      values.single[`${name}_tighten_loose`](result, values.placeLimbs(a));
      const found = values.readLimbs(result);
      expect(field.reduce(found)).toBe(field.reduce(a));
      expect(found < p + (p >> 15n)).toBe(true);
    });
  });

  it('knows zero, whatever multiple of p stands for it', () => {
    check([fc.integer({ min: 0, max: 63 }), fc.integer({ min: -1, max: 1 })], (multiple, offset) => {
      const value = BigInt(multiple) * p + BigInt(offset);
      if (value < 0n) return;
      expect(values.single[`${name}_test_zero`](values.placeLimbs(value))).toBe(offset === 0 ? 1 : 0);
    });
  });

  it('inverts as its twin does, 0 to 0', () => {
    const small = fc.oneof(
      fc.bigInt(0n, 1n << 64n),
      fc.nat({ max: 255 }).map((bit) => 1n << BigInt(bit)),
    );
    check([fc.oneof(loose, small)], (a) => {
      const result = values.placeLimbs(0n);
      values.single[`${name}_find_inverse`](result, values.placeLimbs(a));
      const found = values.readLimbs(result);
      // The operand is z·R, the result R/z.
      expect(field.reduce(found)).toBe(field.multiply(field.invert(a), RADIX * RADIX));
      expect(found < 3n * p).toBe(true);
    });
  });

  it('reads any 256-bit words and writes canonical ones', () => {
    const words = fc.oneof(
      fc.bigInt(0n, (1n << 256n) - 1n),
      fc.constantFrom(0n, 1n, p - 1n, p, p + 1n, (1n << 256n) - 1n),
    );
    check([words], (a) => {
      const element = values.placeLimbs(0n);
      const plain = values.placeWords(0n);
      values.single[`${name}_read_words`](element, values.placeWords(a));
      expect(field.reduce(values.readLimbs(element))).toBe(field.multiply(field.reduce(a), RADIX));
      values.single[`${name}_write_words`](plain, element);
      expect(values.readWords(plain, 1)).toEqual([field.reduce(a)]);
    });
  });
});

describe('the quadratic field of the kernel', () => {
  const p = BASE_FIELD.modulus;
  const part = fc.oneof(fc.bigInt(0n, 3n * p - 1n), fc.constantFrom(0n, 1n, p - 1n, p, 2n * p, 3n * p - 1n));
  const element = fc.tuple(part, part);
  const plain = ([c0, c1]: readonly [bigint, bigint]): Quadratic => {
    const inverse = BASE_FIELD.invert(RADIX);
    return [BASE_FIELD.multiply(c0, inverse), BASE_FIELD.multiply(c1, inverse)];
  };
  const read = (address: number) => asQuadratic(values.readElements(BASE_FIELD, address, 2));

  it('multiplies as its twin does', () => {
    check([element, element], (a, b) => {
      const result = values.placeLimbs(0n, 0n);
      values.single.fp2_multiply(result, values.placeLimbs(...a), values.placeLimbs(...b));
      expect(read(result)).toEqual(QUADRATIC_FIELD.multiply(plain(a), plain(b)));
      for (const offset of [0, 36]) expect(values.readLimbs(result + offset) < 3n * p).toBe(true);
    });
  });

  it('squares as its twin does', () => {
    check([element], (a) => {
      const result = values.placeLimbs(0n, 0n);
      values.single.fp2_square(result, values.placeLimbs(...a));
      expect(read(result)).toEqual(QUADRATIC_FIELD.multiply(plain(a), plain(a)));
    });
  });

  it('inverts by the norm', () => {
    for (const a of [
      [1n, 0n],
      [0n, 1n],
      [p - 1n, p - 1n],
      [5n, p + 7n],
      [0n, 0n],
    ] as const) {
      const result = values.placeLimbs(0n, 0n);
      values.single.fp2_find_inverse(result, values.placeLimbs(...a));
      expect(read(result)).toEqual(QUADRATIC_FIELD.invert(plain(a)));
    }
  });
});

function asQuadratic(parts: readonly bigint[]): Quadratic {
  return [parts[0]!, parts[1]!];
}
