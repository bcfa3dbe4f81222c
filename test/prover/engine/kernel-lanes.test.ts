import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { findKernel } from '../../../src/prover/engine/wasm/choose-kernel.js';
import { Kernel } from '../../../src/prover/engine/wasm/kernel.js';
import { BASE_FIELD, SCALAR_FIELD } from './twin/field.js';
import { USABLE_KERNELS, type FieldName } from './kernel-values.js';

const SEED = 20_260_104;
const RUNS = Number(process.env.SOLVENT_PROPERTY_RUNS ?? 1000);
const LIMB_COUNT = 5;
const LIMB_BITS = 51n;
const RADIX = 1n << 255n;
const FIELDS = { fp: BASE_FIELD, fr: SCALAR_FIELD } as const;
/** The largest limb of an operand that is tight, and of the difference of two such. */
const TIGHT = (1n << 50n) + 64n;
const WIDE = 2n * TIGHT;

type LaneExports = Readonly<
  Record<`${FieldName}_two_multiply`, (result: number, a: number, b: number) => void> &
    Record<
      `${FieldName}_two_square` | `${FieldName}_two_tighten_loose`,
      (result: number, a: number) => void
    > &
    Record<`${FieldName}_lanes_work`, () => number>
>;

/** Has V8 do as on a processor without the instructions; only x64 has such processors, and the option. */
const WITHOUT_FUSED = ['--no-enable-fma3'];
const CHOICE = join(import.meta.dirname, 'choose-kernel-child.mjs');

type Choice = { readonly chosen: string; readonly named: string; readonly early: string };

/** What a process with these options of Node chooses. */
async function chooseWith(options: readonly string[]): Promise<Choice> {
  const { stdout } = await promisify(execFile)(process.execPath, [...options, CHOICE]);
  return JSON.parse(stdout) as Choice;
}

/** Five limbs, least first: an element in one lane. */
type Limbs = readonly bigint[];

let kernel: Kernel;
let lanes: LaneExports;

const valueOf = (limbs: Limbs) => limbs.reduceRight((sum, limb) => (sum << LIMB_BITS) + limb, 0n);

function put(first: Limbs, second: Limbs): number {
  const doubles = Float64Array.from(first.flatMap((limb, index) => [Number(limb), Number(second[index]!)]));
  return kernel.put(new Uint8Array(doubles.buffer));
}

function read(address: number): [Limbs, Limbs] {
  const doubles = [...new Float64Array(kernel.read(address, 16 * LIMB_COUNT).buffer)];
  const lane = (number: number) => doubles.filter((_, index) => index % 2 === number).map(BigInt);
  return [lane(0), lane(1)];
}

/** Limbs up to a bound, with its edges, of a value of at most 2.15p: products of two such are the largest allowed. */
function limbs(bound: bigint): fc.Arbitrary<Limbs> {
  const limb = fc.oneof(
    fc.bigInt(-bound, bound),
    fc.constantFrom(-bound, -bound + 1n, -1n, 0n, 1n, bound - 1n, bound),
  );
  // The two moduli agree in their upper half.
  const topBound = (215n * BASE_FIELD.modulus) / 100n / (1n << (4n * LIMB_BITS)) - 2n;
  const top = fc.oneof(fc.bigInt(-topBound, topBound), fc.constantFrom(-topBound, 0n, topBound));
  return fc.tuple(limb, limb, limb, limb, top);
}

/** Whether all limbs but the top one, which holds the rest of the value, are as small as tight ones. */
function isTight(result: Limbs): boolean {
  return result.slice(0, -1).every((limb) => limb <= TIGHT && limb >= -TIGHT);
}

function check<T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  property: (...args: T) => void,
): void {
  fc.assert(
    fc.property(fc.tuple<T>(...arbitraries), (args) => {
      kernel.scoped(() => {
        property(...args);
      });
    }),
    { seed: SEED, numRuns: RUNS },
  );
}

