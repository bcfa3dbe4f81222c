import { crc32 } from 'node:zlib';

/** The files of a ZIP archive of stored files with 64-bit places, found through its index from the end. */
export function readArchive(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.length - 22;
  if (bytes.readUInt32LE(end) !== 0x06054b50) throw new Error('expected the end record last');
  const locator = end - 20;
  if (bytes.readUInt32LE(locator) !== 0x07064b50) throw new Error('expected the locator before it');
  const wide = Number(bytes.readBigUInt64LE(locator + 8));
  if (bytes.readUInt32LE(wide) !== 0x06064b50) throw new Error('expected the 64-bit end record');
  const count = Number(bytes.readBigUInt64LE(wide + 32));
  let at = Number(bytes.readBigUInt64LE(wide + 48));
  const files = new Map<string, Buffer>();
  for (let entry = 0; entry < count; entry++) {
    if (bytes.readUInt32LE(at) !== 0x02014b50) throw new Error('expected an entry of the index');
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const position = Number(bytes.readBigUInt64LE(at + 46 + nameLength + 4));
    files.set(name, readFile(bytes, { name, position, checksum: bytes.readUInt32LE(at + 16) }));
    at += 46 + nameLength + extraLength;
  }
  if (at !== wide) throw new Error('expected the index up to the end record');
  return files;
}

function readFile(
  bytes: Buffer,
  { name, position, checksum }: { name: string; position: number; checksum: number },
): Buffer {
  if (bytes.readUInt32LE(position) !== 0x04034b50) throw new Error('expected a file where the index says');
  const nameLength = bytes.readUInt16LE(position + 26);
  const start = position + 30 + nameLength + bytes.readUInt16LE(position + 28);
  if (bytes.toString('utf8', position + 30, position + 30 + nameLength) !== name)
    throw new Error('expected its name');
  const file = bytes.subarray(start, start + bytes.readUInt32LE(position + 18));
  if (crc32(file) !== checksum) throw new Error('expected its checksum');
  return file;
}
