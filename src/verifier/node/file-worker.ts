import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';

import { poseidon, SolventError } from '../../protocol/index.js';
import { indexVerifiedProofs, type VerifiedProofs } from '../checks/proofs.js';
import type { PairingBackend } from '../pairing/backend.js';
import { createPairing } from '../pairing/mcl.js';
import { rememberHashes } from '../remembered-hash.js';
import { verifyFileOfBundle, type CheckedBundle } from '../verify.js';
import type { FileAnswer, FilesMessage, SentBundle } from './file-messages.js';
import { readRegularFile } from './files.js';

// Verifies inclusion files in a thread of its own: a bundle first, then names in and answers out.
let bundle: (CheckedBundle & { readonly verified: VerifiedProofs }) | undefined;

/** Started with the first proof that is not the bundle's: most directories have none. */
let started: Promise<PairingBackend> | undefined;
const pairing: PairingBackend = {
  inspectKey: async (key) => (await start()).inspectKey(key),
  verifyProofs: async (keys, claims) => (await start()).verifyProofs(keys, claims),
};

parentPort?.on('message', (message: FilesMessage) => {
  void answer(message);
});

async function answer(message: FilesMessage): Promise<void> {
  if ('bundle' in message) {
    bundle = openBundle(message.bundle);
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
    return { file, code: 'file-unreadable', evidence: error.message };
  }
  const { conclusion, row } = await verifyFileOfBundle(bundle!, bytes, pairing);
  if (conclusion.outcome === 'valid') return { file, code: 'valid', evidence: '', row: row! };
  return { file, code: conclusion.code, evidence: conclusion.evidence };
}

function openBundle({ claim, proofs }: SentBundle) {
  return {
    claim: { ...claim, hash: rememberHashes(poseidon) },
    proofs,
    verified: indexVerifiedProofs(proofs),
  };
}

function start(): Promise<PairingBackend> {
  return (started ??= createPairing());
}
