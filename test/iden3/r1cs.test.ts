import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BASE_FIELD_MODULUS, FIELD_MODULUS, type SolventError } from '../../src/protocol/index.js';
import { readR1cs, type R1cs } from '../../src/iden3/index.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-r1cs-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function readSizes(bytes: Uint8Array): Promise<R1cs> {
  const path = join(directory, 'test.r1cs');
  await writeFile(path, bytes);
  return readR1cs(path);
}

function section(type: number, content: Buffer): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(type, 0);
  header.writeBigUInt64LE(BigInt(content.length), 4);
  return Buffer.concat([header, content]);
}

function r1cs(...sections: readonly Buffer[]): Buffer {
  const start = Buffer.alloc(12);
  start.write('r1cs', 'latin1');
  start.writeUInt32LE(1, 4);
  start.writeUInt32LE(sections.length, 8);
  return Buffer.concat([start, ...sections]);
}

function header(modulus: bigint): Buffer {
  const content = Buffer.alloc(64);
  content.writeUInt32LE(32, 0);
  Buffer.from(modulus.toString(16).padStart(64, '0'), 'hex').reverse().copy(content, 4);
  // Wires, public outputs, public inputs, private inputs; labels (eight bytes); constraints.
  [9, 2, 1, 4, 77, 0, 6].forEach((count, index) => content.writeUInt32LE(count, 36 + 4 * index));
  return content;
}

const CONSTRAINTS = section(2, Buffer.alloc(100));

/** A whole file with one byte of its head changed. */
function patched(offset: number, byte: number): Buffer {
  const bytes = r1cs(section(1, header(FIELD_MODULUS)), CONSTRAINTS);
  bytes[offset] = byte;
  return bytes;
}

const refusal = expect.objectContaining({ errorClass: 'artefact', code: 'r1cs-malformed' }) as SolventError;

describe('the sizes of a constraint system', () => {
  it('are read from its header, wherever that is', async () => {
    const expected = { wireCount: 9, publicOutputCount: 2, publicInputCount: 1, constraintCount: 6 };
    expect(await readSizes(r1cs(section(1, header(FIELD_MODULUS)), CONSTRAINTS))).toMatchObject(expected);
    expect(await readSizes(r1cs(CONSTRAINTS, section(1, header(FIELD_MODULUS))))).toMatchObject(expected);
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    [
      'another format',
      Buffer.concat([Buffer.from('zkey'), r1cs(section(1, header(FIELD_MODULUS))).subarray(4)]),
    ],
    ['another version', patched(4, 2)],
    ['more sections than the format knows', patched(8, 6)],
    ['another field', r1cs(section(1, header(BASE_FIELD_MODULUS)), CONSTRAINTS)],
    ['custom gates', r1cs(section(1, header(FIELD_MODULUS)), CONSTRAINTS, section(4, Buffer.alloc(8)))],
    ['a section twice', r1cs(section(1, header(FIELD_MODULUS)), CONSTRAINTS, CONSTRAINTS)],
    ['no constraints', r1cs(section(1, header(FIELD_MODULUS)))],
    ['no header', r1cs(CONSTRAINTS)],
    ['a header cut short', r1cs(section(1, header(FIELD_MODULUS))).subarray(0, 60)],
    ['a section that is longer than the file', r1cs(CONSTRAINTS, CONSTRAINTS).subarray(0, 50)],
  ])('are refused for %s', async (_, bytes) => {
    await expect(readSizes(bytes)).rejects.toEqual(refusal);
  });
});
