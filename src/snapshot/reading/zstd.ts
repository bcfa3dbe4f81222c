import { Decompress } from 'fzstd';
import xxhash from 'xxhash-wasm';

const FRAME_MAGIC = 0xfd2fb528;
/** Frames of these sixteen magic numbers hold nothing of the text. */
const SKIPPABLE_MAGIC = 0x184d2a50;
/** The largest block that the format allows. */
const MAX_BLOCK_BYTES = 1 << 17;
/** The largest window that `zstd` itself reads unless it is told otherwise: it is held in memory. */
const MAX_WINDOW_BYTES = 1n << 27n;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const RUN_BLOCK = 1;
/** A checksum is the low half of XXH64. */
const LOW_BITS = 0xffff_ffffn;

/** What the header of a frame says of it. */
type FrameHeader = {
  readonly bytes: Buffer;
  readonly hasChecksum: boolean;
  /** Undefined where the header does not state it. */
  readonly contentBytes: bigint | undefined;
};

/**
 * The text of a zstd file: each frame is held to the length and the checksum that it states, which fzstd passes over.
 * Frames that state neither are read as they are, like a file that is not compressed.
 * Source: RFC 8878, section 3.1.
 * @throws Error for a file that is damaged, cut short, or needs a dictionary or a window above 128 MiB.
 */
export async function* decompressZstd(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const reader = new ByteReader(chunks);
  try {
    while (await reader.hasMore()) {
      const magic = await reader.take(4);
      const isSkippable = (magic.readUInt32LE() & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
      if (isSkippable) await reader.skip((await reader.take(4)).readUInt32LE());
      else yield* readFrame(reader, await readFrameHeader(reader, magic));
    }
  } finally {
    await reader.close();
  }
}

/** The text of one frame, which is what the frame says of it where nothing is thrown. */
async function* readFrame(reader: ByteReader, header: FrameHeader): AsyncGenerator<Buffer> {
  const hasher = await xxhash();
  const hash = hasher.create64();
  let contentBytes = 0n;
  for await (const text of decompressFrame(reader, header)) {
    hash.update(text);
    contentBytes += BigInt(text.length);
    yield text;
  }
  if (contentBytes !== (header.contentBytes ?? contentBytes))
    throw new Error('expected the length of a frame');
  if (!header.hasChecksum) return;
  const stated = (await reader.take(CHECKSUM_BYTES)).readUInt32LE();
  if (BigInt(stated) !== (hash.digest() & LOW_BITS)) throw new Error('expected the checksum of a frame');
}

/** Reads what stands before the first block of a frame. */
async function readFrameHeader(reader: ByteReader, magic: Buffer): Promise<FrameHeader> {
  if (magic.readUInt32LE() !== FRAME_MAGIC) throw new Error('expected a zstd frame');
  const descriptor = await reader.take(1);
  const flags = descriptor[0]!;
  const isSingleSegment = (flags & 0x20) !== 0;
  const window = await reader.take(isSingleSegment ? 0 : 1);
  const dictionary = await reader.take([0, 1, 2, 4][flags & 3]!);
  if (dictionary.some((byte) => byte !== 0)) throw new Error('expected a frame without a dictionary');
  const lengthBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6]!;
  const length = await reader.take(lengthBytes);
  const contentBytes = lengthBytes === 0 ? undefined : readLength(length);
  if ((isSingleSegment ? contentBytes! : readWindow(window[0]!)) > MAX_WINDOW_BYTES) {
    throw new Error('expected a window of at most 128 MiB');
  }
  return {
    bytes: Buffer.concat([magic, descriptor, window, dictionary, length]),
    hasChecksum: (flags & 4) !== 0,
    contentBytes,
  };
}

function readWindow(descriptor: number): bigint {
  const base = 1n << BigInt(10 + (descriptor >> 3));
  return base + (base >> 3n) * BigInt(descriptor & 7);
}

/** The length of a frame's text, which is written in 1, 2, 4 or 8 bytes; two bytes begin at 256. */
function readLength(bytes: Buffer): bigint {
  const length = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  return bytes.length === 2 ? length + 256n : length;
}

/** The text of one frame, block by block, up to its checksum. */
async function* decompressFrame(reader: ByteReader, header: FrameHeader): AsyncGenerator<Buffer> {
  let ready: Buffer[] = [];
  const stream = new Decompress((text) => {
    if (text.length > 0) ready.push(Buffer.from(text));
  });
  stream.push(header.bytes);
  for (let isLast = false; !isLast;) {
    const blockHeader = await reader.take(BLOCK_HEADER_BYTES);
    const bits = blockHeader.readUIntLE(0, BLOCK_HEADER_BYTES);
    isLast = (bits & 1) === 1;
    const isRun = ((bits >> 1) & 3) === RUN_BLOCK;
    if (bits >> 3 > MAX_BLOCK_BYTES) throw new Error('expected a block of at most 128 KiB');
    stream.push(Buffer.concat([blockHeader, await reader.take(isRun ? 1 : bits >> 3)]));
    yield* ready;
    ready = [];
  }
  // The decompressor wants as many bytes as a checksum has, and looks at none of them.
  stream.push(Buffer.alloc(header.hasChecksum ? CHECKSUM_BYTES : 0), true);
  yield* ready;
}

/** Takes bytes off chunks, as many at a time as are wanted. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #left: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async hasMore(): Promise<boolean> {
    while (this.#left.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#left = next.value;
    }
    return true;
  }

  /** @throws Error where fewer are left. */
  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0;) {
      if (!(await this.hasMore())) throw new Error('expected more bytes');
      const part = this.#left.subarray(0, missing);
      this.#left = this.#left.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** Lets go of the file, also where it was not read to its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async skip(count: number): Promise<void> {
    for (let missing = count; missing > 0;) {
      missing -= (await this.take(Math.min(missing, MAX_BLOCK_BYTES))).length;
    }
  }
}
