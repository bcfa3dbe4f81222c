const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** A canonical instant as people say it: `31 January 2026, 00:00:00 UTC`. */
export function formatInstant(instant: string): string {
  const [, year = '', month = '', day = '', time = ''] =
    /^(\d{4})-(\d{2})-(\d{2})T([\d:.]+)Z$/.exec(instant) ?? [];
  const name = MONTHS[Number(month) - 1];
  return name === undefined ? instant : `${Number(day)} ${name} ${year}, ${time} UTC`;
}
