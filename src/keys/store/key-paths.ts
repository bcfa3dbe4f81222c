import { join } from 'node:path';

import { PUBLISHED_FILES } from '../../protocol/index.js';

/** The list of the keys in a folder, each of which is whole; it names those that are still being made. */
export const KEYS_FILE = 'keys.json';
/** What verifiers are given, by another way than the bundle. */
export const TRUST_FILE = PUBLISHED_FILES.trust.fileName;

/** The files of one circuit: its proving key, its witness generator, its verification key. */
export type CircuitFile = 'zkey' | 'wasm' | 'verificationKey';

const SUFFIXES: Readonly<Record<CircuitFile, string>> = {
  zkey: '.zkey',
  wasm: '.wasm',
  verificationKey: '.vk.json',
};

/** Where a circuit's file is in a folder of keys. */
export function circuitFilePath(keysDirectory: string, circuitName: string, file: CircuitFile): string {
  return join(keysDirectory, `${circuitName}${SUFFIXES[file]}`);
}
