import { readIfExists } from '../../system/index.js';
import { SolventError, type Account } from '../../protocol/index.js';
import type { ProverCode } from '../errors.js';
import { sealBytes, unsealBytes } from '../sealed-bytes.js';
import { decodeAccount } from './account-record.js';

const FORMAT = 'solvent/batch/v2';
const DUMMY = 0;
const ACCOUNT = 1;

/** A row of a batch: a user's account, or the number of a dummy among those of its circuit. */
export type BatchRow = { readonly account: Account } | { readonly dummy: number };

/** The bytes of a row: `1 ‖ account record`, or `0 ‖ number u32`. */
export function encodeAccountRow(record: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(ACCOUNT), record]);
}

/** The bytes of a dummy's row. */
export function encodeDummyRow(dummy: number): Buffer {
  const bytes = Buffer.alloc(5, DUMMY);
  bytes.writeUInt32LE(dummy, 1);
  return bytes;
}

/** A batch's private input: its rows, in the order of the leaves. */
export function encodeBatchFile(rows: readonly Uint8Array[]): Uint8Array {
  return sealBytes(FORMAT, Buffer.concat(rows));
}

/**
 * Reads the rows of a batch.
 * @param users N, the rows that the circuit has.
 * @throws SolventError `run-file-malformed` where the file is missing, damaged, or of another number of rows.
 */
export async function loadBatchRows(path: string, users: number): Promise<BatchRow[]> {
  const sealed = await readIfExists(path);
  const bytes = sealed === undefined ? undefined : unsealBytes(FORMAT, sealed);
  const rows = bytes === undefined ? [] : decodeRows(bytes);
  if (rows.length !== users) {
    throw new SolventError<ProverCode>(
      'artefact',
      'run-file-malformed',
      `expected a whole batch of ${users} rows, got another file: remove the folder it is in and prove again`,
      { details: { path } },
    );
  }
  return rows;
}

function decodeRows(bytes: Buffer): BatchRow[] {
  const rows: BatchRow[] = [];
  for (let at = 0; at < bytes.length;) {
    const kind = bytes.readUInt8(at);
    if (kind === ACCOUNT) {
      const { account, end } = decodeAccount(bytes, at + 1);
      rows.push({ account });
      at = end;
    } else {
      rows.push({ dummy: bytes.readUInt32LE(at + 1) });
      at += 5;
    }
  }
  return rows;
}
