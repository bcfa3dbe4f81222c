import { TRUST_FORMAT, type Trust } from '../protocol/index.js';

/** What a trust file says of a set of proving keys. */
export type TrustedKeys = {
  readonly profile: Trust['profile'];
  /** Not empty, and all of one number of index bits. */
  readonly circuits: readonly Trust['circuits'][number][];
};

/**
 * What a platform gives to those who will verify it, by another way than its bundles: its name, the circuits with the
 * fingerprints and the origin of their keys, and the key that signs.
 * @param signer `platform` as its manifests name it, null only for development keys that name none; `publicKey` in hexadecimal.
 */
export function exportTrust(
  keys: TrustedKeys,
  signer: { readonly platform: Trust['platform']; readonly publicKey: string },
): Trust {
  return {
    format: TRUST_FORMAT,
    platform: signer.platform,
    profile: keys.profile,
    signingKey: signer.publicKey,
    indexBits: keys.circuits[0]!.parameters.indexBits,
    circuits: keys.circuits.map(({ name, parameters, tag, fingerprint, provenance }) => ({
      name,
      parameters,
      tag,
      fingerprint,
      provenance,
    })),
  };
}
