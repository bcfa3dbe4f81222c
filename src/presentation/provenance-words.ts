import { hashTrust, type KeyProvenance, type Trust } from '../protocol/index.js';
import { formatNumber, formatCount } from './durations.js';
import { say } from './language.js';
import { makePrintable } from './text-table.js';

/** What became of a check, as a sign and a word: no two differ by colour alone. */
export const CHECK_RESULTS = {
  passed: { sign: '✓', word: 'passed' },
  failed: { sign: '✕', word: 'FAILED' },
  'not-made': { sign: '○', word: 'not made' },
} as const;

/** The word of a check's result in the language that is spoken. */
export function sayResult(result: keyof typeof CHECK_RESULTS): string {
  return say(CHECK_RESULTS[result].word);
}

/** The same, as wide as the widest of them. */
export function padResult(result: keyof typeof CHECK_RESULTS): string {
  const widths = Object.values(CHECK_RESULTS).map(({ word }) => say(word).length);
  return sayResult(result).padEnd(Math.max(...widths));
}

/** What is said wherever an answer rests on keys of a development setup. */
export const INSECURE = 'INSECURE: development keys, whose maker can prove anything';

/**
 * How a key came to be, in words.
 * @param isShown whether evidence of the ceremony was verified; else what is said of it is called stated.
 */
export function describeProvenance(provenance: KeyProvenance, { isShown = false } = {}): string {
  if (provenance.kind === 'insecure-development') return say(INSECURE);
  const { contributions, signers, beacon, powersOfTau, transcriptHash: hash } = provenance;
  const powers = powersOfTau.source === 'untrusted' ? say('UNTRUSTED powers of tau') : powersOfTau.source;
  const counted = say('a ceremony of {contributions}, signed by {keys}, closed by {beacon}', {
    ...{ contributions: sayContributions(contributions), keys: saySigners(signers), beacon },
  });
  return isShown
    ? say('shown: {counted}, with transcript {hash}; it names {powers}', { counted, hash, powers })
    : say('stated: {counted}, on {powers}, with transcript {hash}', { counted, hash, powers });
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
  if (kind === 'insecure-development') return say(INSECURE);
  if (!shown) return say('of a ceremony: stated, not shown');
  const pinned =
    pinnedSigners === null
      ? ''
      : say(', {count} of them pinned by you', { count: formatNumber(pinnedSigners) });
  const counted = { contributions: sayContributions(contributions ?? 0), keys: saySigners(signers ?? 0) };
  return `${say('of a ceremony, shown: {contributions}, signed by {keys}', counted)}${pinned}`;
}

function sayContributions(count: number): string {
  return count === 1 ? say('1 contribution') : say('{count} contributions', { count: formatNumber(count) });
}

function saySigners(count: number): string {
  return count === 1 ? say('1 different key') : say('{count} different keys', { count: formatNumber(count) });
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
