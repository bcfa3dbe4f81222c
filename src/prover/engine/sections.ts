/** Where the payload of one section of a binary file lies. */
export type Section = { readonly position: number; readonly sizeBytes: number };

/** Bytes before the first section: magic, version, number of sections. */
export const FILE_HEADER_BYTES = 12;
/** Bytes before a section's payload: its number and its size. */
export const SECTION_HEADER_BYTES = 12;
/** Sections that a file may have: a .zkey has ten. */
export const MAX_SECTIONS = 64;

/**
 * Reads the header of iden3's binary format, which .zkey, .wtns and .r1cs share:
 * `magic (4) ‖ version u32 ‖ sections u32`, then for each section `number u32 ‖ size u64 ‖ payload`, all little-endian.
 * @returns the number of sections.
 * @throws Error where magic or version differ or there are too many sections.
 */
export function parseFileHeader(bytes: Uint8Array, magic: string, maxVersion: number): number {
  if (bytes.length < FILE_HEADER_BYTES) throw new Error('expected a file header, got an end of file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = String.fromCharCode(...bytes.subarray(0, 4));
  if (found !== magic) throw new Error(`expected the magic bytes ${magic}, got others`);
  const version = view.getUint32(4, true);
  if (version < 1 || version > maxVersion) {
    throw new Error(`expected version 1 to ${maxVersion}, got ${version}`);
  }
  const sectionCount = view.getUint32(8, true);
  if (sectionCount > MAX_SECTIONS) {
    throw new Error(`expected at most ${MAX_SECTIONS} sections, got ${sectionCount}`);
  }
  return sectionCount;
}

/** Reads the number and payload size of the section that starts at `bytes[0]`. @throws Error where it is too short. */
export function parseSectionHeader(bytes: Uint8Array): { readonly id: number; readonly sizeBytes: number } {
  if (bytes.length < SECTION_HEADER_BYTES) throw new Error('expected a section, got an end of file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizeBytes = view.getBigUint64(4, true);
  if (sizeBytes > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error('expected a section size below 2^53');
  return { id: view.getUint32(0, true), sizeBytes: Number(sizeBytes) };
}

/** Adds a section to a table. @throws Error where it is there already or reaches beyond the file. */
export function addSection(
  table: Map<number, Section>,
  id: number,
  section: Section & { readonly fileBytes: number },
): void {
  if (table.has(id)) throw new Error(`expected section ${id} once, got it twice`);
  const { position, sizeBytes, fileBytes } = section;
  if (position + sizeBytes > fileBytes) {
    throw new Error(`expected section ${id} to end within the file's ${fileBytes} bytes`);
  }
  table.set(id, { position, sizeBytes });
}
