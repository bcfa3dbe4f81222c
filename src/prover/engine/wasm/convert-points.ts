import type { FileHandle } from 'node:fs/promises';

import { readInto, ZKEY_SECTION, type ZkeyLayout, refuseFile } from '../../../iden3/index.js';
import { KERNEL_BYTES, type KernelGroup, type Kernel } from './kernel.js';

/** Points that are read and converted at a time. */
const CHUNK_POINTS = 2 ** 16;

/** Where one kind of point lies in a .zkey: one point for each wire from `firstWire` on. */
type PointSource = {
  readonly position: number;
  readonly sizeBytes: number;
  readonly firstWire: number;
  readonly group: KernelGroup;
};

/** Points in the kernel's form and the wires they belong to, without points at infinity. */
export type ConvertedPoints = {
  readonly wires: Uint8Array<SharedArrayBuffer>;
  readonly points: Uint8Array<SharedArrayBuffer>;
};

/** Reads the points of a section that are not at infinity. */
export async function convertPoints(
  kernel: Kernel,
  handle: FileHandle,
  source: PointSource,
): Promise<ConvertedPoints> {
  const pointBytes = KERNEL_BYTES[source.group].packed;
  const chunks: Uint8Array[] = [];
  const wires: number[] = [];
  await forEachChunk(handle, source, (bytes, firstWire) => {
    const kept = findFinite(bytes, pointBytes);
    chunks.push(importPacked(kernel, source.group, gather(bytes, kept, pointBytes)));
    for (const index of kept) wires.push(firstWire + index);
  });
  return { wires: shareWires(wires), points: share(chunks) };
}

/**
 * Reads the points of B in both groups.
 * @throws SolventError `zkey-malformed` where a wire has a point at infinity in only one group.
 */
export async function convertPairedPoints(
  kernel: Kernel,
  {
    handle,
    layout,
    zkeyPath,
  }: { readonly handle: FileHandle; readonly layout: ZkeyLayout; readonly zkeyPath: string },
): Promise<{
  readonly wires: Uint8Array<SharedArrayBuffer>;
  readonly points1: Uint8Array<SharedArrayBuffer>;
  readonly points2: Uint8Array<SharedArrayBuffer>;
}> {
  const convert = (section: number, group: KernelGroup) =>
    convertPoints(kernel, handle, { ...layout.sections.get(section)!, firstWire: 0, group });
  const first = await convert(ZKEY_SECTION.pointsB1, 'g1');
  const second = await convert(ZKEY_SECTION.pointsB2, 'g2');
  if (Buffer.compare(new Uint8Array(first.wires), new Uint8Array(second.wires)) !== 0) {
    throw refuseFile('zkey-malformed', {
      expected: 'the same wires to have a point B in both groups',
      found: `others in ${zkeyPath}`,
      details: { path: zkeyPath },
    });
  }
  return { wires: first.wires, points1: first.points, points2: second.points };
}

/** Changes packed points from the radix of .zkey files to the kernel's. */
export function importPacked(kernel: Kernel, group: KernelGroup, points: Uint8Array): Uint8Array {
  return kernel.scoped(() => {
    const address = kernel.put(points);
    kernel.exports[`${group}_import`](address, points.length / KERNEL_BYTES[group].packed);
    return kernel.read(address, points.length);
  });
}

async function forEachChunk(
  handle: FileHandle,
  { position, sizeBytes, firstWire, group }: PointSource,
  use: (bytes: Uint8Array, firstWire: number) => void,
): Promise<void> {
  const pointBytes = KERNEL_BYTES[group].packed;
  const chunk = new Uint8Array(CHUNK_POINTS * pointBytes);
  for (let done = 0; done < sizeBytes; done += chunk.length) {
    const bytes = chunk.subarray(0, Math.min(chunk.length, sizeBytes - done));
    await readInto(handle, bytes, position + done);
    use(bytes, firstWire + done / pointBytes);
  }
}

/** Indices of the points whose bytes are not all 0. */
function findFinite(bytes: Uint8Array, pointBytes: number): number[] {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const pointWords = pointBytes / 4;
  const found: number[] = [];
  for (let word = 0; word < words.length; word++) {
    if (words[word] === 0) continue;
    const index = Math.floor(word / pointWords);
    found.push(index);
    word = (index + 1) * pointWords - 1;
  }
  return found;
}

function gather(bytes: Uint8Array, indices: readonly number[], pointBytes: number): Uint8Array {
  const gathered = new Uint8Array(indices.length * pointBytes);
  for (const [to, from] of indices.entries()) {
    gathered.set(bytes.subarray(from * pointBytes, (from + 1) * pointBytes), to * pointBytes);
  }
  return gathered;
}

/** The bytes of all chunks, one after the other, in memory that threads share. */
export function share(chunks: readonly Uint8Array[]): Uint8Array<SharedArrayBuffer> {
  const bytes = new Uint8Array(new SharedArrayBuffer(chunks.reduce((sum, { length }) => sum + length, 0)));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function shareWires(wires: readonly number[]): Uint8Array<SharedArrayBuffer> {
  const shared = new SharedArrayBuffer(4 * wires.length);
  new Uint32Array(shared).set(wires);
  return new Uint8Array(shared);
}
