/** A file of a ZIP archive, whose bytes are those of a part of the archive. */
type Entry = {
  readonly name: string;
  readonly method: number;
  readonly headerAt: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
};

/** Places in records of APPNOTE.TXT 6.3.10; all integers are little-endian. */
const LOCAL_HEADER = { signature: 0x04034b50, bytes: 30, nameBytes: 26, extraBytes: 28 } as const;
const INDEX_ENTRY = {
  ...{ signature: 0x02014b50, bytes: 46, flags: 8, method: 10, packedBytes: 20, sizeBytes: 24 },
  ...{ nameBytes: 28, extraBytes: 30, commentBytes: 32, headerAt: 42 },
} as const;
const END_RECORD = {
  ...{ signature: 0x06054b50, bytes: 22, entryCount: 10, indexBytes: 12, indexAt: 16, commentBytes: 20 },
} as const;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

const MAX_COMMENT_BYTES = 0xffff;
const MAX_ENTRIES = 64;
const MAX_INDEX_BYTES = 64 * 1024;
/** All files of an archive together, unpacked: more than the bundle of ten million users. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

/** Whether a file begins as a ZIP archive does. */
export async function isArchive(file: Blob): Promise<boolean> {
  const head = await readAt(file, 0, 4);
  return head.byteLength === 4 && head.getUint32(0, true) === LOCAL_HEADER.signature;
}

/**
 * Unpacks a ZIP archive, stored or deflated, without directories. It is only sorted here: whether a file is what it looks like
 * is for the checker, which reads every byte of it. Undefined where the archive is none that can be read, or holds more
 * than a bundle does.
 */
export async function unpackArchive(archive: Blob): Promise<readonly File[] | undefined> {
  try {
    const entries = await listEntries(archive);
    const unpackedBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (unpackedBytes > MAX_UNPACKED_BYTES) return undefined;
    const files: File[] = [];
    for (const entry of entries) files.push(new File([await unpack(archive, entry)], entry.name));
    return files;
  } catch {
    return undefined;
  }
}

async function listEntries(archive: Blob): Promise<Entry[]> {
  const end = await findEnd(archive);
  const entryCount = end.getUint16(END_RECORD.entryCount, true);
  const indexBytes = end.getUint32(END_RECORD.indexBytes, true);
  if (entryCount > MAX_ENTRIES || indexBytes > MAX_INDEX_BYTES) throw new RangeError('too many files');
  const index = await readAt(archive, end.getUint32(END_RECORD.indexAt, true), indexBytes);
  const entries: Entry[] = [];
  for (let at = 0, count = 0; count < entryCount; count++) {
    if (index.getUint32(at, true) !== INDEX_ENTRY.signature) throw new RangeError('no entry');
    const [nameBytes, extraBytes, commentBytes] = [
      index.getUint16(at + INDEX_ENTRY.nameBytes, true),
      index.getUint16(at + INDEX_ENTRY.extraBytes, true),
      index.getUint16(at + INDEX_ENTRY.commentBytes, true),
    ];
    const nameAt = at + INDEX_ENTRY.bytes;
    const path = new TextDecoder().decode(index.buffer.slice(nameAt, nameAt + nameBytes));
    const isEncrypted = (index.getUint16(at + INDEX_ENTRY.flags, true) & ENCRYPTED) !== 0;
    if (isEncrypted) throw new RangeError('encrypted');
    if (!path.endsWith('/')) {
      entries.push({
        name: path.slice(path.lastIndexOf('/') + 1),
        method: index.getUint16(at + INDEX_ENTRY.method, true),
        headerAt: index.getUint32(at + INDEX_ENTRY.headerAt, true),
        packedBytes: index.getUint32(at + INDEX_ENTRY.packedBytes, true),
        sizeBytes: index.getUint32(at + INDEX_ENTRY.sizeBytes, true),
      });
    }
    at = nameAt + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

/** The record at the end, before a comment that is as long as it says. */
async function findEnd(archive: Blob): Promise<DataView> {
  const tailAt = Math.max(0, archive.size - END_RECORD.bytes - MAX_COMMENT_BYTES);
  const tail = await readAt(archive, tailAt, archive.size - tailAt);
  for (let at = tail.byteLength - END_RECORD.bytes; at >= 0; at--) {
    const commentBytes = tail.byteLength - END_RECORD.bytes - at;
    if (
      tail.getUint32(at, true) === END_RECORD.signature &&
      tail.getUint16(at + END_RECORD.commentBytes, true) === commentBytes
    ) {
      return new DataView(tail.buffer, at);
    }
  }
  throw new RangeError('no end');
}

async function unpack(archive: Blob, entry: Entry): Promise<Blob> {
  const header = await readAt(archive, entry.headerAt, LOCAL_HEADER.bytes);
  if (header.getUint32(0, true) !== LOCAL_HEADER.signature) throw new RangeError('no file');
  const start =
    entry.headerAt +
    LOCAL_HEADER.bytes +
    header.getUint16(LOCAL_HEADER.nameBytes, true) +
    header.getUint16(LOCAL_HEADER.extraBytes, true);
  const packed = archive.slice(start, start + entry.packedBytes);
  if (entry.method === STORED) return packed;
  if (entry.method !== DEFLATED) throw new RangeError('unknown method');
  return inflate(packed, entry.sizeBytes);
}

/** Inflates no more than the archive says, whatever is in it. */
async function inflate(packed: Blob, sizeBytes: number): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = packed.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces);
    length += value.length;
    if (length > sizeBytes) {
      await reader.cancel();
      throw new RangeError('longer than it says');
    }
    pieces.push(value);
  }
}

/** Bytes of a file. @throws RangeError where it has fewer. */
async function readAt(file: Blob, start: number, length: number): Promise<DataView<ArrayBuffer>> {
  return new DataView(await file.slice(start, start + length).arrayBuffer());
}
