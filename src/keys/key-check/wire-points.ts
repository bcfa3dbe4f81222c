import { ELEMENT_BYTES, POINT_BYTES, readR1cs, visitTerms, type R1cs } from '../../iden3/index.js';
import { importPacked, KERNEL_BYTES, type Kernel } from '../../prover/engine/kernel.js';
import { Bn254 } from '../development-key/bn254.js';
import { countPublicSignals } from '../development-key/key-layout.js';
import { placeBytes } from '../development-key/lagrange.js';
import { PointReader } from './point-reader.js';
import { MULTIPLES, recodeCoefficient, WINDOW_BITS, WINDOW_COUNT } from './recode.js';

/** Rows of a circuit from `first` to before `end`, and where the three bases stand that their terms multiply. */
export type RowRange = {
  readonly r1csPath: string;
  readonly ptauPath: string;
  /** Of the first row of the circuit, for the terms of A, B and C: the Lagrange basis times beta, times alpha, and alone. */
  readonly positions: readonly [number, number, number];
  readonly first: number;
  readonly end: number;
};

/** Points of some wires, affine and in Montgomery form as files hold them. */
export type WirePoints = { readonly wires: Uint32Array; readonly points: Uint8Array };

/** Rows whose tables are in memory at a time: 100 MB. */
const BLOCK_ROWS = 2 ** 15;
/** Wires that are summed together. */
const CHUNK_WIRES = 2 ** 12;
const POINT = KERNEL_BYTES.g1.point;
const PACKED = KERNEL_BYTES.g1.packed;

/**
 * What some rows of a circuit add to the point of each wire that they name: Σ_k a_(k,i)·βL_k + b_(k,i)·αL_k + c_(k,i)·L_k
 * (Groth16, section 3.2, before the division by gamma or delta).
 *
 * Each row's basis points are multiplied by 1 to 16 once. A wire then needs one addition for each digit of each of its
 * coefficients, which are made in batches over many wires, and one doubling for each bit.
 * @throws PointOffCurve; SolventError `r1cs-malformed`.
 */
export function multiplyRows(kernel: Kernel, range: RowRange): WirePoints[] {
  const parts: WirePoints[] = [];
  for (let first = range.first; first < range.end; first += BLOCK_ROWS) {
    const block = { ...range, first, end: Math.min(range.end, first + BLOCK_ROWS) };
    parts.push(kernel.scoped(() => multiplyBlock(kernel, block)));
  }
  return parts;
}

function multiplyBlock(kernel: Kernel, range: RowRange): WirePoints {
  const terms = readTerms(readR1cs(range.r1csPath), range);
  const table = buildTable(kernel, range);
  const points = new Uint8Array(terms.wires.length * PACKED);
  for (let first = 0; first < terms.wires.length; first += CHUNK_WIRES) {
    const end = Math.min(terms.wires.length, first + CHUNK_WIRES);
    const chunk = kernel.scoped(() => sumWires(kernel, terms, { table, first, end }));
    points.set(chunk, first * PACKED);
  }
  return { wires: terms.wires, points: toMontgomery(points) };
}

/** The terms of a block, those of one wire together. */
type Terms = {
  /** The wires that have a term, in their order. */
  readonly wires: Uint32Array;
  /** Where the terms of each of these wires end. */
  readonly ends: Uint32Array;
  /** Of each term its basis: the matrix times the rows of the block, and the row within the block. */
  readonly bases: Uint32Array;
  readonly digits: Int8Array;
  /** Rows of the block: three bases each. */
  readonly rowCount: number;
};

function readTerms(r1cs: R1cs, { first, end }: RowRange): Terms {
  const counts = new Uint32Array(r1cs.wireCount + 1);
  visitBlock(r1cs, { first, end }, (_matrix, _row, wire) => {
    counts[wire]!++;
  });
  const wires = Uint32Array.from(counts.keys()).filter((wire) => counts[wire]! > 0);
  const next = new Uint32Array(r1cs.wireCount);
  let total = 0;
  for (const wire of wires) {
    next[wire] = total;
    total += counts[wire]!;
  }
  const rowCount = end - first;
  const bases = new Uint32Array(total);
  const digits = new Int8Array(total * WINDOW_COUNT);
  visitBlock(r1cs, { first, end }, (matrix, row, wire, view, coefficient) => {
    const term = next[wire]!++;
    bases[term] = matrix * rowCount + row - first;
    recodeCoefficient(view, coefficient, digits, term * WINDOW_COUNT);
  });
  return { wires, ends: Uint32Array.from(wires, (wire) => next[wire]!), bases, digits, rowCount };
}