describe.skipIf(!USABLE_KERNELS.has('relaxed')).each(['fp', 'fr'] as const)(
  'two elements of %s side by side',
  (name) => {
    const field = FIELDS[name];
    const p = field.modulus;
    const perRadix = (value: bigint) => field.multiply(value, field.invert(RADIX));

    beforeAll(async () => {
      kernel = await Kernel.open('relaxed');
      lanes = kernel.exports as unknown as LaneExports;
    });

    it('multiply as integers do, each in its lane, and come out tight', () => {
      check([limbs(WIDE), limbs(TIGHT), limbs(WIDE), limbs(TIGHT)], (a0, b0, a1, b1) => {
        const result = kernel.allocate(16 * LIMB_COUNT);
        lanes[`${name}_two_multiply`](result, put(a0, a1), put(b0, b1));
        const [first, second] = read(result);
        expect(field.reduce(valueOf(first))).toBe(perRadix(valueOf(a0) * valueOf(b0)));
        expect(field.reduce(valueOf(second))).toBe(perRadix(valueOf(a1) * valueOf(b1)));
        expect(isTight(first) && isTight(second)).toBe(true);
      });
    });

    it('keep products of values below p and 2p within (0.379·a·b + 0.75)·p', () => {
      const below = (multiple: bigint) =>
        fc.bigInt(-multiple * p, multiple * p).map((value) => {
          const parts: bigint[] = [];
          let rest = value;
          for (let limb = 0; limb < LIMB_COUNT - 1; limb++) {
            const low = BigInt.asIntN(Number(LIMB_BITS), rest);
            parts.push(low);
            rest = (rest - low) >> LIMB_BITS;
          }
          return [...parts, rest];
        });
      check([below(1n), below(2n)], (a, b) => {
        const result = kernel.allocate(16 * LIMB_COUNT);
        lanes[`${name}_two_multiply`](result, put(a, b), put(b, a));
        const bound = (379n * 2n * p) / 1000n + (76n * p) / 100n;
        for (const lane of read(result)) {
          const value = valueOf(lane);
          expect(value < bound && value > -bound).toBe(true);
        }
      });
    });

    it('square as they multiply', () => {
      check([limbs(TIGHT), limbs(TIGHT)], (a, b) => {
        const result = kernel.allocate(16 * LIMB_COUNT);
        lanes[`${name}_two_square`](result, put(a, b));
        const [first, second] = read(result);
        expect(field.reduce(valueOf(first))).toBe(perRadix(valueOf(a) ** 2n));
        expect(field.reduce(valueOf(second))).toBe(perRadix(valueOf(b) ** 2n));
        expect(isTight(first) && isTight(second)).toBe(true);
      });
    });

    it('tighten sums of four elements to half of p', () => {
      check([limbs(4n * TIGHT), limbs(4n * TIGHT)], (a, b) => {
        const result = kernel.allocate(16 * LIMB_COUNT);
        lanes[`${name}_two_tighten_loose`](result, put(a, b));
        for (const [index, lane] of read(result).entries()) {
          const value = valueOf(lane);
          expect(field.reduce(value)).toBe(field.reduce(valueOf(index === 0 ? a : b)));
          expect(100n * value < 51n * p && 100n * value > -51n * p).toBe(true);
          expect(isTight(lane)).toBe(true);
        }
      });
    });

    it('are tested at start', () => {
      expect(lanes[`${name}_lanes_work`]()).toBe(1);
    });
  },
);

describe('the choice of a kernel', () => {
  it('is the operator’s where they name one that works', async () => {
    expect(await findKernel('plain')).toBe('plain');
    expect(['plain', 'relaxed']).toContain(await findKernel(''));
    await expect(findKernel('turbo')).rejects.toMatchObject({ code: 'engine-unknown' });
  });

  it.skipIf(process.arch !== 'x64')(
    'is the plain one on a machine without fused multiply-add, whose relaxed one fails the test at start',
    async () => {
      const { chosen, named } = await chooseWith(WITHOUT_FUSED);
      expect(chosen).toBe('plain');
      expect(named).toBe('engine-unavailable');
    },
  );

  it('holds for threads that started before it was made', async () => {
    const { chosen, early } = await chooseWith([]);
    // What the main thread can run, every thread can.
    expect(early).toBe(chosen);
  });
});
