import { closeSync, openSync, readSync, writeSync } from 'node:fs';

import { SPOOL_CHUNK_BYTES } from '../limits.js';

/**
 * Records on disk, written one after the other and then read back in any order. Calls block: a small read through the
 * thread pool takes ten times as long as the read itself.
 */
export class Spool {
  readonly #descriptor: number;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writtenBytes = 0;

  /** Makes a new file that only its owner can read. */
  constructor(path: string) {
    this.#descriptor = openSync(path, 'wx+', 0o600);
  }

  /** Appends a record and says where it is. */
  append(record: Uint8Array): { offset: number; length: number } {
    const place = { offset: this.#writtenBytes + this.#pendingBytes, length: record.length };
    this.#pending.push(record);
    this.#pendingBytes += record.length;
    if (this.#pendingBytes >= SPOOL_CHUNK_BYTES) this.flush();
    return place;
  }

  /** Writes what is pending; needed before the first `read`. */
  flush(): void {
    const chunk = Buffer.concat(this.#pending);
    for (let done = 0; done < chunk.length;) {
      done += writeSync(this.#descriptor, chunk, done, chunk.length - done, this.#writtenBytes + done);
    }
    this.#writtenBytes += chunk.length;
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  /** A record at a place that `append` gave. */
  read({ offset, length }: { offset: number; length: number }): Buffer {
    const record = Buffer.allocUnsafe(length);
    const bytesRead = readSync(this.#descriptor, record, 0, length, offset);
    if (bytesRead !== length) throw new Error(`expected ${length} bytes in the spool, got ${bytesRead}`);
    return record;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
