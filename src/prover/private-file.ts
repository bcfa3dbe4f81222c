import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { PRIVATE_FILE_MODE } from './run/paths.js';

const CHECKSUM_BYTES = 32;

/**
 * Frames the payload of a private file: `format ‖ 0 ‖ payload ‖ SHA-256 of all before`. It guards against files that
 * a full disk or a power cut damaged, not against an adversary.
 */
export function sealBytes(format: string, payload: Uint8Array): Uint8Array {
  const head = Buffer.concat([Buffer.from(format, 'latin1'), Buffer.of(0), payload]);
  return Buffer.concat([head, createHash('sha256').update(head).digest()]);
}

/** The payload of a sealed file of the given format, or undefined where the bytes are not one, whole. */
export function unsealBytes(format: string, sealed: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const prefix = Buffer.from(`${format}\0`, 'latin1');
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < prefix.length || !bytes.subarray(0, prefix.length).equals(prefix)) return undefined;
  const checksum = createHash('sha256').update(bytes.subarray(0, end)).digest();
  return checksum.equals(bytes.subarray(end)) ? bytes.subarray(prefix.length, end) : undefined;
}

/** Bytes that are gathered before they are written. */
const CHUNK_BYTES = 1 << 20;

/** Writes a private file in pieces, whole or not at all; what was there is replaced. */
export class PrivateFileWriter {
  readonly #path: string;
  readonly #temporary: string;
  readonly #descriptor: number;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #sizeBytes = 0;
  #isClosed = false;

  constructor(path: string) {
    this.#path = path;
    const random = randomBytes(6).toString('hex');
    this.#temporary = join(dirname(path), `.tmp-${basename(path)}-${process.pid}-${random}`);
    this.#descriptor = openSync(this.#temporary, 'wx', PRIVATE_FILE_MODE);
  }

  /** Bytes that were added so far. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  add(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#sizeBytes += bytes.length;
    if (this.#pendingBytes >= CHUNK_BYTES) this.#flush();
  }

  /** Flushes the file to disk and gives it its name. */
  finish(): void {
    this.#flush();
    fsyncSync(this.#descriptor);
    this.#close();
    renameSync(this.#temporary, this.#path);
  }

  /** Removes what was written and has no name yet, after whatever failed. */
  abandon(): void {
    this.#close();
    rmSync(this.#temporary, { force: true });
  }

  #close(): void {
    if (!this.#isClosed) closeSync(this.#descriptor);
    this.#isClosed = true;
  }

  #flush(): void {
    const chunk = Buffer.concat(this.#pending);
    for (let done = 0; done < chunk.length;) done += writeSync(this.#descriptor, chunk, done);
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}
