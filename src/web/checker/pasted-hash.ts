const SHA256_HEX = /^[0-9a-f]{64}$/;

/** A SHA-256 as people paste it: in either case, with white space in it. Undefined where it is none. */
export function parsePastedHash(text: string): string | undefined {
  const hash = text.replace(/\s/g, '').toLowerCase();
  return SHA256_HEX.test(hash) ? hash : undefined;
}
