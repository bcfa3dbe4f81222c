import { hashTrust, type KeyProvenance, type Trust } from '../protocol/index.js';
import { formatNumber, formatCount } from './durations.js';
import { makePrintable } from './text-table.js';

/** What became of a check, as a sign and a word: no two differ by colour alone. */
export const CHECK_RESULTS = {
  passed: { sign: '✓', word: 'passed' },
  failed: { sign: '✕', word: 'FAILED' },
  'not-made': { sign: '○', word: 'not made' },
} as const;

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

/** A trust file as people print it: on one page, and enough to compare a bundle with by eye. */
export function formatTrust(trust: Trust): string {
  const lines = [
    `trust file    ${hashTrust(trust)}`,
    `platform      ${trust.platform === null ? 'not pinned: a development trust file' : makePrintable(trust.platform)}`,
    `profile       ${trust.profile}, listings of up to ${formatNumber(2 ** trust.indexBits)} assets`,
    `signing key   ${trust.signingKey}`,
  ];
  const origins = new Set(trust.circuits.map(({ provenance }) => JSON.stringify(provenance)));
  for (const { name, fingerprint } of trust.circuits) lines.push(`${name.padEnd(14)}${fingerprint}`);
  for (const origin of origins) lines.push(...formatProvenance(JSON.parse(origin) as KeyProvenance));
  return `${lines.join('\n')}\n`;
}
