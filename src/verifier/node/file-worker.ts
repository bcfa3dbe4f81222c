import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';

import { SolventError } from '../../protocol/index.js';
import type { OpenedGroups } from '../checks/inclusion.js';
import { verifyFileOfBundle, type FileContext } from '../verify.js';
import type { FileAnswer, FilesMessage } from './messages.js';
import { readRegularFile } from './files.js';

// Verifies inclusion files in a thread of its own: what a checked bundle says first, then names in and answers out.
let context: FileContext | undefined;
let opened: OpenedGroups = new Set();

parentPort?.on('message', (message: FilesMessage) => {
  void answer(message);
});

async function answer(message: FilesMessage): Promise<void> {
  if ('context' in message) {
    ({ context } = message);
    opened = new Set();
    parentPort?.postMessage([]);
    return;
  }
  const answers: FileAnswer[] = [];
  for (const name of message.names) answers.push(await verifyFile(join(message.directory, name), name));
  parentPort?.postMessage(answers);
}

async function verifyFile(path: string, file: string): Promise<FileAnswer> {
  let bytes: Uint8Array;
  try {
    bytes = await readRegularFile(path);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    return { file, code: 'file-unreadable', evidence: error.message, rows: [], holdings: [] };
  }
  const { conclusion, rows, holdings } = await verifyFileOfBundle(context!, bytes, opened);
  if (conclusion.outcome === 'valid') return { file, code: 'valid', evidence: '', rows, holdings };
  return { file, code: conclusion.code, evidence: conclusion.evidence, rows, holdings };
}
