import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

/** A ZIP archive (APPNOTE.TXT 6.3) of some files, by their names alone, as the tools of systems make it. */
export async function packArchive(
  paths: readonly string[],
  { isDeflated }: { readonly isDeflated: boolean },
): Promise<Buffer> {
  const files: Buffer[] = [];
  const index: Buffer[] = [];
  let position = 0;
  for (const path of paths) {
    const bytes = await readFile(path);
    const packed = isDeflated ? deflateRawSync(bytes) : bytes;
    const name = Buffer.from(basename(path));
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isDeflated ? 8 : 0, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(position, 10);
    index.push(Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), common, place, name);
    files.push(Buffer.from('PK\u0003\u0004', 'latin1'), common, name, packed);
    position += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(paths.length, 4);
  end.writeUInt16LE(paths.length, 6);
  end.writeUInt32LE(Buffer.concat(index).length, 8);
  end.writeUInt32LE(position, 12);
  return Buffer.concat([...files, ...index, Buffer.from('PK\u0005\u0006', 'latin1'), end]);
}
