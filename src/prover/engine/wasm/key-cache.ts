import { createHash, randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import { READ_CHUNK_BYTES, readInto } from '../../../iden3/index.js';
import {
  makeDirectory,
  openRegularFile,
  readRegularFile,
  writeFileAtomically,
} from '../../../system/index.js';
import { encodeJsonLine, parseJsonLine, parseSchema, primitives } from '../../../protocol/index.js';
import type { KernelName } from './kernel.js';
import {
  assembleKey,
  KEY_FORMAT,
  SECTION_NAMES,
  type KeySections,
  type KeySizes,
  type WasmProvingKey,
} from './key.js';

/** A file of a converted key: `magic ‖ header length u32 ‖ header (JSON) ‖ sections`. */
const MAGIC = Buffer.from('solvent-key\n');
const LENGTH_BYTES = 4;
const MAX_HEADER_BYTES = 4096;

const RECORD_FORMAT = 'solvent/converted-key/v1';
const MAX_RECORD_BYTES = 1024;

/** What a converted key is held to: it lies beside the .zkey that it is the converted form of. */
const recordSchema = z.strictObject({
  format: z.literal(RECORD_FORMAT),
  zkeySha256: primitives.sha256Hex,
  kernel: z.string(),
  sha256: primitives.sha256Hex,
});

type Header = {
  readonly format: number;
  readonly zkeySha256: string;
  readonly kernel: KernelName;
  readonly sizes: KeySizes;
  readonly sectionBytes: readonly number[];
};

/** What a converted key is made from: a .zkey, and the kernel that it is for. */
export type KeyIdentity = { readonly zkeySha256: string; readonly kernel: KernelName };

/** Where the converted form of a key is kept. */
export function cachedKeyPath(cacheDirectory: string, { zkeySha256, kernel }: KeyIdentity): string {
  return join(cacheDirectory, 'wasm-keys', `${zkeySha256}.${kernel}.key`);
}

/** Where a .zkey's directory keeps what its converted form is held to. */
export function keyRecordPath(zkeyPath: string, kernel: KernelName): string {
  return `${zkeyPath}.${kernel}.json`;
}

/** A converted key in the cache, and the record that it is held to. */
export type CachedKeyEntry = { readonly path: string; readonly recordPath: string };

/**
 * Reads a converted key in chunks and holds it to the hash that stands beside its .zkey. Who may write to the cache alone
 * could else take the blinding out of every proof, which would verify and show its witness to whoever guesses it.
 * @returns the key, or undefined where there is none that is whole and the same.
 */
export async function loadCachedKey(
  { path, recordPath }: CachedKeyEntry,
  identity: KeyIdentity,
): Promise<WasmProvingKey | undefined> {
  let handle: FileHandle | undefined;
  try {
    const sha256 = await readRecord(recordPath, identity);
    if (sha256 === undefined) return undefined;
    handle = await openRegularFile(path);
    return await readKey(handle, { ...identity, sha256 });
  } catch {
    // Whatever is wrong with it, the key is converted again and takes its place.
    return undefined;
  } finally {
    await handle?.close();
  }
}

/**
 * Keeps a converted key, whole or not at all, and then its hash beside the .zkey.
 * @throws what the system refuses, at either place.
 */
export async function saveCachedKey(
  { path, recordPath }: CachedKeyEntry,
  identity: KeyIdentity,
  key: WasmProvingKey,
): Promise<void> {
  await makeDirectory(dirname(path));
  const temporary = `${path}.tmp-${randomBytes(6).toString('hex')}`;
  let sha256: string;
  try {
    const handle = await open(temporary, 'wx');
    try {
      sha256 = await writeKey(handle, identity, key);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const record = { format: RECORD_FORMAT, ...identity, sha256 };
    await writeFileAtomically(recordPath, encodeJsonLine(record));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function readRecord(path: string, { zkeySha256, kernel }: KeyIdentity): Promise<string | undefined> {
  const bytes = await readRegularFile(path, MAX_RECORD_BYTES);
  const record = parseSchema(recordSchema, RECORD_FORMAT, parseJsonLine(bytes, MAX_RECORD_BYTES));
  return record.zkeySha256 === zkeySha256 && record.kernel === kernel ? record.sha256 : undefined;
}

async function readKey(
  handle: FileHandle,
  { zkeySha256, kernel, sha256 }: KeyIdentity & { readonly sha256: string },
): Promise<WasmProvingKey | undefined> {
  const hash = createHash('sha256');
  let position = 0;
  const read = async (target: Uint8Array) => {
    for (let done = 0; done < target.length; done += READ_CHUNK_BYTES) {
      const chunk = target.subarray(done, done + READ_CHUNK_BYTES);
      await readInto(handle, chunk, position);
      hash.update(chunk);
      position += chunk.length;
    }
    return target;
  };
  const start = Buffer.from(await read(new Uint8Array(MAGIC.length + LENGTH_BYTES)));
  const headerBytes = start.readUInt32LE(MAGIC.length);
  if (!start.subarray(0, MAGIC.length).equals(MAGIC) || headerBytes > MAX_HEADER_BYTES) return undefined;
  const header = parseHeader(await read(new Uint8Array(headerBytes)));
  if (header.format !== KEY_FORMAT || header.zkeySha256 !== zkeySha256 || header.kernel !== kernel)
    return undefined;
  const { size } = await handle.stat();
  const payloadBytes = header.sectionBytes.reduce((sum, bytes) => sum + bytes, 0);
  if (size !== position + payloadBytes) return undefined;

  // One buffer: so large a one goes back to the system when it is let go, where several smaller ones stay with the process.
  const buffer = new SharedArrayBuffer(payloadBytes);
  const sections: Partial<Record<keyof KeySections, Uint8Array<SharedArrayBuffer>>> = {};
  let offset = 0;
  for (const [index, name] of SECTION_NAMES.entries()) {
    const section = new Uint8Array(buffer, offset, header.sectionBytes[index]);
    await read(section);
    offset += section.length;
    sections[name] = section;
  }
  if (hash.digest('hex') !== sha256) return undefined;
  return assembleKey({ kernel, sizes: header.sizes }, sections as KeySections);
}

function parseHeader(bytes: Uint8Array): Header {
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as Header;
}

/** @returns the SHA-256 of all that was written, in hexadecimal. */
async function writeKey(handle: FileHandle, identity: KeyIdentity, key: WasmProvingKey): Promise<string> {
  const hash = createHash('sha256');
  const write = async (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.length; done += READ_CHUNK_BYTES) {
      const chunk = bytes.subarray(done, done + READ_CHUNK_BYTES);
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
  };
  const { variableCount, publicCount, domainSize } = key.parameters;
  const header = Buffer.from(
    JSON.stringify({
      format: KEY_FORMAT,
      ...identity,
      sizes: { variableCount, publicCount, domainSize },
      sectionBytes: SECTION_NAMES.map((name) => key.sections[name].byteLength),
    }),
  );
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(header.length);
  await write(Buffer.concat([MAGIC, length, header]));
  for (const name of SECTION_NAMES) await write(key.sections[name]);
  return hash.digest('hex');
}
