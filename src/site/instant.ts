const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** A canonical instant as people say it: `31 January 2026, 00:00:00 UTC`. */
export function formatInstant(instant: string): string {
  return `${DAY.format(new Date(instant))}, ${instant.slice(11, -1)} UTC`;
}
