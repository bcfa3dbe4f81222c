import { SolventError } from '../../protocol/index.js';
import { MAX_ITERATIONS_EXPONENT, MIN_ITERATIONS_EXPONENT } from '../../protocol/ceremony/index.js';
import { refuseKeys, type KeysCode } from '../errors.js';

/** What closes a ceremony. */
export type BeaconValue = {
  /** The public value, in lower-case hexadecimal. */
  readonly value: string;
  /** Its secret follows from the value hashed 2^iterationsExponent times. */
  readonly iterationsExponent: number;
};

const HEX = /^[0-9a-f]+$/;
const MIN_BYTES = 32;
const MAX_BYTES = 64;

/**
 * Reads a public value: the output of a beacon, or a block's hash.
 * @throws SolventError `beacon-unfit`: not 32 to 64 bytes in hexadecimal, or a sequence like the one in snarkjs's
 * tutorial, which everyone knew before the ceremony began.
 */
export function parseBeaconValue(text: string, iterationsExponent = MIN_ITERATIONS_EXPONENT): BeaconValue {
  const value = text.trim().toLowerCase().replace(/^0x/, '');
  const bytes = Buffer.from(value, 'hex');
  // A buffer stops at the first character that is no digit.
  if (!HEX.test(value) || bytes.length * 2 !== value.length) {
    throw unfit(`an even number of hexadecimal digits`, 'another text');
  }
  assertNotSequence(bytes);
  if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
    throw unfit(`a value of ${MIN_BYTES} to ${MAX_BYTES} bytes`, String(bytes.length));
  }
  const isInRange =
    Number.isInteger(iterationsExponent) &&
    iterationsExponent >= MIN_ITERATIONS_EXPONENT &&
    iterationsExponent <= MAX_ITERATIONS_EXPONENT;
  if (!isInRange) {
    throw unfit(
      `an exponent from ${MIN_ITERATIONS_EXPONENT} to ${MAX_ITERATIONS_EXPONENT}`,
      String(iterationsExponent),
    );
  }
  return { value, iterationsExponent };
}

/** Refuses bytes that rise by one and the same step: 01 02 03 … of the tutorial, 00 00 00 …, ff fe fd …. */
function assertNotSequence(bytes: Uint8Array): void {
  const step = (bytes[1]! - bytes[0]! + 256) % 256;
  const isSequence = bytes.every(
    (byte, index) => index === 0 || (byte - bytes[index - 1]! + 256) % 256 === step,
  );
  if (isSequence) throw unfit('a value that nobody knew before', 'a sequence that anyone would try');
}

function unfit(expected: string, found: string): SolventError<KeysCode> {
  return refuseKeys('beacon-unfit', { expected: `${expected} as the beacon`, found });
}
