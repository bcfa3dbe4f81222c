import { hashTrust, type KeyProvenance, type Trust } from '../protocol/index.js';
import { formatCount } from './text.js';

/** A trust file as people print it: on one page, and enough to compare a bundle with by eye. */
export function formatTrust(trust: Trust): string {
  const lines = [
    `trust file    ${hashTrust(trust)}`,
    `profile       ${trust.profile}`,
    `signing key   ${trust.signingKey}`,
  ];
  const origins = new Set(trust.circuits.map(({ provenance }) => JSON.stringify(provenance)));
  for (const { name, fingerprint } of trust.circuits) lines.push(`${name.padEnd(14)}${fingerprint}`);
  for (const origin of origins) lines.push(...formatProvenance(JSON.parse(origin) as KeyProvenance));
  return `${lines.join('\n')}\n`;
}

/** How keys came to be, in lines. */
export function formatProvenance(provenance: KeyProvenance): string[] {
  if (provenance.kind === 'insecure-development') {
    return [
      'keys          INSECURE: made in one place for development; whoever made them can prove anything',
    ];
  }
  const { contributions, signers, beacon, powersOfTau, transcriptHash } = provenance;
  const published = powersOfTau.source === 'perpetual-powers-of-tau';
  return [
    `keys          a ceremony of ${formatCount(contributions, 'contribution')}, signed by ${formatCount(signers, 'different key')}`,
    `beacon        ${beacon}`,
    `transcript    ${transcriptHash}`,
    `powers of tau ${published ? 'the published Perpetual Powers of Tau' : 'UNTRUSTED: not the published ones'}`,
    `  BLAKE2b     ${powersOfTau.blake2b}`,
  ];
}
