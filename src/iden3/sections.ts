import { BASE_FIELD_MODULUS, FIELD_MODULUS } from '../protocol/index.js';
import { ELEMENT_BYTES } from './bn254.js';
import { bigintToLittleEndian, littleEndianToBigint } from './integers.js';

/**
 * The binary files of iden3's tools, all little-endian:
 * `magic (4) ‖ version u32 ‖ sections u32`, then for each section `number u32 ‖ size u64 ‖ payload`.
 * Format: github.com/iden3/binfileutils; what a section holds stands beside each reader.
 */
const FORMATS = {
  /** With the two sections of custom gates. */
  r1cs: { version: 1, maxSections: 5 },
  zkey: { version: 1, maxSections: 10 },
  wtns: { version: 2, maxSections: 2 },
  /** Seven of powers, four of evaluations. */
  ptau: { version: 1, maxSections: 11 },
} as const;

export type FormatName = keyof typeof FORMATS;

/** Where the payload of a section lies in its file. */
export type Section = { readonly position: number; readonly sizeBytes: number };

/** The sections of a file by their numbers. */
export type SectionTable = ReadonlyMap<number, Section>;

/** The bytes of a file; `read` gives exactly what it is asked for, or throws. */
export type ByteSource = {
  readonly sizeBytes: number;
  readonly read: (position: number, sizeBytes: number) => Uint8Array;
};

/** Bytes before the first section. */
export const FILE_HEADER_BYTES = 12;
/** Bytes before a section's payload. */
export const SECTION_HEADER_BYTES = 12;

/**
 * Finds the sections of a file, each of which must end within it.
 * @throws Error where the file is of another format or version, or has a section twice or more than the format knows.
 */
export function readSectionTable(source: ByteSource, format: FormatName): SectionTable {
  const sectionCount = parseFileHeader(readBounded(source, 0, FILE_HEADER_BYTES), format);
  const table = new Map<number, Section>();
  let position = FILE_HEADER_BYTES;
  for (let index = 0; index < sectionCount; index++) {
    const header = viewOf(readBounded(source, position, SECTION_HEADER_BYTES));
    const id = header.getUint32(0, true);
    const sizeBytes = Number(header.getBigUint64(4, true));
    position += SECTION_HEADER_BYTES;
    if (sizeBytes > source.sizeBytes - position) {
      throw new Error(`expected section ${id} to end within the file's ${source.sizeBytes} bytes`);
    }
    if (table.has(id)) throw new Error(`expected section ${id} once, got it twice`);
    table.set(id, { position, sizeBytes });
    position += sizeBytes;
  }
  return table;
}

/** The section of a number. @throws Error where there is none, or it is of another size. */
export function requireSection(table: SectionTable, id: number, expectedBytes?: number): Section {
  const section = table.get(id);
  if (section === undefined) throw new Error(`expected a section ${id}, got none`);
  if (expectedBytes !== undefined && section.sizeBytes !== expectedBytes) {
    throw new Error(`expected ${expectedBytes} bytes in section ${id}, got ${section.sizeBytes}`);
  }
  return section;
}

/** The payload of a section. */
export function readPayload(source: ByteSource, section: Section): Uint8Array {
  return source.read(section.position, section.sizeBytes);
}

/** Where the bytes of a file are in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.length,
    read: (position, sizeBytes) => bytes.subarray(position, position + sizeBytes),
  };
}

/** What a file begins with. */
export function encodeFileHeader(format: FormatName, sectionCount: number): Uint8Array {
  return Buffer.concat([
    Buffer.from(format, 'latin1'),
    encodeUint32(FORMATS[format].version),
    encodeUint32(sectionCount),
  ]);
}

/** What a section begins with. */
export function encodeSectionHeader(id: number, sizeBytes: number): Uint8Array {
  return Buffer.concat([encodeUint32(id), bigintToLittleEndian(BigInt(sizeBytes), 8)]);
}

/** An integer 0 <= value < 2^32. */
export function encodeUint32(value: number): Uint8Array {
  return bigintToLittleEndian(BigInt(value), 4);
}

/** Bytes of a field as the header sections state it. */
export const FIELD_BYTES = 4 + ELEMENT_BYTES;

/** How a header states a field of BN254: the bytes of an element, then the modulus. */
export function encodeField(field: 'base' | 'scalar'): Uint8Array {
  return Buffer.concat([encodeUint32(ELEMENT_BYTES), bigintToLittleEndian(modulusOf(field), ELEMENT_BYTES)]);
}

/** Holds a header to a field of BN254. @throws Error where it states another. */
export function assertField(header: Uint8Array, offset: number, field: 'base' | 'scalar'): void {
  const modulus = littleEndianToBigint(header.subarray(offset + 4, offset + FIELD_BYTES));
  if (viewOf(header).getUint32(offset, true) === ELEMENT_BYTES && modulus === modulusOf(field)) return;
  throw new Error(`expected the ${field} field of BN254, got another`);
}

/** A view of bytes that need not begin where their buffer does. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function parseFileHeader(bytes: Uint8Array, format: FormatName): number {
  const { version, maxSections } = FORMATS[format];
  const view = viewOf(bytes);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== format) {
    throw new Error(`expected a file that begins with ${format}, got another`);
  }
  if (view.getUint32(4, true) !== version) {
    throw new Error(`expected version ${version}, got ${view.getUint32(4, true)}`);
  }
  const sectionCount = view.getUint32(8, true);
  if (sectionCount > maxSections) {
    throw new Error(`expected at most ${maxSections} sections, got ${sectionCount}`);
  }
  return sectionCount;
}

function readBounded(source: ByteSource, position: number, sizeBytes: number): Uint8Array {
  if (position + sizeBytes > source.sizeBytes) {
    throw new Error(`expected a file of at least ${position + sizeBytes} bytes, got ${source.sizeBytes}`);
  }
  return source.read(position, sizeBytes);
}

function modulusOf(field: 'base' | 'scalar'): bigint {
  return field === 'base' ? BASE_FIELD_MODULUS : FIELD_MODULUS;
}
