import { createHash } from 'node:crypto';

const CHECKSUM_BYTES = 32;

/**
 * Frames the payload of a private file: `format ‖ 0 ‖ payload ‖ SHA-256 of all before`. It guards against files that
 * a full disk or a power cut damaged, not against an adversary.
 */
export function sealBytes(format: string, payload: Uint8Array): Uint8Array {
  const head = Buffer.concat([Buffer.from(format, 'latin1'), Buffer.of(0), payload]);
  return Buffer.concat([head, createHash('sha256').update(head).digest()]);
}

/** The payload of a sealed file of the given format, or undefined where the bytes are not one, whole. */
export function unsealBytes(format: string, sealed: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const prefix = Buffer.from(`${format}\0`, 'latin1');
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < prefix.length || !bytes.subarray(0, prefix.length).equals(prefix)) return undefined;
  const checksum = createHash('sha256').update(bytes.subarray(0, end)).digest();
  return checksum.equals(bytes.subarray(end)) ? bytes.subarray(prefix.length, end) : undefined;
}
