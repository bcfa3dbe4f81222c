import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { acquireLock, hashFile, removeAbandoned, writeFileAtomically } from '../../platform/index.js';
import {
  circuitParameters,
  encodeJsonLine,
  fingerprintKey,
  SolventError,
  TRUST_FORMAT,
  type KeyProvenance,
  type Profile,
  type Trust,
} from '../../protocol/index.js';
import { compileProfile, type CompiledCircuit, type CompileProgress } from '../compile/index.js';
import { DevelopmentKeyMaker, verificationKeyOf, type KeyProgress } from '../development-key/index.js';
import { copyWhole, describeFile } from '../disk.js';
import { cacheDevelopmentKey } from './development-key-cache.js';
import type { KeyStoreCode } from './errors.js';
import { circuitFilePath, TRUST_FILE } from './key-paths.js';
import { areFilesWhole, loadKeys, type KeySet } from './key-set.js';
import { findKeysRecord, KEYS_FORMAT, saveKeysRecord, type CircuitRecord } from './keys-file.js';
import { ensureSigningKey } from './signing-key.js';

/** Keys that are made here are good for development and tests only: their trapdoor was known. */
const PROVENANCE: KeyProvenance = { kind: 'insecure-development' };
/** While one circuit's scalars are computed in one thread, the points of another keep the rest busy. */
const CIRCUITS_AT_A_TIME = 2;

/** What happens to a circuit: it is compiled, its key is made, or whole keys are found. */
export type SetupProgress =
  | (CompileProgress & { readonly step: 'compile' })
  | (KeyProgress & { readonly name: string; readonly step: 'key' })
  | { readonly name: string; readonly step: 'kept' | 'installed' };

export type MakeKeysOptions = {
  readonly profile: Profile;
  /** Made where it is not there. */
  readonly keysDirectory: string;
  readonly cacheDirectory: string;
  /** Threads that make keys; as many as cores where it is not given. */
  readonly workers?: number;
  readonly onProgress?: (progress: SetupProgress) => void;
};

/**
 * Compiles the circuits of a profile and fills a folder with development keys for them, a signing key and a trust
 * file. Killed at any moment, the same call goes on; whole keys of the same circuits are kept, and broken ones made
 * again.
 * @throws SolventError `directory-in-use`, `keys-of-another-profile`, and what compiling and making keys throw.
 */
export async function makeDevelopmentKeys(options: MakeKeysOptions): Promise<KeySet> {
  const { profile, keysDirectory, cacheDirectory, onProgress } = options;
  await mkdir(keysDirectory, { recursive: true });
  const lock = await acquireLock(keysDirectory);
  try {
    await removeAbandoned(keysDirectory);
    const before = await findKeysRecord(keysDirectory);
    if (before !== undefined && before.profile !== profile.name) {
      throw ofAnotherProfile(keysDirectory, profile.name, before.profile);
    }
    const compiled = await compileProfile(profile, {
      cacheDirectory,
      onProgress: (progress) => onProgress?.({ ...progress, step: 'compile' }),
    });
    const circuits = await installCircuits(compiled, before?.circuits ?? [], options);
    await writeTrust(keysDirectory, profile.name, circuits);
    await saveKeysRecord(keysDirectory, {
      format: KEYS_FORMAT,
      profile: profile.name,
      provenance: PROVENANCE,
      circuits,
    });
    return await loadKeys(keysDirectory);
  } finally {
    await lock.release();
  }
}

async function installCircuits(
  compiled: readonly CompiledCircuit[],
  before: readonly CircuitRecord[],
  options: MakeKeysOptions,
): Promise<CircuitRecord[]> {
  const { workers = availableParallelism() } = options;
  const records = new Map<string, CircuitRecord>();
  const waiting = [...compiled];
  let maker: DevelopmentKeyMaker | undefined;
  const startMaker = () => (maker ??= new DevelopmentKeyMaker({ workers }));
  const install = async (circuit: CompiledCircuit) => {
    const { name } = circuit;
    const kept = await findKept(circuit, before, options.keysDirectory);
    records.set(name, kept ?? (await installCircuit(circuit, startMaker, options)));
    options.onProgress?.({ name, step: kept === undefined ? 'installed' : 'kept' });
  };
  const installNext = async () => {
    try {
      for (let circuit = waiting.shift(); circuit !== undefined; circuit = waiting.shift()) {
        await install(circuit);
      }
    } catch (error) {
      // The other lane finishes its circuit, and then finds nothing more to do.
      waiting.length = 0;
      throw error;
    }
  };
  try {
    const lanes = await Promise.allSettled(Array.from({ length: CIRCUITS_AT_A_TIME }, installNext));
    const failed = lanes.find((lane) => lane.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  } finally {
    await maker?.close();
  }
  return compiled.map(({ name }) => records.get(name)!);
}

/** The record of a circuit whose keys are there, whole, and for the same constraint system and witness generator. */
async function findKept(
  circuit: CompiledCircuit,
  before: readonly CircuitRecord[],
  keysDirectory: string,
): Promise<CircuitRecord | undefined> {
  const record = before.find(({ name }) => name === circuit.name);
  if (record?.r1csSha256 !== circuit.r1csSha256 || record.tag !== circuit.tag.toString()) return undefined;
  if (record.files.wasm.sha256 !== (await hashFile(circuit.wasmPath))) return undefined;
  return (await areFilesWhole(keysDirectory, record)) ? record : undefined;
}

async function installCircuit(
  circuit: CompiledCircuit,
  startMaker: () => DevelopmentKeyMaker,
  { keysDirectory, cacheDirectory, onProgress }: MakeKeysOptions,
): Promise<CircuitRecord> {
  const { name, parameters, tag, r1csSha256 } = circuit;
  const cached = await cacheDevelopmentKey(circuit, {
    cacheDirectory,
    startMaker,
    onProgress: (progress) => onProgress?.({ ...progress, name, step: 'key' }),
  });
  const verificationKey = await verificationKeyOf(cached.zkeyPath);
  const verificationKeyPath = circuitFilePath(keysDirectory, name, 'verificationKey');
  await writeFileAtomically(verificationKeyPath, encodeJsonLine(verificationKey));
  const files = {
    zkey: await copyWhole(cached.zkeyPath, circuitFilePath(keysDirectory, name, 'zkey')),
    wasm: await copyWhole(circuit.wasmPath, circuitFilePath(keysDirectory, name, 'wasm')),
    verificationKey: await describeFile(verificationKeyPath),
  };
  return {
    name,
    parameters: circuitParameters.parse(parameters),
    tag: tag.toString(),
    fingerprint: fingerprintKey(tag, verificationKey),
    r1csSha256,
    files,
  };
}

async function writeTrust(
  keysDirectory: string,
  profileName: string,
  circuits: readonly CircuitRecord[],
): Promise<void> {
  const { publicKey } = await ensureSigningKey(keysDirectory);
  const trust: Trust = {
    format: TRUST_FORMAT,
    profile: profileName,
    signingKey: publicKey,
    circuits: circuits.map(({ name, parameters, tag, fingerprint }) => ({
      name,
      parameters,
      tag,
      fingerprint,
      provenance: PROVENANCE,
    })),
  };
  await writeFileAtomically(join(keysDirectory, TRUST_FILE), encodeJsonLine(trust));
}

function ofAnotherProfile(path: string, expected: string, found: string): SolventError<KeyStoreCode> {
  return new SolventError(
    'usage',
    'keys-of-another-profile',
    `expected keys of the profile ${expected} in ${path}, got keys of ${found}: name another folder`,
    { details: { path, expected, found } },
  );
}
