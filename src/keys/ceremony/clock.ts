/** The time now, to the second, as transcripts state it. */
export function currentInstant(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
