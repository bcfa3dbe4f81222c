import { bytesToHex, hexToBytes } from '../bytes.js';

/** be_n(x): a non-negative integer as `sizeBytes` bytes, big-endian; x must be below 256^sizeBytes. */
export function encodeUint(value: bigint | number, sizeBytes: number): Uint8Array {
  const digits = value.toString(16).padStart(2 * sizeBytes, '0');
  if (value < 0 || digits.length !== 2 * sizeBytes) {
    throw new RangeError(`expected an integer from 0 that fits ${sizeBytes} bytes, got one outside`);
  }
  return hexToBytes(digits);
}

/** Bytes, big-endian, as a non-negative integer; 0 for none. */
export function decodeUint(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytesToHex(bytes)}`);
}
