import { open } from 'node:fs/promises';

import { FIELD_MODULUS, SolventError } from '../../protocol/index.js';
import type { CompileCode } from './errors.js';

/** The sizes of a constraint system. */
export type R1csSizes = {
  readonly constraintCount: number;
  /** Wires of a witness, the constant 1 included. */
  readonly wireCount: number;
  readonly publicOutputCount: number;
  readonly publicInputCount: number;
};

const MAGIC = 'r1cs';
const HEADER_SECTION = 1;
const FIELD_BYTES = 32;
const SECTION_COUNT_OFFSET = 8;
const FIRST_SECTION_OFFSET = 12;
const SECTION_HEADER_BYTES = 12;
const HEADER_BYTES = 4 + FIELD_BYTES + 4 * 4 + 8 + 4;

/**
 * Reads the sizes of a constraint system from its header, wherever in the file that is.
 * Format: github.com/iden3/r1csfile, doc/r1cs_bin_format.md.
 * @throws SolventError `r1cs-malformed`.
 */
export async function readR1csSizes(path: string): Promise<R1csSizes> {
  const file = await open(path, 'r');
  try {
    const read = async (position: number, length: number): Promise<Buffer> => {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
      if (bytesRead < length) throw malformed(`a file of at least ${position + length} bytes`, 'fewer');
      return buffer;
    };
    const start = await read(0, FIRST_SECTION_OFFSET);
    if (start.toString('latin1', 0, 4) !== MAGIC) throw malformed('a file that begins with r1cs', 'another');

    let position = FIRST_SECTION_OFFSET;
    for (let left = start.readUInt32LE(SECTION_COUNT_OFFSET); left > 0; left--) {
      const section = await read(position, SECTION_HEADER_BYTES);
      position += SECTION_HEADER_BYTES;
      if (section.readUInt32LE(0) === HEADER_SECTION) return parseHeader(await read(position, HEADER_BYTES));
      position += Number(section.readBigUInt64LE(4));
    }
    throw malformed('a header section', 'none');
  } finally {
    await file.close();
  }
}

function parseHeader(header: Buffer): R1csSizes {
  const bigEndian = Buffer.from(header.subarray(4, 4 + FIELD_BYTES)).reverse();
  const modulus = BigInt(`0x${bigEndian.toString('hex')}`);
  if (header.readUInt32LE(0) !== FIELD_BYTES || modulus !== FIELD_MODULUS) {
    throw malformed('constraints over the scalar field of BN254', 'another field');
  }
  const count = (index: number) => header.readUInt32LE(4 + FIELD_BYTES + 4 * index);
  return {
    wireCount: count(0),
    publicOutputCount: count(1),
    publicInputCount: count(2),
    // After the count of private inputs come eight bytes for the count of labels.
    constraintCount: count(6),
  };
}

function malformed(expected: string, found: string): SolventError<CompileCode> {
  return new SolventError('artefact', 'r1cs-malformed', `expected ${expected}, got ${found}`);
}
