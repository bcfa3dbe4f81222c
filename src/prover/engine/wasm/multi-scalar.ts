import { KERNEL_BYTES, MAX_WINDOW_BITS, SCALAR_BITS, type KernelGroup, type Kernel } from './kernel.js';

/** Points that are worked on at a time: it bounds the memory of a worker, and costs nothing. */
const SLICE_POINTS = 2 ** 20;

/** Digits of scalars in the kernel's memory: one row of 16-bit digits for each window. */
export type Digits = {
  readonly address: number;
  readonly scalarCount: number;
  readonly windowBits: number;
  /** Where all digits of higher windows are 0: how many may be others. */
  readonly windowCount?: number;
};

/** A part of a key: packed points of one or two groups, and for each the number of the scalar that it goes with. */
export type PointSet<G extends KernelGroup> = {
  readonly wires: Uint32Array;
  readonly points: Readonly<Record<G, Uint8Array>>;
};

/**
 * Σ scalar_w·point over the points of a set, for each of its groups: both share the digits and their order.
 * @returns addresses of affine points, in memory of the caller's scope.
 */
export function multiplyScalars<G extends KernelGroup>(
  kernel: Kernel,
  set: PointSet<G>,
  digits: Digits,
): Record<G, number> {
  const groups = groupsOf(set);
  const slices = cutSlices(set);
  const { windowBits, windowCount = countWindows(windowBits) } = digits;
  const partial = forEachGroup(groups, (group) => kernel.allocate(slices.length * KERNEL_BYTES[group].point));
  for (const [index, slice] of slices.entries()) {
    kernel.scoped(() => {
      const sums = sumWindows(kernel, slice, digits);
      for (const group of groups) {
        const result = partial[group] + index * KERNEL_BYTES[group].point;
        kernel.exports[`${group}_combine_windows`](result, sums[group], windowCount, windowBits);
      }
    });
  }
  for (const group of groups) kernel.exports[`${group}_sum`](partial[group], partial[group], slices.length);
  return partial;
}

/**
 * The sums of all windows of a slice, each as `windowBits` points that combine_windows takes.
 * @returns addresses of the points, in memory of the caller's scope.
 */
function sumWindows<G extends KernelGroup>(
  kernel: Kernel,
  slice: PointSet<G>,
  { address, scalarCount, windowBits, windowCount = countWindows(windowBits) }: Digits,
): Record<G, number> {
  const { exports } = kernel;
  const { wires, points } = slice;
  const groups = groupsOf(slice);
  const windowPoints = windowCount * windowBits;
  const sums = forEachGroup(groups, (group) => kernel.allocate(windowPoints * KERNEL_BYTES[group].point));
  kernel.scoped(() => {
    const bucketCount = 2 ** (windowBits - 1);
    const wireAddress = kernel.put(new Uint8Array(wires.buffer, wires.byteOffset, wires.byteLength));
    const pointAddress = forEachGroup(groups, (group) => kernel.put(points[group]));
    const entries = kernel.allocate(4 * wires.length);
    const ends = kernel.allocate(4 * bucketCount);
    const bucketBytes = Math.max(...groups.map((group) => KERNEL_BYTES[group].bucket));
    const buckets = kernel.allocate(bucketCount * bucketBytes);
    for (let window = 0; window < windowCount; window++) {
      const row = address + 2 * scalarCount * window;
      exports.sort_entries(entries, ends, bucketCount, row, wireAddress, wires.length);
      for (const group of groups) {
        const sum = sums[group] + window * windowBits * KERNEL_BYTES[group].point;
        exports[`${group}_fill_buckets`](buckets, bucketCount, ends, entries, pointAddress[group]);
        exports[`${group}_sum_buckets`](sum, buckets, windowBits - 1);
      }
    }
  });
  return sums;
}

/** Cuts a set into slices of bounded size, at least one. */
function cutSlices<G extends KernelGroup>(set: PointSet<G>): PointSet<G>[] {
  const { wires, points } = set;
  const count = Math.max(1, Math.ceil(wires.length / SLICE_POINTS));
  return Array.from({ length: count }, (_, slice) => {
    const [first, end] = [slice * SLICE_POINTS, (slice + 1) * SLICE_POINTS];
    return {
      wires: wires.subarray(first, end),
      points: forEachGroup(groupsOf(set), (group) => {
        const { packed } = KERNEL_BYTES[group];
        return points[group].subarray(first * packed, end * packed);
      }),
    };
  });
}

/**
 * Recodes scalars (32 bytes each, little-endian, in the kernel's memory) into signed digits.
 * @returns the digits, or the index of the first scalar that is not below the group's order.
 */
export function recodeScalars(
  kernel: Kernel,
  scalars: number,
  { count, windowBits }: { readonly count: number; readonly windowBits: number },
): Digits | number {
  const address = kernel.allocate(2 * count * countWindows(windowBits));
  const recoded = kernel.exports.recode_scalars(address, count, scalars, count, windowBits);
  return recoded === count ? { address, scalarCount: count, windowBits } : recoded;
}

/** Digits of memory that was just taken back, where the next allocation puts them. */
export function moveDigits(kernel: Kernel, digits: Digits): Digits {
  const { address: from, scalarCount, windowBits } = digits;
  const sizeBytes = 2 * scalarCount * countWindows(windowBits);
  const address = kernel.allocate(sizeBytes);
  new Uint8Array(kernel.exports.memory.buffer).copyWithin(address, from, from + sizeBytes);
  return { ...digits, address };
}

/** Windows of a scalar: as many as leave room for the carry in the top one. */
export function countWindows(windowBits: number): number {
  return Math.floor(SCALAR_BITS / windowBits) + 1;
}

/**
 * The window that costs the fewest additions for `wideScalars` scalars of full width: one for each window and scalar,
 * two for each window and bucket.
 */
export function chooseWindowBits(wideScalars: number): number {
  const cost = (bits: number) => countWindows(bits) * (wideScalars + 2 ** bits);
  let best = 2;
  for (let bits = 3; bits <= MAX_WINDOW_BITS; bits++) if (cost(bits) < cost(best)) best = bits;
  return best;
}

/** The groups that a set has points of. */
export function groupsOf<G extends KernelGroup>({ points }: PointSet<G>): G[] {
  return Object.keys(points) as G[];
}

/** A record with a value for each group. */
export function forEachGroup<G extends KernelGroup, T>(
  groups: readonly G[],
  use: (group: G) => T,
): Record<G, T> {
  return Object.fromEntries(groups.map((group) => [group, use(group)])) as Record<G, T>;
}
