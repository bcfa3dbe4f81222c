import { cacheDirectory } from '../../../src/system/index.js';
import { fingerprintKey } from '../../../src/protocol/index.js';
import {
  deriveCircuitTag,
  nameOfLayout,
  PROFILES,
  type RowLayout,
} from '../../../src/protocol/rows/index.js';
import { compilerFlags, makeArtefacts } from '../../../src/keys/compile/artefacts.js';
import { generateRowMain } from '../../../src/keys/compile/row-instance.js';
import { loadSources } from '../../../src/keys/compile/sources.js';
import { readVerificationKey } from '../../../src/iden3/index.js';
import { DevelopmentKeyMaker } from '../../../src/keys/index.js';
import { cacheDevelopmentKey } from '../../../src/keys/store/development-key-cache.js';
import type { RowProvingCircuit } from '../../../src/prover/run-rows/index.js';

/** The circuits of `tiny`, in order. */
export const TINY_LAYOUTS: readonly RowLayout[] = PROFILES.get('tiny')!.layouts;

/** Development keys of circuits of rows, from the cache or newly made. */
export async function makeRowKeys(
  layouts: readonly RowLayout[] = TINY_LAYOUTS,
): Promise<RowProvingCircuit[]> {
  let maker: DevelopmentKeyMaker | undefined;
  const startMaker = () => (maker ??= new DevelopmentKeyMaker({ workers: 2 }));
  try {
    const circuits: RowProvingCircuit[] = [];
    for (const layout of layouts) circuits.push(await makeCircuit(layout, startMaker));
    return circuits;
  } finally {
    await maker?.close();
  }
}

async function makeCircuit(
  layout: RowLayout,
  startMaker: () => DevelopmentKeyMaker,
): Promise<RowProvingCircuit> {
  const name = nameOfLayout(layout);
  const sources = await loadSources(generateRowMain(layout));
  const flags = compilerFlags({ symbols: false });
  const artefacts = await makeArtefacts({ name, sources, flags }, { cacheDirectory: cacheDirectory() });
  const key = await cacheDevelopmentKey(artefacts, { cacheDirectory: cacheDirectory(), startMaker });
  const verificationKey = await readVerificationKey(key.zkeyPath);
  const tag = deriveCircuitTag(layout);
  return {
    name,
    parameters: layout,
    tag: tag.toString(),
    fingerprint: fingerprintKey(tag, verificationKey),
    provenance: { kind: 'insecure-development' },
    verificationKey,
    wasmPath: artefacts.wasmPath,
    zkeyPath: key.zkeyPath,
    zkeySha256: key.sha256,
  };
}
