import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { READ_CHUNK_BYTES, readInto } from '../../../iden3/index.js';
import type { SharedProvingKey } from '../engine.js';
import type { KernelName } from './kernel.js';
import { assembleKey, KEY_FORMAT, SECTION_NAMES, type KeySections, type KeySizes } from './key.js';

/** A file of a converted key: `magic ‖ header length u32 ‖ header (JSON) ‖ sections ‖ SHA-256 of all before`. */
const MAGIC = Buffer.from('solvent-key\n');
const LENGTH_BYTES = 4;
const DIGEST_BYTES = 32;
const MAX_HEADER_BYTES = 4096;

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

/**
 * Reads a converted key in chunks and checks its hash. Files of another format, cut short or changed are refused; the
 * hash guards against damage, not against somebody who may write to the cache.
 * @returns the key, or undefined where there is none that is whole.
 */
export async function loadCachedKey(
  path: string,
  identity: KeyIdentity,
): Promise<SharedProvingKey | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    return await readKey(handle, identity);
  } catch {
    // Whatever is wrong with it, the key is converted again and takes its place.
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** Keeps a converted key, whole or not at all. */
export async function saveCachedKey(
  path: string,
  identity: KeyIdentity,
  key: SharedProvingKey,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.tmp-${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await writeKey(handle, identity, key);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function readKey(
  handle: FileHandle,
  { zkeySha256, kernel }: KeyIdentity,
): Promise<SharedProvingKey | undefined> {
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
  if (size !== position + payloadBytes + DIGEST_BYTES) return undefined;

  const sections: Partial<Record<keyof KeySections, SharedArrayBuffer>> = {};
  for (const [index, name] of SECTION_NAMES.entries()) {
    const section = new SharedArrayBuffer(header.sectionBytes[index]);
    await read(new Uint8Array(section));
    sections[name] = section;
  }
  const digest = new Uint8Array(DIGEST_BYTES);
  await readInto(handle, digest, position);
  if (!hash.digest().equals(digest)) return undefined;
  return assembleKey({ kernel, sizes: header.sizes }, sections as KeySections);
}

function parseHeader(bytes: Uint8Array): Header {
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as Header;
}

async function writeKey(handle: FileHandle, identity: KeyIdentity, key: SharedProvingKey): Promise<void> {
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
      sectionBytes: SECTION_NAMES.map((name) => key.sections[name]!.byteLength),
    }),
  );
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(header.length);
  await write(Buffer.concat([MAGIC, length, header]));
  for (const name of SECTION_NAMES) await write(new Uint8Array(key.sections[name]!));
  await handle.writeFile(hash.digest());
}
