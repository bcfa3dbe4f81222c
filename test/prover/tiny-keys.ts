import { cacheDirectory } from '../../src/system/index.js';
import { PROFILES, type Profile } from '../../src/protocol/index.js';
import type { ProvingCircuit, SigningKey } from '../../src/prover/index.js';
import { loadSigningKey } from '../../src/identity/index.js';
import { makeDevelopmentKeys } from '../../src/keys/index.js';

/** Sixteen users of two holdings a spot batch, seven a margin batch, two children an aggregate. */
export const TINY: Profile = PROFILES.get('tiny')!;

/** Development keys of the tiny profile, made in a folder of the caller's. */
export async function makeTinyKeys(
  keysDirectory: string,
): Promise<{ readonly circuits: readonly ProvingCircuit[]; readonly signingKey: SigningKey }> {
  const options = { profile: TINY, keysDirectory, cacheDirectory: cacheDirectory() };
  const { circuits } = await makeDevelopmentKeys(options);
  return { circuits, signingKey: await loadSigningKey(keysDirectory) };
}
