import { bytesToHex, encodeJsonLine, hashLabelled, TRUST_FORMAT, type Trust } from '../protocol/index.js';

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

/** SHA-256("solvent/trust/v1" ‖ 0 ‖ the file without its line feed), in hexadecimal: what two holders compare. */
export function hashTrust(trust: Trust): string {
  return bytesToHex(hashLabelled(TRUST_FORMAT, encodeJsonLine(trust).subarray(0, -1)));
}

/** A trust file as people print it: on one page, and enough to compare a bundle with by eye. */
export function formatTrust(trust: Trust): string {
  const lines = [
    `trust file    ${hashTrust(trust)}`,
    `profile       ${trust.profile}`,
    `signing key   ${trust.signingKey}`,
  ];
  const origins = new Set(trust.circuits.map(({ provenance }) => JSON.stringify(provenance)));
  for (const { name, fingerprint } of trust.circuits) lines.push(`${name.padEnd(14)}${fingerprint}`);
  for (const origin of origins) lines.push(...formatProvenance(JSON.parse(origin) as Provenance));
  return `${lines.join('\n')}\n`;
}

type Provenance = Trust['circuits'][number]['provenance'];

/** How keys came to be, in lines. */
export function formatProvenance(provenance: Provenance): string[] {
  if (provenance.kind === 'insecure-development') {
    return [
      'keys          INSECURE: made in one place for development; whoever made them can prove anything',
    ];
  }
  const { contributions, signers, beacon, powersOfTau, transcriptHash } = provenance;
  const published = powersOfTau.source === 'perpetual-powers-of-tau';
  return [
    `keys          a ceremony of ${contributions} contributions, signed by ${signers} different keys`,
    `beacon        ${beacon}`,
    `transcript    ${transcriptHash}`,
    `powers of tau ${published ? 'the published Perpetual Powers of Tau' : 'UNTRUSTED: not the published ones'}`,
    `  BLAKE2b     ${powersOfTau.blake2b}`,
  ];
}
