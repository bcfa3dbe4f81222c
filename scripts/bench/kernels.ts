/**
 * The kernel beside ffjavascript's primitives, which snarkjs proves with, in one run: the same values, one thread each,
 * results compared. Processor time of the fastest of a few rounds, which other programs on the machine disturb least.
 */
import { renderTable } from '../../src/presentation/index.js';
import { bigintToLittleEndian, rootOfUnity } from '../../src/iden3/index.js';
import { findKernel } from '../../src/prover/engine/wasm/choose-kernel.js';
import { importPacked } from '../../src/prover/engine/wasm/convert-points.js';
import { Kernel, KERNEL_BYTES, type KernelGroup } from '../../src/prover/engine/wasm/kernel.js';
import {
  chooseWindowBits,
  multiplyScalars,
  recodeScalars,
  type Digits,
} from '../../src/prover/engine/wasm/multi-scalar.js';
import { describeScript, parseFrom } from '../command-line.js';
import { SeededRandom } from '../generate/random.js';
import { openFfjavascript } from './ffjavascript.js';

const values = describeScript('npm run bench:kernels --', {
  does: 'Measure the kernel beside the primitives of ffjavascript, which snarkjs proves with: same values, one thread.',
  examples: ['', '--power 14 --rounds 5'],
})
  .option(
    '--power <exponent>',
    'transforms and sums of points have 2^exponent elements',
    parseFrom(8, 22),
    16,
  )
  .option('--rounds <count>', 'rounds, of which the fastest counts', parseFrom(1, 1000), 3)
  .parse()
  .opts<{ readonly power: number; readonly rounds: number }>();

/** The operations that the kernel exports one by one. */
type SingleExports = Readonly<
  Record<'fp_multiply' | 'fr_multiply', (to: number, a: number, b: number) => void>
>;

/** What the kernel exports to fill a vector. */
type VectorExports = Readonly<Record<'write_vector', (vector: number, words: number, count: number) => void>>;

/** What one operation takes, in nanoseconds an element. */
type Row = { readonly operation: string; readonly theirs: number; readonly ours: number };

const MULTIPLICATIONS = 2_000_000;
const count = 2 ** values.power;
const { rounds } = values;
const random = new SeededRandom(1);

const kernelName = await findKernel(undefined);
const kernel = await Kernel.open(kernelName);
const theirs = await openFfjavascript();
const rows: Row[] = [];
for (const field of ['fp', 'fr'] as const) rows.push(await measureMultiplication(field));
rows.push(await measureTransform());
for (const group of ['g1', 'g2'] as const) rows.push(await measureProduct(group));
console.log(`\nKernel ${kernelName}; 2^${values.power} elements, one thread\n`);
console.log(
  renderTable(
    [
      { title: 'operation' },
      { title: 'ffjavascript', align: 'right' },
      { title: 'kernel', align: 'right' },
      { title: 'ratio', align: 'right' },
    ],
    rows.map(({ operation, theirs: before, ours }) => [
      operation,
      formatNanoseconds(before),
      formatNanoseconds(ours),
      `${(before / ours).toFixed(2)} x`,
    ]),
  ),
);
await theirs.close();

/** Single products, each called from JavaScript, in both: of plain elements in all kernels. */
async function measureMultiplication(field: 'fp' | 'fr'): Promise<Row> {
  const multiply = (kernel.exports as unknown as SingleExports)[`${field}_multiply`];
  const bytes = randomScalars(1);
  return {
    operation: `product in ${field === 'fp' ? 'the base field' : 'the scalar field'}, called from JavaScript`,
    theirs: await fastest(MULTIPLICATIONS, () => {
      theirs.multiply(field, bytes, MULTIPLICATIONS);
    }),
    ours: await fastest(MULTIPLICATIONS, () => {
      kernel.scoped(() => {
        const a = kernel.allocate(KERNEL_BYTES.element);
        // Limbs of any value will do.
        kernel.bytes(a, KERNEL_BYTES.element).fill(3);
        for (let made = 0; made < MULTIPLICATIONS; made++) multiply(a, a, a);
      });
    }),
  };
}

/** From coefficients to values: in the kernel without reversing bits, which its order of elements spares. */
async function measureTransform(): Promise<Row> {
  const elements = randomScalars(count);
  const [roots, inverseRoots, vector] = Array.from({ length: 3 }, () =>
    kernel.allocate(count * KERNEL_BYTES.entry),
  ) as [number, number, number];
  const root = kernel.put(bigintToLittleEndian(rootOfUnity(Math.log2(count)), KERNEL_BYTES.words));
  kernel.exports.build_roots(roots, inverseRoots, root, count);
  (kernel.exports as unknown as VectorExports).write_vector(vector, kernel.put(elements), count);
  return {
    operation: 'number-theoretic transform, an element',
    theirs: await fastest(count, () => theirs.transform(elements)),
    ours: await fastest(count, () => {
      kernel.exports.evaluate(vector, count, roots);
    }),
  };
}

/** Sums of scalars of full width times points. */
async function measureProduct(group: KernelGroup): Promise<Row> {
  const scalars = randomScalars(count);
  const points = await theirs.listPoints(group, count);
  const packed = importPacked(kernel, group, points);
  const wires = Uint32Array.from({ length: count }, (_, index) => index);
  const multiply = () =>
    kernel.scoped(() => {
      const windowBits = chooseWindowBits(count);
      const digits = recodeScalars(kernel, kernel.put(scalars), { count, windowBits }) as Digits;
      const sums = multiplyScalars(
        kernel,
        { wires, points: { [group]: packed } as Record<KernelGroup, Uint8Array> },
        digits,
      );
      const result = kernel.allocate(KERNEL_BYTES[group].packed);
      kernel.exports[`${group}_store`](result, sums[group], 1);
      return kernel.read(result, KERNEL_BYTES[group].packed);
    });
  const expected = await theirs.multiplyScalars(group, points, scalars);
  if (Buffer.compare(multiply(), expected) !== 0) {
    throw new Error(`expected the sum in ${group} that ffjavascript computes, got another`);
  }
  return {
    operation: `multi-scalar product in ${group === 'g1' ? 'G1' : 'G2'}, a point`,
    theirs: await fastest(count, () => theirs.multiplyScalars(group, points, scalars)),
    ours: await fastest(count, () => {
      multiply();
    }),
  };
}

/** Nanoseconds of processor time for each of `elements`, in the fastest round after one that is not counted. */
async function fastest(elements: number, run: () => unknown): Promise<number> {
  await run();
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (1000 * (user + system)) / elements);
  }
  return best;
}

/** Plain scalars of full width, little-endian, each below the order: the top byte is below that of the order. */
function randomScalars(scalarCount: number): Uint8Array {
  const bytes = new Uint8Array(scalarCount * KERNEL_BYTES.words);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = random.below(at % KERNEL_BYTES.words === KERNEL_BYTES.words - 1 ? 0x30 : 256);
  }
  return bytes;
}

function formatNanoseconds(value: number): string {
  return value < 1000 ? `${value.toFixed(1)} ns` : `${(value / 1000).toFixed(2)} µs`;
}
