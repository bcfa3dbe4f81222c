import type { KeyProvenance } from '../protocol/index.js';
import { formatCount } from './counts.js';

/** What is said wherever an answer rests on keys of a development setup. */
export const INSECURE = 'INSECURE: development keys, whose maker can prove anything';

/** How a key came to be, in words. What is stated of a ceremony is called so. */
export function describeProvenance(provenance: KeyProvenance): string {
  if (provenance.kind === 'insecure-development') return INSECURE;
  const { contributions, signers, beacon, powersOfTau, transcriptHash } = provenance;
  const powers = powersOfTau.source === 'untrusted' ? 'UNTRUSTED powers of tau' : powersOfTau.source;
  return (
    `stated: a ceremony of ${formatCount(contributions, 'contribution')}, signed by ${formatCount(signers, 'different key')}, closed by ${beacon}, ` +
    `on ${powers}, with transcript ${transcriptHash}`
  );
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
    `keys          stated: a ceremony of ${formatCount(contributions, 'contribution')}, signed by ${formatCount(signers, 'different key')}`,
    `beacon        ${beacon}`,
    `transcript    ${transcriptHash}`,
    `powers of tau ${published ? 'the published Perpetual Powers of Tau' : 'UNTRUSTED: not the published ones'}`,
    `  BLAKE2b     ${powersOfTau.blake2b}`,
  ];
}
