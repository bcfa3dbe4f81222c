import type { KeyProvenance } from '../protocol/index.js';
import { formatCount, formatNumber } from './counts.js';

/** What is said wherever an answer rests on keys of a development setup. */
export const INSECURE = 'INSECURE: development keys, whose maker can prove anything';

/**
 * How a key came to be, in words.
 * @param isShown whether evidence of the ceremony was verified; else what is said of it is called stated.
 */
export function describeProvenance(provenance: KeyProvenance, { isShown = false } = {}): string {
  if (provenance.kind === 'insecure-development') return INSECURE;
  const { contributions, signers, beacon, powersOfTau, transcriptHash } = provenance;
  const powers = powersOfTau.source === 'untrusted' ? 'UNTRUSTED powers of tau' : powersOfTau.source;
  const counted =
    `a ceremony of ${formatCount(contributions, 'contribution')}, ` +
    `signed by ${formatCount(signers, 'different key')}, closed by ${beacon}`;
  return isShown
    ? `shown: ${counted}, with transcript ${transcriptHash}; it names ${powers}`
    : `stated: ${counted}, on ${powers}, with transcript ${transcriptHash}`;
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

/** How keys came to be. Numbers are those that the verifier counted, and null where it was shown nothing to count. */
export type ReportedProvenance = {
  readonly kind: KeyProvenance['kind'];
  /** Whether evidence of the ceremony was verified. */
  readonly shown: boolean;
  readonly contributions: number | null;
  /** Different keys that signed contributions. */
  readonly signers: number | null;
  /** How many of them the caller pinned; null where it pinned none. */
  readonly pinnedSigners: number | null;
};

/** How the keys came to be, in a line, and whether that was shown; how evidence is brought, each reader's program says itself. */
export function phraseProvenance({
  kind,
  shown,
  contributions,
  signers,
  pinnedSigners,
}: ReportedProvenance): string {
  if (kind === 'insecure-development') return INSECURE;
  if (!shown) return 'of a ceremony: stated, not shown';
  const pinned = pinnedSigners === null ? '' : `, ${formatNumber(pinnedSigners)} of them pinned by you`;
  return `of a ceremony, shown: ${formatCount(contributions ?? 0, 'contribution')}, signed by ${formatCount(signers ?? 0, 'different key')}${pinned}`;
}
