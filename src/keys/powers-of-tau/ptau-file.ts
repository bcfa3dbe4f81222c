import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

import {
  BASE_FIELD_MODULUS,
  describeSystemReason,
  requirePath,
  SolventError,
  systemCodeOf,
} from '../../protocol/index.js';
import type { PowersOfTauCode } from './errors.js';

/** Where a section of a file stands. */
type Section = { readonly offset: number; readonly sizeBytes: number };

/** What a prepared file says of itself. */
export type PtauHeader = {
  /** It serves circuits of up to 2^power rows. */
  readonly power: number;
  /** The power of the ceremony that it was cut from. */
  readonly ceremonyPower: number;
};

const FILE_HEADER_BYTES = 12;
const SECTION_HEADER_BYTES = 12;
const HEADER_SECTION = 1;
const TAU_G1_SECTION = 2;
const FIELD_BYTES = 32;
const HEADER_BYTES = 4 + FIELD_BYTES + 2 * 4;
const G1_BYTES = 2 * FIELD_BYTES;
/** Powers in both groups, and the contributions that made them. */
const POWER_SECTIONS = [2, 3, 4, 5, 6, 7];
/** Evaluations of the Lagrange polynomials: what preparing a file adds. */
const PREPARED_SECTIONS = [12, 13, 14, 15];
/** More than any version of the format has. */
const MAX_SECTIONS = 32;
const MAX_POWER = 28;
const READ_CHUNK_BYTES = 1 << 20;

/**
 * Reads the header of a prepared file and holds its sections to the sizes that follow from it; no point is read.
 * Format: snarkjs, powersoftau_new.js and powersoftau_preparephase2.js.
 * @throws SolventError `powers-of-tau-malformed`, `powers-of-tau-not-prepared`.
 */
export async function readPtauHeader(path: string): Promise<PtauHeader> {
  return withPtau(path, async (file) => {
    const sections = await readSections(file, path);
    const header = await readHeader(file, path, sections);
    assertSizes(sections, header.power, path);
    return header;
  });
}

/**
 * A file of powers of tau cut to what checking a key over `domainSize` rows reads, small enough to be held in memory:
 * 128 bytes a row.
 * @throws SolventError `powers-of-tau-malformed`.
 */
export async function cutTauPowers(path: string, domainSize: number): Promise<Uint8Array> {
  return withPtau(path, async (file) => {
    const section = (await readSections(file, path)).get(TAU_G1_SECTION);
    // There are 2^(p+1) - 1 powers; a reader that asks for one more multiplies what it gets by zero.
    const sizeBytes = 2 * domainSize * G1_BYTES;
    if (section === undefined || section.sizeBytes < sizeBytes - G1_BYTES) {
      throw malformed(path, `powers for ${domainSize} rows`, 'fewer');
    }
    const cut = Buffer.alloc(FILE_HEADER_BYTES + SECTION_HEADER_BYTES + sizeBytes);
    cut.write('ptau');
    cut.writeUInt32LE(1, 4);
    cut.writeUInt32LE(1, 8);
    cut.writeUInt32LE(TAU_G1_SECTION, FILE_HEADER_BYTES);
    cut.writeBigUInt64LE(BigInt(sizeBytes), FILE_HEADER_BYTES + 4);
    await readInto(file, path, {
      buffer: cut.subarray(FILE_HEADER_BYTES + SECTION_HEADER_BYTES, cut.length - G1_BYTES),
      position: section.offset,
    });
    return cut;
  });
}

/** BLAKE2b (64 bytes) of a file, in hexadecimal, read as a stream. @throws SolventError `powers-of-tau-malformed`. */
export async function hashPtau(
  path: string,
  onProgress?: (progress: { readonly doneBytes: number }) => void,
): Promise<string> {
  const hash = createHash('blake2b512');
  let doneBytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: READ_CHUNK_BYTES })) {
      hash.update(chunk as Buffer);
      doneBytes += (chunk as Buffer).length;
      onProgress?.({ doneBytes });
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return hash.digest('hex');
}

async function withPtau<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(requirePath(path, 'the powers of tau'), 'r').catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    if (!(await file.stat()).isFile()) throw unreadable(path, undefined);
    return await use(file);
  } finally {
    await file.close();
  }
}

