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
