import { beforeAll, describe, expect, it } from 'vitest';

import { KERNEL_BYTES, KERNEL_NAMES } from '../../../src/prover/engine/wasm/kernel.js';
import { findRootOfUnity, SCALAR_FIELD, evaluateOnDomain, interpolateOnDomain } from './twin/field.js';

import { KernelValues, USABLE_KERNELS } from './kernel-values.js';

const ORDER = SCALAR_FIELD.modulus;

let values: KernelValues;

/** Elements that no pattern is in, the same in every run. */
function scatter(count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => SCALAR_FIELD.power(BigInt(index + 3), 65_537n));
}

/** Values on the domain to values on its coset, by the kernel. */
function moveToCoset(input: readonly bigint[]): bigint[] {
  const { kernel } = values;
  const { exports } = kernel;
  const size = input.length;
  return kernel.scoped(() => {
    const vector = values.placeVector(input);
    const [roots, inverseRoots, coset] = [1, 2, 3].map(() => values.allocateVector(size)) as [
      number,
      number,
      number,
    ];
    exports.build_roots(roots, inverseRoots, values.placeWords(findRootOfUnity(size)), size);
    const shift = values.placeWords(findRootOfUnity(2 * size));
    exports.build_coset(coset, shift, values.placeWords(SCALAR_FIELD.invert(BigInt(size))), size);
    exports.interpolate(vector, size, inverseRoots);
    exports.multiply_vectors(vector, vector, coset, size);
    exports.evaluate(vector, size, roots);
    return values.readVector(vector, size);
  });
}

describe.each(KERNEL_NAMES)('the kernel %s', (name) => {
  const isSkipped = !USABLE_KERNELS.has(name);

  beforeAll(async () => {
    if (!isSkipped) values = await KernelValues.open(name);
  });

  describe.skipIf(isSkipped)('its transforms', () => {
    it.each([2, 4, 8, 16, 32, 64, 128, 512])('move %i values to the coset as the twin does', (size) => {
      for (const input of [
        scatter(size),
        new Array<bigint>(size).fill(0n),
        new Array<bigint>(size).fill(ORDER - 1n),
        [1n, ...new Array<bigint>(size - 1).fill(0n)],
        [...new Array<bigint>(size - 1).fill(0n), ORDER - 1n],
      ]) {
        const shift = findRootOfUnity(2 * size);
        expect(moveToCoset(input)).toEqual(evaluateOnDomain(interpolateOnDomain(input), shift));
      }
    });

    it('give the values back where two cosets make a circle', () => {
      // The coset of the coset is the domain itself, turned by one.
      const input = scatter(2048);
      const turned = moveToCoset(moveToCoset(input));
      expect(turned).toEqual([...input.slice(1), input[0]]);
    });

    it('join A·B - C into plain scalars', () => {
      const { kernel } = values;
      const [a, b, c] = [scatter(20), scatter(40).slice(20), scatter(60).slice(40)] as const;
      kernel.scoped(() => {
        const scalars = kernel.allocate(20 * KERNEL_BYTES.words);
        const [atA, atB, atC] = [a, b, c].map((vector) => values.placeVector(vector));
        kernel.exports.join_vectors(scalars, atA!, atB!, atC!, 20);
        expect(values.readWords(scalars, 20)).toEqual(
          a.map((value, index) => SCALAR_FIELD.reduce(value * b[index]! - c[index]!)),
        );
      });
    });

    it('negate a product of plain scalars', () => {
      for (const [a, b] of [
        [0n, 5n],
        [1n, 1n],
        [ORDER - 1n, ORDER - 1n],
        [123n, ORDER - 9n],
      ] as const) {
        const result = values.placeWords(0n);
        values.kernel.exports.negate_product(result, values.placeWords(a), values.placeWords(b));
        expect(values.readWords(result, 1)).toEqual([SCALAR_FIELD.reduce(-a * b)]);
      }
    });
  });

  describe.skipIf(isSkipped)('its rows', () => {
    it('sum coefficients times wires, wires of 0 and 1 and empty rows among them', () => {
      const { kernel } = values;
      const coefficients = [1n, ORDER - 1n, 2n, scatter(1)[0]!, 0n];
      const wires = [1n, 0n, ORDER - 1n, 2n ** 64n, 1n, 2n, ORDER / 2n];
      const rows = [
        [],
        [[0, 0]],
        [[1, 3]],
        [
          [2, 3],
          [3, 1],
          [4, 2],
          [0, 4],
        ],
        [],
        [
          [5, 0],
          [5, 0],
          [6, 1],
          [6, 3],
          [2, 2],
        ],
      ] as [number, number][][];
      kernel.scoped(() => {
        const table = kernel.allocate(coefficients.length * KERNEL_BYTES.coefficient);
        const ofZkey = coefficients.map((value) => SCALAR_FIELD.multiply(value, 1n << 512n));
        kernel.exports.import_coefficients(table, values.placeWords(...ofZkey), coefficients.length);
        const result = values.allocateVector(rows.length);
        const put = (words: Uint32Array) => kernel.put(new Uint8Array(words.buffer));
        // In slices, as a prover has them: each has ends and terms of its own.
        const at = values.placeWords(...wires);
        for (const [first, last] of [
          [0, 2],
          [2, rows.length],
        ] as const) {
          const slice = rows.slice(first, last);
          let end = 0;
          const ends = Uint32Array.from(slice.map((row) => (end += row.length)));
          const terms = Uint32Array.from(slice.flat().flat());
          const count = slice.length;
          kernel.exports.evaluate_rows(result, first, count, put(ends), put(terms), table, at);
        }
        expect(values.readVector(result, rows.length)).toEqual(
          rows.map((row) =>
            row.reduce(
              (sum, [wire, index]) => SCALAR_FIELD.reduce(sum + wires[wire]! * coefficients[index]!),
              0n,
            ),
          ),
        );
      });
    });
  });
});
