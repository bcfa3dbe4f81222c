import { TRUST_FORMAT, type Trust } from '../protocol/index.js';

/** What a trust file says of a set of proving keys. */
export type TrustedKeys = {
  readonly profile: Trust['profile'];
  readonly circuits: readonly Trust['circuits'][number][];
};

/**
 * What a platform gives to those who will verify it, by another way than its bundles: the circuits with the fingerprints
 * and the origin of their keys, and the key that signs.
 */
export function exportTrust(keys: TrustedKeys, signingKey: { readonly publicKey: string }): Trust {
  return {
    format: TRUST_FORMAT,
    profile: keys.profile,
    signingKey: signingKey.publicKey,
    circuits: keys.circuits.map(({ name, parameters, tag, fingerprint, provenance }) => ({
      name,
      parameters,
      tag,
      fingerprint,
      provenance,
    })),
  };
}
