import { parseInstant } from '../../protocol/index.js';

const NS_PER_SECOND = 1_000_000_000n;

/** The nanoseconds since 1970 UTC of an RFC 3339 instant with a zone. @throws SolventError `instant-malformed`. */
export function parseInstantNs(text: string): bigint {
  const instant = parseInstant(text);
  const fraction = /\.([0-9]+)Z$/.exec(instant)?.[1] ?? '';
  const second = BigInt(Date.parse(`${instant.slice(0, 19)}Z`)) / 1000n;
  return second * NS_PER_SECOND + BigInt(fraction.padEnd(9, '0'));
}

/** The canonical RFC 3339 instant of nanoseconds since 1970 UTC, which may be negative. */
export function formatInstantNs(atNs: bigint): string {
  const ns = ((atNs % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
  const second = new Date(Number((atNs - ns) / NS_PER_SECOND) * 1000).toISOString().slice(0, 19);
  const fraction = ns.toString().padStart(9, '0').replace(/0+$/, '');
  return `${second}${fraction === '' ? '' : `.${fraction}`}Z`;
}
