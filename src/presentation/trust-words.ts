import { hashTrust, type KeyProvenance, type Trust } from '../protocol/index.js';
import { formatNumber } from './counts.js';
import { makePrintable } from './printable.js';
import { formatProvenance } from './provenance-words.js';

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
