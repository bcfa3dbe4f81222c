import { SolventError, refuseProtocol } from './errors.js';

export type InstantCode = 'instant-malformed';

const NS_PER_SECOND = 1_000_000_000n;
const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;
const CANONICAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{0,8}[1-9])?Z$/;

/**
 * Reads an RFC 3339 instant with an explicit zone and writes it in UTC, in its one canonical form:
 * `2026-01-31T00:00:00Z`, with as many digits of a second as it needs, at most nine. No leap second.
 * @throws SolventError `instant-malformed`.
 */
export function parseInstant(text: string): string {
  const match = RFC_3339.exec(text);
  if (match === null) throw refuseInstant();
  const [, year, month, day, hour, minute, second, fraction = '', zone] = match as unknown as string[];
  const ms = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!);
  // Date.UTC carries a 31st of February into March: what comes back must be what went in.
  const local = `${year!}-${month!}-${day!}T${hour!}:${minute!}:${second!}`;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== local) throw refuseInstant();
  const utc = new Date(ms - offsetMs(zone!)).toISOString();
  if (utc.length !== 24) throw refuseInstant();
  const digits = fraction.replace(/0+$/, '');
  return `${utc.slice(0, 19)}${digits === '' ? '' : `.${digits}`}Z`;
}

/** Whether a text is an instant in the form that `parseInstant` writes. */
export function isCanonicalInstant(text: string): boolean {
  if (!CANONICAL.test(text)) return false;
  try {
    return parseInstant(text) === text;
  } catch {
    return false;
  }
}

/** The nanoseconds since 1970 UTC of an RFC 3339 instant with a zone. @throws SolventError `instant-malformed`. */
export function parseInstantNs(text: string): bigint {
  const instant = parseInstant(text);
  const fraction = /\.([0-9]+)Z$/.exec(instant)?.[1] ?? '';
  const second = BigInt(Date.parse(`${instant.slice(0, 19)}Z`)) / 1000n;
  return second * NS_PER_SECOND + BigInt(fraction.padEnd(9, '0'));
}

/** The instant so many nanoseconds after 1970 UTC, in its canonical form; from 0, before the year 10000. */
export function formatInstantNs(instantNs: bigint): string {
  const seconds = new Date(Number(instantNs / NS_PER_SECOND) * 1000).toISOString().slice(0, 19);
  const digits = (instantNs % NS_PER_SECOND).toString().padStart(9, '0').replace(/0+$/, '');
  return `${seconds}${digits === '' ? '' : `.${digits}`}Z`;
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) throw refuseInstant();
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function refuseInstant(): SolventError<InstantCode> {
  return refuseProtocol('instant-malformed', {
    expected: 'an RFC 3339 instant with a zone, like 2026-01-31T00:00:00Z',
    found: 'another text',
  });
}
