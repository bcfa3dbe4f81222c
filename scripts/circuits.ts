import { compileProfile } from '../src/keys/index.js';
import type { Profile } from '../src/protocol/index.js';

/** The file of published hashes, from the root of the project. */
export const CIRCUIT_HASHES_PATH = 'conformance/circuits.json';

/** What is published of the circuits of each profile. */
export type CircuitHashes = {
  readonly profiles: Readonly<
    Record<
      string,
      readonly {
        readonly name: string;
        readonly tag: string;
        readonly constraints: number;
        /** SHA-256 of the constraint system, as transcripts of ceremonies state it. */
        readonly r1csSha256: string;
      }[]
    >
  >;
};

/** The hashes of the circuits of a profile, compiled or from a cache. */
export async function hashCircuits(
  profile: Profile,
  cacheDirectory: string,
): Promise<CircuitHashes['profiles'][string]> {
  const compiled = await compileProfile(profile, { cacheDirectory, concurrency: 1 });
  return compiled.map(({ name, tag, constraintCount, r1csSha256 }) => ({
    name,
    tag: tag.toString(),
    constraints: constraintCount,
    r1csSha256,
  }));
}