async function readSections(file: FileHandle, path: string): Promise<ReadonlyMap<number, Section>> {
  const start = Buffer.alloc(FILE_HEADER_BYTES);
  await readInto(file, path, { buffer: start, position: 0 });
  if (start.toString('latin1', 0, 4) !== 'ptau')
    throw malformed(path, 'a file that begins with ptau', 'another');
  if (start.readUInt32LE(4) !== 1) throw malformed(path, 'version 1', 'another');
  const count = start.readUInt32LE(8);
  if (count > MAX_SECTIONS) throw malformed(path, `at most ${MAX_SECTIONS} sections`, String(count));

  const { size } = await file.stat();
  const sections = new Map<number, Section>();
  let position = FILE_HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    const header = Buffer.alloc(SECTION_HEADER_BYTES);
    await readInto(file, path, { buffer: header, position });
    const type = header.readUInt32LE(0);
    const offset = position + SECTION_HEADER_BYTES;
    const sizeBytes = Number(header.readBigUInt64LE(4));
    position = offset + sizeBytes;
    if (position > size) throw malformed(path, `a file of at least ${position} bytes`, String(size));
    if (sections.has(type)) throw malformed(path, 'each section once', `section ${type} twice`);
    sections.set(type, { offset, sizeBytes });
  }
  return sections;
}

async function readHeader(
  file: FileHandle,
  path: string,
  sections: ReadonlyMap<number, Section>,
): Promise<PtauHeader> {
  const section = sections.get(HEADER_SECTION);
  if (section?.sizeBytes !== HEADER_BYTES) throw malformed(path, 'a header section', 'none of its size');
  const header = Buffer.alloc(HEADER_BYTES);
  await readInto(file, path, { buffer: header, position: section.offset });
  const bigEndian = Buffer.from(header.subarray(4, 4 + FIELD_BYTES)).reverse();
  if (
    header.readUInt32LE(0) !== FIELD_BYTES ||
    BigInt(`0x${bigEndian.toString('hex')}`) !== BASE_FIELD_MODULUS
  ) {
    throw malformed(path, 'powers over BN254', 'another curve');
  }
  const power = header.readUInt32LE(4 + FIELD_BYTES);
  const ceremonyPower = header.readUInt32LE(8 + FIELD_BYTES);
  if (power < 1 || power > MAX_POWER) throw malformed(path, `a power from 1 to ${MAX_POWER}`, String(power));
  return { power, ceremonyPower };
}

function assertSizes(sections: ReadonlyMap<number, Section>, power: number, path: string): void {
  const sizeOf = (type: number) => sections.get(type)?.sizeBytes;
  if (POWER_SECTIONS.some((type) => sizeOf(type) === undefined)) {
    throw malformed(path, `sections ${POWER_SECTIONS.join(', ')}`, 'not all of them');
  }
  if (PREPARED_SECTIONS.some((type) => sizeOf(type) === undefined)) {
    throw new SolventError<PowersOfTauCode>(
      'artefact',
      'powers-of-tau-not-prepared',
      `expected powers of tau that are prepared for phase 2, got ${path} without: take a file from the published list`,
      { details: { path } },
    );
  }
  // One level of evaluations for each power from 0, and one more of tau in the first group.
  const points = 2 ** (power + 1) - 1;
  const expected = new Map([
    [2, points * G1_BYTES],
    [3, 2 ** power * 2 * G1_BYTES],
    [4, 2 ** power * G1_BYTES],
    [5, 2 ** power * G1_BYTES],
    [6, 2 * G1_BYTES],
    [12, (2 * points + 1) * G1_BYTES],
    [13, points * 2 * G1_BYTES],
    [14, points * G1_BYTES],
    [15, points * G1_BYTES],
  ]);
  for (const [type, sizeBytes] of expected) {
    if (sizeOf(type) === sizeBytes) continue;
    throw malformed(path, `${sizeBytes} bytes in section ${type}`, String(sizeOf(type)));
  }
}

async function readInto(
  file: FileHandle,
  path: string,
  { buffer, position }: { buffer: Buffer; position: number },
): Promise<void> {
  let done = 0;
  while (done < buffer.length) {
    const length = Math.min(READ_CHUNK_BYTES, buffer.length - done);
    const { bytesRead } = await file.read(buffer, done, length, position + done);
    if (bytesRead === 0)
      throw malformed(path, `a file of at least ${position + buffer.length} bytes`, 'fewer');
    done += bytesRead;
  }
}

function malformed(path: string, expected: string, found: string): SolventError<PowersOfTauCode> {
  return new SolventError(
    'artefact',
    'powers-of-tau-malformed',
    `expected ${expected} in ${path}, got ${found}: download the file again`,
    { details: { path } },
  );
}

function unreadable(path: string, cause: unknown): SolventError {
  const found = cause === undefined ? 'a folder, or something else than a file' : describeSystemReason(cause);
  return new SolventError('usage', 'file-unreadable', `expected a readable file at ${path}, got ${found}`, {
    details: { path, reason: systemCodeOf(cause) },
    cause,
  });
}
