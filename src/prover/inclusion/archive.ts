import { crc32 } from 'node:zlib';

import { PrivateFileWriter } from '../private-file.js';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const ZIP64_END = 0x06064b50;
const ZIP64_LOCATOR = 0x07064b50;
const END = 0x06054b50;
/** Version 4.5 of the format: the first with 64-bit positions and counts. */
const VERSION = 45;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** The first day that the format can name: archives do not say when they were made. */
const FIRST_DATE = 0x0021;
const IN_ZIP64 = 0xffffffff;

/**
 * Writes a ZIP archive (APPNOTE.TXT 6.3) of files that are stored as they are. Its directory at the end is an index: any
 * ZIP tool takes one file out of it without reading the others. Appears whole or not at all, for its owner to read.
 */
export class ArchiveWriter {
  readonly #file: PrivateFileWriter;
  readonly #directory: Buffer[] = [];

  constructor(path: string) {
    this.#file = new PrivateFileWriter(path);
  }

  /** Adds a file of less than 4 GiB; each name once. */
  add(name: string, bytes: Uint8Array): void {
    const nameBytes = Buffer.from(name, 'utf8');
    const entry = { nameBytes, sizeBytes: bytes.length, checksum: crc32(bytes) };
    this.#directory.push(encodeCentralHeader(entry, this.#file.sizeBytes));
    this.#file.add(encodeLocalHeader(entry));
    this.#file.add(bytes);
  }

  /** Writes the index, and gives the archive its name. */
  finish(): void {
    const start = this.#file.sizeBytes;
    for (const header of this.#directory) this.#file.add(header);
    const sizeBytes = this.#file.sizeBytes - start;
    this.#file.add(encodeEnd({ start, sizeBytes, count: this.#directory.length }));
    this.#file.finish();
  }

  /** Removes what was written, after whatever failed. */
  abandon(): void {
    this.#file.abandon();
  }
}

type Entry = { readonly nameBytes: Buffer; readonly sizeBytes: number; readonly checksum: number };

function encodeLocalHeader({ nameBytes, sizeBytes, checksum }: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(LOCAL_HEADER, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt16LE(FIRST_DATE, 12);
  header.writeUInt32LE(checksum, 14);
  header.writeUInt32LE(sizeBytes, 18);
  header.writeUInt32LE(sizeBytes, 22);
  header.writeUInt16LE(nameBytes.length, 26);
  return Buffer.concat([header, nameBytes]);
}

/** An entry of the index; the position of the file always stands in 64 bits. */
function encodeCentralHeader({ nameBytes, sizeBytes, checksum }: Entry, position: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(CENTRAL_HEADER, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(VERSION, 6);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt16LE(FIRST_DATE, 14);
  header.writeUInt32LE(checksum, 16);
  header.writeUInt32LE(sizeBytes, 20);
  header.writeUInt32LE(sizeBytes, 24);
  header.writeUInt16LE(nameBytes.length, 28);
  header.writeUInt16LE(12, 30);
  header.writeUInt32LE(IN_ZIP64, 42);
  const extra = Buffer.alloc(12);
  extra.writeUInt16LE(0x0001, 0);
  extra.writeUInt16LE(8, 2);
  extra.writeBigUInt64LE(BigInt(position), 4);
  return Buffer.concat([header, nameBytes, extra]);
}

/** The end of the archive: where the index is, in 64 bits, and the record that every reader looks for. */
function encodeEnd({ start, sizeBytes, count }: { start: number; sizeBytes: number; count: number }): Buffer {
  const wide = Buffer.alloc(56);
  wide.writeUInt32LE(ZIP64_END, 0);
  wide.writeBigUInt64LE(44n, 4);
  wide.writeUInt16LE(VERSION, 12);
  wide.writeUInt16LE(VERSION, 14);
  wide.writeBigUInt64LE(BigInt(count), 24);
  wide.writeBigUInt64LE(BigInt(count), 32);
  wide.writeBigUInt64LE(BigInt(sizeBytes), 40);
  wide.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(ZIP64_LOCATOR, 0);
  locator.writeBigUInt64LE(BigInt(start + sizeBytes), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(0xffff, 8);
  end.writeUInt16LE(0xffff, 10);
  end.writeUInt32LE(IN_ZIP64, 12);
  end.writeUInt32LE(IN_ZIP64, 16);
  return Buffer.concat([wide, locator, end]);
}
