import { FIELD_MODULUS, SolventError } from '../protocol/index.js';
import { ELEMENT_BYTES } from './bn254.js';
import { littleEndianToBigint } from './integers.js';
import {
  assertField,
  encodeField,
  encodeFileHeader,
  encodeSectionHeader,
  encodeUint32,
  FIELD_BYTES,
  FILE_HEADER_BYTES,
  memorySource,
  readPayload,
  readSectionTable,
  requireSection,
  SECTION_HEADER_BYTES,
  viewOf,
} from './sections.js';
import { refuseFile, type Iden3Code } from './errors.js';

/** Numbers of the sections of a .wtns file (snarkjs, wtns_utils.js). */
const WTNS_SECTION = { header: 1, values: 2 } as const;
/** The field, and the number of wires. */
const HEADER_BYTES = FIELD_BYTES + 4;

/** Bytes before the first wire of a witness that `encodeWitnessHeader` begins. */
export const WITNESS_HEADER_BYTES =
  FILE_HEADER_BYTES + SECTION_HEADER_BYTES + HEADER_BYTES + SECTION_HEADER_BYTES;

/**
 * The head of a .wtns file of `wireCount` wires over BN254's scalar field; 32 little-endian bytes a wire follow.
 */
export function encodeWitnessHeader(wireCount: number): Uint8Array {
  return Buffer.concat([
    encodeFileHeader('wtns', 2),
    encodeSectionHeader(WTNS_SECTION.header, HEADER_BYTES),
    encodeField('scalar'),
    encodeUint32(wireCount),
    encodeSectionHeader(WTNS_SECTION.values, wireCount * ELEMENT_BYTES),
  ]);
}

/**
 * The values of a .wtns file as a view of its bytes: 32 bytes a wire, little-endian, the constant 1 first. Does not
 * check that each value is below the modulus.
 * @throws SolventError `witness-malformed` for another format or field.
 */
export function parseWitness(witness: Uint8Array): Uint8Array {
  try {
    const source = memorySource(witness);
    const sections = readSectionTable(source, 'wtns');
    const header = readPayload(source, requireSection(sections, WTNS_SECTION.header, HEADER_BYTES));
    assertField(header, 0, 'scalar');
    const wireCount = viewOf(header).getUint32(FIELD_BYTES, true);
    return readPayload(source, requireSection(sections, WTNS_SECTION.values, wireCount * ELEMENT_BYTES));
  } catch (cause) {
    throw malformed('a witness file (.wtns)', `another (${(cause as Error).message})`, cause);
  }
}

/**
 * The public signals: wires 1 to `publicCount` of the values of a witness.
 * @throws SolventError `witness-malformed` where wire 0 is not 1 or a signal is not below the modulus.
 */
export function readPublicSignals(values: Uint8Array, publicCount: number): readonly bigint[] {
  const read = (wire: number) =>
    littleEndianToBigint(values.subarray(wire * ELEMENT_BYTES, (wire + 1) * ELEMENT_BYTES));
  if (read(0) !== 1n) throw malformed('the constant 1 as the first wire', 'another value');
  const signals = Array.from({ length: publicCount }, (_, index) => read(index + 1));
  if (signals.some((signal) => signal >= FIELD_MODULUS)) {
    throw malformed('public signals below the field modulus', 'one above');
  }
  return signals;
}

function malformed(expected: string, found: string, cause?: unknown): SolventError<Iden3Code> {
  return refuseFile('witness-malformed', { expected, found, cause });
}