type VisitTerm = (matrix: number, row: number, wire: number, view: DataView, coefficient: number) => void;

/** The terms of the rows of a block, and for each public wire the row of its own after the last constraint. */
function visitBlock(r1cs: R1cs, { first, end }: Pick<RowRange, 'first' | 'end'>, visit: VisitTerm): void {
  const memory = new TermWindow();
  visitTerms(r1cs, memory, (matrix, row, wire, coefficient) => {
    if (row >= first && row < end) visit(matrix, row, wire, memory.view, coefficient);
  });
  const one = new DataView(new ArrayBuffer(ELEMENT_BYTES));
  one.setUint32(0, 1, true);
  for (let wire = 0; wire <= countPublicSignals(r1cs); wire++) {
    const row = r1cs.constraintCount + wire;
    if (row >= first && row < end) visit(0, row, wire, one, 0);
  }
}

/** Memory that terms are read into, outside of any kernel. */
class TermWindow {
  bytes = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);

  allocate(sizeBytes: number): number {
    this.bytes = new Uint8Array(sizeBytes);
    this.view = new DataView(this.bytes.buffer);
    return 0;
  }
}

/** The bases of a block times 1 to 16: all of them times 1 first. */
function buildTable(kernel: Kernel, { ptauPath, positions, first, end }: RowRange): number {
  const rowCount = end - first;
  const count = 3 * rowCount;
  const reader = new PointReader();
  const table = kernel.allocate(MULTIPLES * count * PACKED);
  for (const [matrix, start] of positions.entries()) {
    const source = {
      group: 'G1',
      from: ptauPath,
      position: start + first * POINT_BYTES.G1,
      count: rowCount,
    } as const;
    const points = importPacked(kernel, 'g1', reader.read(source));
    kernel.bytes(table + matrix * rowCount * PACKED, points.length).set(points);
  }
  kernel.scoped(() => {
    const buckets = kernel.allocate(count * KERNEL_BYTES.g1.bucket);
    const points = kernel.allocate(count * POINT);
    const entryAddress = kernel.allocate(8 * count);
    const endAddress = kernel.allocate(4 * count);
    const { buffer } = kernel.exports.memory;
    const entries = new Uint32Array(buffer, entryAddress, 2 * count);
    new Uint32Array(buffer, endAddress, count).forEach((_, index, ends) => (ends[index] = 2 * (index + 1)));
    for (let multiple = 2; multiple <= MULTIPLES; multiple++) {
      const before = (multiple - 2) * count;
      for (let index = 0; index < count; index++) {
        entries[2 * index] = 2 * (before + index);
        entries[2 * index + 1] = 2 * index;
      }
      kernel.exports.g1_fill_buckets(buckets, count, endAddress, entryAddress, table);
      kernel.exports.g1_read_buckets(points, buckets, count);
      kernel.exports.g1_pack(table + (multiple - 1) * count * PACKED, points, count);
    }
  });
  return table;
}

type Chunk = { readonly table: number; readonly first: number; readonly end: number };

/** The points of the wires of a chunk, plain coordinates. */
function sumWires(kernel: Kernel, terms: Terms, { table, first, end }: Chunk): Uint8Array {
  const { exports } = kernel;
  const count = end - first;
  const firstTerm = first === 0 ? 0 : terms.ends[first - 1]!;
  const termCount = terms.ends[end - 1]! - firstTerm;
  const buckets = kernel.allocate(count * KERNEL_BYTES.g1.bucket);
  const windows = kernel.allocate(WINDOW_COUNT * count * POINT);
  const sums = kernel.allocate(WINDOW_COUNT * WINDOW_BITS * POINT);
  const results = kernel.allocate(count * POINT);
  const stored = kernel.allocate(count * PACKED);
  const entryAddress = kernel.allocate(4 * termCount);
  const endAddress = kernel.allocate(4 * count);
  const { buffer } = exports.memory;
  const entries = new Uint32Array(buffer, entryAddress, termCount);
  const ends = new Uint32Array(buffer, endAddress, count);
  const tops = new Uint8Array(count);
  for (let window = 0; window < WINDOW_COUNT; window++) {
    collectEntries(terms, { window, first, entries, ends, tops });
    const to = windows + window * count * POINT;
    if (ends[count - 1] === 0) {
      kernel.bytes(to, count * POINT).fill(0);
      continue;
    }
    exports.g1_fill_buckets(buckets, count, endAddress, entryAddress, table);
    exports.g1_read_buckets(to, buckets, count);
  }
  const pointWords = POINT / 4;
  const from = new Uint32Array(buffer, windows, WINDOW_COUNT * count * pointWords);
  const target = new Uint32Array(buffer, sums, WINDOW_COUNT * WINDOW_BITS * pointWords).fill(0);
  for (let index = 0; index < count; index++) {
    for (let window = 0; window < tops[index]!; window++) {
      const start = (window * count + index) * pointWords;
      const at = window * WINDOW_BITS * pointWords;
      for (let word = 0; word < pointWords; word++) target[at + word] = from[start + word]!;
    }
    exports.g1_combine_windows(results + index * POINT, sums, tops[index]!, WINDOW_BITS);
  }
  exports.g1_store(stored, results, count);
  return kernel.read(stored, count * PACKED);
}

