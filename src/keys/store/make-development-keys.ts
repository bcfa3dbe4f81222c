import { join } from 'node:path';
import { availableParallelism } from 'node:os';

import {
  acquireLock,
  hashFile,
  makeDirectory,
  nameDiskErrors,
  readIfExists,
  removeAbandoned,
  writeFileAtomically,
} from '../../system/index.js';
import { readVerificationKey } from '../../iden3/index.js';
import {
  encodeJsonLine,
  fingerprintKey,
  parseTrust,
  requirePath,
  SolventError,
  type Profile,
} from '../../protocol/index.js';
import { beginCompilations, type CompiledCircuit, type CompileProgress } from '../compile/index.js';
import { DevelopmentKeyMaker, type KeyProgress } from '../development-key/index.js';
import { copyWhole, describeFile } from '../disk.js';
import { openLanes } from '../lanes.js';
import { cacheDevelopmentKey } from './development-key-cache.js';
import { GrowingList } from './growing-list.js';
import { circuitFilePath, TRUST_FILE } from './keys-file.js';
import { areFilesWhole, loadKeys, type KeySet } from './key-set.js';
import { findKeysRecord, type CircuitRecord } from './keys-file.js';
import { findExtendedProfile } from '../wide-circuit.js';
import { ensureSigningKey } from '../../identity/index.js';
import { refuseKeys, type KeysCode } from '../errors.js';

/** While one circuit's scalars are computed in one thread, the points of another keep the rest busy. */
const KEYS_AT_A_TIME = 2;

/** What happens to a circuit: it is compiled, its key is made, or whole keys are found. */
export type SetupProgress =
  | (CompileProgress & { readonly step: 'compile' })
  | (KeyProgress & { readonly name: string; readonly step: 'key' })
  | { readonly name: string; readonly step: 'kept' | 'installed' };

export type MakeKeysOptions = {
  readonly profile: Profile;
  /** Pinned by the trust file; where it is not given, the platform of an earlier setup, or none. */
  readonly platform?: string;
  /** Made where it is not there. */
  readonly keysDirectory: string;
  readonly cacheDirectory: string;
  /** Threads that make keys; as many as cores where it is not given. */
  readonly workers?: number;
  readonly onProgress?: (progress: SetupProgress) => void;
};

/**
 * Compiles the circuits of a profile and fills a directory with a signing key, development keys and, where the platform is known,
 * a trust file. The key of
 * a circuit is made while others are still compiled, and listed as soon as it is there; the trust file comes when all
 * are. Killed at any moment, the same call goes on; whole keys of the same circuits are kept, and broken ones made again.
 * @throws SolventError `directory-in-use`, `keys-of-another-profile`, `signing-key-malformed`, and what compiling and
 * making keys throw.
 */
export async function makeDevelopmentKeys(options: MakeKeysOptions): Promise<KeySet> {
  const { profile, keysDirectory } = options;
  requirePath(keysDirectory, 'the keys');
  await nameDiskErrors(keysDirectory, () => makeDirectory(keysDirectory));
  const lock = await acquireLock(keysDirectory);
  try {
    await removeAbandoned(keysDirectory);
    const before = await findKeysRecord(keysDirectory);
    if (before !== undefined && before.profile !== profile.name) {
      throw ofAnotherProfile(keysDirectory, profile.name, before.profile);
    }
    // Before the list: whoever finds one finds what they sign with as well.
    const { publicKey } = await ensureSigningKey(keysDirectory);
    const names = [...(before?.circuits ?? []).map(({ name }) => name), ...(before?.awaited ?? [])];
    // Wide circuits of an earlier setup stay.
    const extended = findExtendedProfile(profile, names) ?? profile;
    const list = await GrowingList.begin(keysDirectory, extended, before);
    await installCircuits(list, { ...options, profile: extended });
    const platform = options.platform ?? (await findPinnedPlatform(keysDirectory));
    await list.complete({ platform, publicKey });
    return await loadKeys(keysDirectory);
  } finally {
    await lock.release();
  }
}

/** The platform that the trust file of an earlier setup pins; null where there is none. */
async function findPinnedPlatform(keysDirectory: string): Promise<string | null> {
  const bytes = await readIfExists(join(keysDirectory, TRUST_FILE));
  try {
    return bytes === undefined ? null : parseTrust(bytes).platform;
  } catch {
    // Damaged, or of another version: it is replaced.
    return null;
  }
}

/** Lists every circuit of the profile, each when it is compiled and its key is made. */
async function installCircuits(list: GrowingList, options: MakeKeysOptions): Promise<void> {
  const { profile, cacheDirectory, workers = availableParallelism(), onProgress } = options;
  // Where one circuit fails, no other is begun, be it to compile or to make a key of.
  const halt = new AbortController();
  let maker: DevelopmentKeyMaker | undefined;
  const startMaker = () => (maker ??= new DevelopmentKeyMaker({ workers }));
  const install = async (circuit: CompiledCircuit) => {
    const { name } = circuit;
    const isKept = await isWhole(circuit, list.find(name), options.keysDirectory);
    if (!isKept) {
      await list.remove(name);
      await list.add(await installCircuit(circuit, startMaker, options));
    }
    onProgress?.({ name, step: isKept ? 'kept' : 'installed' });
  };
  const inKeyLane = openLanes(KEYS_AT_A_TIME, halt);
  const compilations = beginCompilations(profile, {
    cacheDirectory,
    halt,
    onProgress: (progress) => onProgress?.({ ...progress, step: 'compile' }),
  });
  const installations = compilations.map(async (compilation) => {
    const circuit = await compilation;
    await inKeyLane(() => install(circuit));
  });
  try {
    await Promise.allSettled(installations);
    await Promise.all(installations);
  } finally {
    await maker?.close();
  }
}

/** Whether the keys of a listed circuit are whole, and for the same constraint system and witness generator. */
async function isWhole(
  circuit: CompiledCircuit,
  record: CircuitRecord | undefined,
  keysDirectory: string,
): Promise<boolean> {
  if (record?.r1csSha256 !== circuit.r1csSha256 || record.tag !== circuit.tag.toString()) return false;
  if (record.files.wasm.sha256 !== (await hashFile(circuit.wasmPath))) return false;
  return areFilesWhole(keysDirectory, record);
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
  const verificationKey = await readVerificationKey(cached.zkeyPath);
  const verificationKeyPath = circuitFilePath(keysDirectory, name, 'verificationKey');
  await writeFileAtomically(verificationKeyPath, encodeJsonLine(verificationKey));
  const files = {
    zkey: await copyWhole(cached.zkeyPath, circuitFilePath(keysDirectory, name, 'zkey')),
    wasm: await copyWhole(circuit.wasmPath, circuitFilePath(keysDirectory, name, 'wasm')),
    verificationKey: await describeFile(verificationKeyPath),
  };
  return {
    name,
    parameters,
    tag: tag.toString(),
    fingerprint: fingerprintKey(tag, verificationKey),
    r1csSha256,
    files,
  };
}

function ofAnotherProfile(path: string, expected: string, found: string): SolventError<KeysCode> {
  return refuseKeys('keys-of-another-profile', {
    expected: `keys of the profile ${expected} in ${path}`,
    found: `keys of ${found}`,
    details: { path, expected, found },
  });
}
