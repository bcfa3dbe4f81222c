import { say, spokenConvention } from './language.js';

/** Digits of a value in a quote currency that are shown after the point. */
const VALUE_DIGITS = 2;

/**
 * A decimal with its thousands apart, as the language that is spoken writes it: `-61,234.5`.
 * @param decimals digits after the point, at least; further ones are kept.
 */
export function formatAmount(decimal: string, decimals = 0): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  const digits = fraction.padEnd(decimals, '0');
  const { thousands, point } = spokenConvention();
  return `${whole.replace(/\B(?=(?:\d{3})+$)/g, thousands)}${digits === '' ? '' : `${point}${digits}`}`;
}

/** A decimal with the point of the language that is spoken, and else as it is: `0.55`. */
export function formatPlain(decimal: string): string {
  return decimal.replace('.', spokenConvention().point);
}

/** An amount on a page: with the minus sign that screen readers say, `−1,234.50`. */
export function typesetAmount(decimal: string, decimals = 0): string {
  return formatAmount(decimal, decimals).replace(/^-/, '−');
}

/** Proof units as money, with all digits of a unit: `1,234.50000000` for 123450000000 units of 8 decimals. */
export function formatMoney(units: string, decimals: number): string {
  const isNegative = units.startsWith('-');
  const digits = (isNegative ? units.slice(1) : units).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  return formatAmount(`${isNegative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`);
}

/** A value in a quote currency: with its thousands apart, and cut after two digits where it has a fraction. */
export function formatValue(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  return formatAmount(
    fraction === undefined ? whole : `${whole}.${fraction.slice(0, VALUE_DIGITS)}`,
    fraction === undefined ? 0 : VALUE_DIGITS,
  );
}

/** A number with its thousands apart: `2,000`. @param fractionDigits digits after the point, to which it is rounded. */
export function formatNumber(value: number | bigint, fractionDigits = 0): string {
  return formatAmount(typeof value === 'bigint' ? value.toString() : value.toFixed(fractionDigits));
}

/** A count with its noun: `1 account`, `2,000 accounts`. @param plural where it is not the noun with an s. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural}`;
}

/** A count that is stated by the power of two just above it: `no`, `1`, `2 or 3`, `4 to 7`. @param countBelow 1, 2, 4, … */
export function formatCountBelow(countBelow: number): string {
  if (countBelow <= 2) return countBelow === 1 ? say('no') : '1';
  const [first, last] = [countBelow / 2, countBelow - 1];
  const ends = { least: formatNumber(first), most: formatNumber(last) };
  return last === first + 1 ? say('{least} or {most}', ends) : say('{least} to {most}', ends);
}

/** A canonical instant as people say it, in UTC and no other zone: `31 January 2026, 00:00:00 UTC`. */
export function formatInstant(instant: string): string {
  const [, year = '', month = '', day = '', time = ''] =
    /^(\d{4})-(\d{2})-(\d{2})T([\d:.]+)Z$/.exec(instant) ?? [];
  const { months, date, point } = spokenConvention();
  const name = months[Number(month) - 1];
  return name === undefined ? instant : `${date(Number(day), name, year)}, ${time.replace('.', point)} UTC`;
}

const AGE_UNITS = [
  { unit: 'd', ns: 86_400_000_000_000n },
  { unit: 'h', ns: 3_600_000_000_000n },
  { unit: 'min', ns: 60_000_000_000n },
  { unit: 's', ns: 1_000_000_000n },
  { unit: 'ms', ns: 1_000_000n },
];

/** Seconds as people read them: `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** An age in the largest two units that it has: `1 h 5 min`. @param ageNs nanoseconds, not negative. */
export function formatAge(ageNs: bigint): string {
  let rest = ageNs;
  const parts = AGE_UNITS.flatMap(({ unit, ns }) => {
    const count = rest / ns;
    rest %= ns;
    return count === 0n ? [] : [`${count} ${unit}`];
  });
  if (parts.length > 0) return parts.slice(0, 2).join(' ');
  return ageNs === 0n ? '0 s' : `${ageNs} ns`;
}

/** The decimals of each asset's proof unit, by its symbol. */
export type UnitDecimals = ReadonlyMap<string, number>;

/** The decimals of the proof units of assets as a manifest lists them. */
export function listUnitDecimals(
  assets: readonly { readonly symbol: string; readonly decimals: number }[],
): UnitDecimals {
  return new Map(assets.map(({ symbol, decimals }) => [symbol, decimals]));
}

/** An amount of an asset in proof units as money. */
export function describeUnits(units: string, asset: string, decimals: UnitDecimals): string {
  return formatMoney(units, decimals.get(asset) ?? 0);
}
