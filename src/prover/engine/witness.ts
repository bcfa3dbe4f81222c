import { littleEndianToBigint } from '../../iden3/index.js';
import { FIELD_MODULUS, SolventError } from '../../protocol/index.js';
import type { EngineCode } from './errors.js';
import {
  addSection,
  FILE_HEADER_BYTES,
  parseFileHeader,
  parseSectionHeader,
  SECTION_HEADER_BYTES,
  type Section,
} from './sections.js';

/** Bytes of a field element in .wtns and .zkey files. */
export const ELEMENT_BYTES = 32;

const HEADER_SECTION = 1;
const VALUES_SECTION = 2;
const HEADER_BYTES = 4 + ELEMENT_BYTES + 4;

/**
 * The values of a .wtns file as a view of its bytes: 32 bytes a wire, little-endian, the constant 1 first. Does not
 * check that each value is below the modulus.
 * @throws SolventError `witness-malformed` for another format or field, `witness-mismatch` for another number of wires.
 */
export function parseWitness(witness: Uint8Array, variableCount: number): Uint8Array {
  const { values, count } = parseValues(witness);
  if (count !== variableCount) {
    throw new SolventError<EngineCode>(
      'proving',
      'witness-mismatch',
      `expected a witness of ${variableCount} wires, got ${count}: it belongs to another circuit than the key`,
    );
  }
  return values;
}

/**
 * The public signals: wires 1 to `publicCount`.
 * @throws SolventError `witness-malformed` where wire 0 is not 1 or a signal is not below the modulus.
 */
export function readPublicSignals(values: Uint8Array, publicCount: number): readonly bigint[] {
  const read = (wire: number) =>
    littleEndianToBigint(values.subarray(wire * ELEMENT_BYTES, (wire + 1) * ELEMENT_BYTES));
  if (read(0) !== 1n) throw malformed('expected the constant 1 as the first wire, got another value');
  const signals = Array.from({ length: publicCount }, (_, index) => read(index + 1));
  if (signals.some((signal) => signal >= FIELD_MODULUS)) {
    throw malformed('expected public signals below the field modulus, got one above');
  }
  return signals;
}

function parseValues(witness: Uint8Array): { values: Uint8Array; count: number } {
  try {
    const table = parseSections(witness);
    const header = table.get(HEADER_SECTION);
    const values = table.get(VALUES_SECTION);
    if (header?.sizeBytes !== HEADER_BYTES || values === undefined) {
      throw new Error('expected a header and a section of values');
    }
    const view = new DataView(witness.buffer, witness.byteOffset + header.position, HEADER_BYTES);
    const modulus = littleEndianToBigint(witness.subarray(header.position + 4, header.position + 36));
    if (view.getUint32(0, true) !== ELEMENT_BYTES || modulus !== FIELD_MODULUS) {
      throw new Error('expected the scalar field of BN254, got another');
    }
    const count = view.getUint32(36, true);
    if (values.sizeBytes !== count * ELEMENT_BYTES) {
      throw new Error(`expected ${count} values, got ${values.sizeBytes} bytes`);
    }
    return { values: witness.subarray(values.position, values.position + values.sizeBytes), count };
  } catch (cause) {
    throw malformed(`expected a witness file (.wtns), got another: ${(cause as Error).message}`, cause);
  }
}

function parseSections(witness: Uint8Array): ReadonlyMap<number, Section> {
  const table = new Map<number, Section>();
  const sectionCount = parseFileHeader(witness, 'wtns', 2);
  let position = FILE_HEADER_BYTES;
  for (let index = 0; index < sectionCount; index++) {
    const { id, sizeBytes } = parseSectionHeader(witness.subarray(position, position + SECTION_HEADER_BYTES));
    position += SECTION_HEADER_BYTES;
    addSection(table, id, { position, sizeBytes, fileBytes: witness.length });
    position += sizeBytes;
  }
  return table;
}

function malformed(message: string, cause?: unknown): SolventError<EngineCode> {
  return new SolventError('proving', 'witness-malformed', message, { cause });
}
