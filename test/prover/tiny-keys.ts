import { cacheDirectory } from '../../src/system/index.js';
import {
  fingerprintKey,
  PROFILES,
  type PinnedCircuit,
  type Profile,
  type RowLayout,
  type VerificationKey,
} from '../../src/protocol/index.js';
import { readVerificationKey } from '../../src/iden3/index.js';
import { compileCircuit, DevelopmentKeyMaker } from '../../src/keys/index.js';
import { cacheDevelopmentKey } from '../../src/keys/store/development-key-cache.js';

/** 85 rows of one slot, 30 and 18 of three, and one of 64: each circuit fits 2^13. */
export const TINY: Profile = PROFILES.get('tiny')!;

/** A circuit with its development key, where the cache has its files. */
export type CachedCircuit = PinnedCircuit & {
  readonly verificationKey: VerificationKey;
  readonly wasmPath: string;
  readonly zkeyPath: string;
  readonly zkeySha256: string;
};

/** Development keys of any layouts, from the cache or newly made; no directory of keys is written. */
export async function makeCircuitKeys(
  layouts: readonly RowLayout[] = TINY.layouts,
): Promise<CachedCircuit[]> {
  let maker: DevelopmentKeyMaker | undefined;
  const startMaker = () => (maker ??= new DevelopmentKeyMaker({ workers: 2 }));
  try {
    const circuits: CachedCircuit[] = [];
    for (const layout of layouts) circuits.push(await makeCircuit(layout, startMaker));
    return circuits;
  } finally {
    await maker?.close();
  }
}

async function makeCircuit(layout: RowLayout, startMaker: () => DevelopmentKeyMaker): Promise<CachedCircuit> {
  const options = { cacheDirectory: cacheDirectory() };
  const circuit = await compileCircuit(layout, options);
  const key = await cacheDevelopmentKey(circuit, { ...options, startMaker });
  const verificationKey = await readVerificationKey(key.zkeyPath);
  return {
    name: circuit.name,
    parameters: layout,
    tag: circuit.tag.toString(),
    fingerprint: fingerprintKey(circuit.tag, verificationKey),
    provenance: { kind: 'insecure-development' },
    verificationKey,
    wasmPath: circuit.wasmPath,
    zkeyPath: key.zkeyPath,
    zkeySha256: key.sha256,
  };
}
