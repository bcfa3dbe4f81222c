export { parseInstantNs } from '../../protocol/index.js';

const NS_PER_SECOND = 1_000_000_000n;

/** The canonical RFC 3339 instant of nanoseconds since 1970 UTC, which may be negative. */
export function formatInstantNs(atNs: bigint): string {
  const ns = ((atNs % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
  const second = new Date(Number((atNs - ns) / NS_PER_SECOND) * 1000).toISOString().slice(0, 19);
  const fraction = ns.toString().padStart(9, '0').replace(/0+$/, '');
  return `${second}${fraction === '' ? '' : `.${fraction}`}Z`;
}
