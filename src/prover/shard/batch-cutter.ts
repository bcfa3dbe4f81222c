import { writeFileSync } from 'node:fs';

import { encodeAccountRow, encodeBatchFile, encodeDummyRow } from '../batch/batch-file.js';
import { PRIVATE_FILE_MODE } from '../run/paths.js';
import { RowKeys } from './row-keys.js';

/** Gathers the rows of one circuit, in order, into files of `users` rows each. */
export class BatchCutter {
  readonly #users: number;
  readonly #paths: { readonly batchPath: (batch: number) => string; readonly keysPath: string };
  readonly #keys = new RowKeys();
  #rows: Uint8Array[] = [];
  #batchCount = 0;

  constructor(users: number, paths: { batchPath: (batch: number) => string; keysPath: string }) {
    this.#users = users;
    this.#paths = paths;
  }

  /** Takes the next row: an account's record, or a dummy's number. Keys must come in rising order. */
  take(key: Uint8Array, row: { record: Uint8Array } | { dummy: number }): void {
    this.#keys.append(key);
    this.#rows.push('dummy' in row ? encodeDummyRow(row.dummy) : encodeAccountRow(row.record));
    if (this.#rows.length < this.#users) return;
    const path = this.#paths.batchPath(this.#batchCount);
    writeFileSync(path, encodeBatchFile(this.#rows), { mode: PRIVATE_FILE_MODE });
    this.#batchCount += 1;
    this.#rows = [];
  }

  /** Writes the keys, and returns how many batches there are. */
  finish(): number {
    if (this.#rows.length > 0) throw new Error('expected dummies to fill the last batch');
    writeFileSync(this.#paths.keysPath, this.#keys.encode(), { mode: PRIVATE_FILE_MODE });
    return this.#batchCount;
  }
}
