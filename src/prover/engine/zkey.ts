import type { FileHandle } from 'node:fs/promises';

import { littleEndianToBigint } from '../../iden3/index.js';
import { BASE_FIELD_MODULUS, FIELD_MODULUS, SolventError } from '../../protocol/index.js';
import type { EngineCode } from './errors.js';
import {
  addSection,
  FILE_HEADER_BYTES,
  parseFileHeader,
  parseSectionHeader,
  SECTION_HEADER_BYTES,
  type Section,
} from './sections.js';
import { readInto } from './shared-file.js';

/** Numbers of the sections of a Groth16 .zkey (snarkjs, zkey_utils.js). */
export const ZKEY_SECTION = {
  protocol: 1,
  header: 2,
  coefficients: 4,
  pointsA: 5,
  pointsB1: 6,
  pointsB2: 7,
  pointsC: 8,
  pointsH: 9,
} as const;

/** Bytes of an affine point: coordinates in Montgomery form with radix 2^256, little-endian; all 0 is infinity. */
export const G1_BYTES = 64;
export const G2_BYTES = 128;
/** Bytes of a coefficient: `matrix u32 ‖ constraint u32 ‖ wire u32 ‖ value`, the value times 2^512 modulo r. */
export const COEFFICIENT_BYTES = 44;

const GROTH16 = 1;
const HEADER_BYTES = 4 + 32 + 4 + 32 + 3 * 4 + 3 * G1_BYTES + 3 * G2_BYTES;
/** The largest domain: the scalar field has roots of unity of order 2^28, and a coset needs one more doubling. */
const MAX_DOMAIN_SIZE = 2 ** 27;

/** The header of a Groth16 proving key over BN254 and where its sections lie. */
export type ZkeyLayout = {
  readonly sections: ReadonlyMap<number, Section>;
  /** Wires, the constant 1 among them. */
  readonly variableCount: number;
  readonly publicCount: number;
  /** Size of the evaluation domain: the power of two that holds all constraints. */
  readonly domainSize: number;
  readonly coefficientCount: number;
  /** alpha1, beta1, delta1 (64 bytes each) and beta2, delta2 (128 bytes each), as in the file. */
  readonly points: Readonly<Record<'alpha1' | 'beta1' | 'delta1' | 'beta2' | 'delta2', Uint8Array>>;
};

/**
 * Reads the header of a .zkey and checks the sizes of all its sections. Does not check that points lie on the curve.
 * @throws SolventError `zkey-malformed`.
 */
export async function readZkeyLayout(handle: FileHandle, path: string): Promise<ZkeyLayout> {
  try {
    const sections = await readSectionTable(handle);
    const protocol = await readPayload(handle, requireSection(sections, ZKEY_SECTION.protocol, 4));
    if (new DataView(protocol.buffer).getUint32(0, true) !== GROTH16) {
      throw new Error('expected a Groth16 key, got another protocol');
    }
    const header = await readPayload(handle, requireSection(sections, ZKEY_SECTION.header, HEADER_BYTES));
    return assembleLayout(sections, header);
  } catch (cause) {
    throw new SolventError<EngineCode>(
      'artefact',
      'zkey-malformed',
      `expected a Groth16 proving key (.zkey) in ${path}, got another file: ${(cause as Error).message}`,
      { details: { path }, cause },
    );
  }
}

function assembleLayout(sections: ReadonlyMap<number, Section>, header: Uint8Array): ZkeyLayout {
  const view = new DataView(header.buffer);
  const isBn254 =
    view.getUint32(0, true) === 32 &&
    littleEndianToBigint(header.subarray(4, 36)) === BASE_FIELD_MODULUS &&
    view.getUint32(36, true) === 32 &&
    littleEndianToBigint(header.subarray(40, 72)) === FIELD_MODULUS;
  if (!isBn254) throw new Error('expected the curve BN254, got another');
  const variableCount = view.getUint32(72, true);
  const publicCount = view.getUint32(76, true);
  const domainSize = view.getUint32(80, true);
  if (publicCount >= variableCount) throw new Error('expected more wires than public signals');
  if (domainSize < 2 || domainSize > MAX_DOMAIN_SIZE || (domainSize & (domainSize - 1)) !== 0) {
    throw new Error(`expected a domain of 2 to 2^27 in a power of two, got ${domainSize}`);
  }
  requireSection(sections, ZKEY_SECTION.pointsA, variableCount * G1_BYTES);
  requireSection(sections, ZKEY_SECTION.pointsB1, variableCount * G1_BYTES);
  requireSection(sections, ZKEY_SECTION.pointsB2, variableCount * G2_BYTES);
  requireSection(sections, ZKEY_SECTION.pointsC, (variableCount - publicCount - 1) * G1_BYTES);
  requireSection(sections, ZKEY_SECTION.pointsH, domainSize * G1_BYTES);
  const coefficientCount =
    (requireSection(sections, ZKEY_SECTION.coefficients).sizeBytes - 4) / COEFFICIENT_BYTES;
  if (!Number.isInteger(coefficientCount)) throw new Error('expected whole coefficients');
  return { sections, variableCount, publicCount, domainSize, coefficientCount, points: cutPoints(header) };
}

/** alpha1 ‖ beta1 ‖ beta2 ‖ gamma2 ‖ delta1 ‖ delta2 from byte 84 of the header. */
function cutPoints(header: Uint8Array): ZkeyLayout['points'] {
  const at = (offset: number, sizeBytes: number) => header.slice(84 + offset, 84 + offset + sizeBytes);
  return {
    alpha1: at(0, G1_BYTES),
    beta1: at(64, G1_BYTES),
    beta2: at(128, G2_BYTES),
    delta1: at(384, G1_BYTES),
    delta2: at(448, G2_BYTES),
  };
}

async function readSectionTable(handle: FileHandle): Promise<ReadonlyMap<number, Section>> {
  const { size: fileBytes } = await handle.stat();
  const read = async (position: number, length: number) => {
    const bytes = new Uint8Array(length);
    await readInto(handle, bytes, position);
    return bytes;
  };
  const sectionCount = parseFileHeader(await read(0, FILE_HEADER_BYTES), 'zkey', 2);
  const table = new Map<number, Section>();
  let position = FILE_HEADER_BYTES;
  for (let index = 0; index < sectionCount; index++) {
    const { id, sizeBytes } = parseSectionHeader(await read(position, SECTION_HEADER_BYTES));
    position += SECTION_HEADER_BYTES;
    addSection(table, id, { position, sizeBytes, fileBytes });
    position += sizeBytes;
  }
  return table;
}

function requireSection(sections: ReadonlyMap<number, Section>, id: number, expectedBytes?: number): Section {
  const section = sections.get(id);
  if (section === undefined) throw new Error(`expected a section ${id}, got none`);
  if (expectedBytes !== undefined && section.sizeBytes !== expectedBytes) {
    throw new Error(`expected ${expectedBytes} bytes in section ${id}, got ${section.sizeBytes}`);
  }
  return section;
}

async function readPayload(handle: FileHandle, section: Section): Promise<Uint8Array> {
  const bytes = new Uint8Array(section.sizeBytes);
  await readInto(handle, bytes, section.position);
  return bytes;
}