type WindowEntries = {
  readonly window: number;
  readonly first: number;
  readonly entries: Uint32Array;
  readonly ends: Uint32Array;
  /** For each wire one more than the highest window in which it has a digit so far. */
  readonly tops: Uint8Array;
};

/** The entries of one window: for each wire of a chunk the multiples that its terms add. */
function collectEntries(terms: Terms, { window, first, entries, ends, tops }: WindowEntries): void {
  const multipleCount = 3 * terms.rowCount;
  let term = first === 0 ? 0 : terms.ends[first - 1]!;
  let filled = 0;
  for (let index = 0; index < ends.length; index++) {
    const before = filled;
    for (const end = terms.ends[first + index]!; term < end; term++) {
      const digit = terms.digits[term * WINDOW_COUNT + window]!;
      if (digit === 0) continue;
      const multiple = (Math.abs(digit) - 1) * multipleCount + terms.bases[term]!;
      entries[filled++] = 2 * multiple + (digit < 0 ? 1 : 0);
    }
    if (filled > before) tops[index] = window + 1;
    ends[index] = filled;
  }
}

/** Plain coordinates, little-endian, to Montgomery form. */
function toMontgomery(points: Uint8Array): Uint8Array {
  const bn254 = new Bn254();
  const address = placeBytes(bn254, points);
  for (let at = 0; at < points.length; at += ELEMENT_BYTES) {
    bn254.exports.f1m_toMontgomery(address + at, address + at);
  }
  return bn254.bytes.slice(address, address + points.length);
}

/** Adds up the points of several row ranges: one point for each of `wireCount` wires, at infinity where a wire has no term. */
export function joinWirePoints(
  kernel: Kernel,
  parts: readonly WirePoints[],
  wireCount: number,
): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(wireCount * PACKED);
  const joined = new Uint8Array(shared);
  const places = new Map<number, Uint8Array[]>();
  const seen = new Uint8Array(wireCount);
  for (const { wires, points } of parts) {
    for (const [index, wire] of wires.entries()) {
      const point = points.subarray(index * PACKED, (index + 1) * PACKED);
      const at = joined.subarray(wire * PACKED, (wire + 1) * PACKED);
      if (seen[wire] === 1) places.set(wire, [...(places.get(wire) ?? [at.slice()]), point]);
      else at.set(point);
      seen[wire] = 1;
    }
  }
  const wires = [...places.keys()];
  if (wires.length === 0) return shared;
  const sums = toMontgomery(kernel.scoped(() => addUp(kernel, [...places.values()])));
  for (const [index, wire] of wires.entries()) {
    joined.set(sums.subarray(index * PACKED, (index + 1) * PACKED), wire * PACKED);
  }
  return shared;
}

/** The sum of each list of points, plain coordinates. */
function addUp(kernel: Kernel, lists: readonly (readonly Uint8Array[])[]): Uint8Array {
  const count = lists.length;
  const points = kernel.put(importPacked(kernel, 'g1', Buffer.concat(lists.flat())));
  const ends = kernel.allocate(4 * count);
  const entryCount = lists.reduce((sum, list) => sum + list.length, 0);
  const entries = kernel.allocate(4 * entryCount);
  const buckets = kernel.allocate(count * KERNEL_BYTES.g1.bucket);
  const sums = kernel.allocate(count * POINT);
  const stored = kernel.allocate(count * PACKED);
  const { buffer } = kernel.exports.memory;
  new Uint32Array(buffer, entries, entryCount).forEach((_, index, all) => (all[index] = 2 * index));
  let end = 0;
  for (const [index, list] of lists.entries())
    new Uint32Array(buffer, ends, count)[index] = end += list.length;
  kernel.exports.g1_fill_buckets(buckets, count, ends, entries, points);
  kernel.exports.g1_read_buckets(sums, buckets, count);
  kernel.exports.g1_store(stored, sums, count);
  return kernel.read(stored, count * PACKED);
}
