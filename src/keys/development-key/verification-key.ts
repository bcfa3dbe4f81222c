import { open, type FileHandle } from 'node:fs/promises';

import {
  BASE_FIELD_MODULUS,
  describeSystemReason,
  FIELD_MODULUS,
  SolventError,
  systemCodeOf,
  type VerificationKey,
} from '../../protocol/index.js';
import { ELEMENT_BYTES, POINT_BYTES } from './bn254.js';
import type { DevelopmentKeyCode } from './errors.js';
import { bytesToInteger, powerModulo } from './integers.js';

type Point1 = [string, string];
type Point2 = [Point1, Point1];

const FILE_HEADER_BYTES = 12;
const SECTION_HEADER_BYTES = 12;
const SECTION_COUNT = 10;
const GROTH16 = 1;
/** Two fields with their sizes, three counts, three points of each group. */
const HEADER_BYTES = 2 * (4 + ELEMENT_BYTES) + 3 * 4 + 3 * POINT_BYTES.G1 + 3 * POINT_BYTES.G2;
/** More public signals than any circuit here has. */
const MAX_IC_POINTS = 1024;
/** 1/R modulo q, which takes a coordinate out of Montgomery form. */
const INVERSE_R = powerModulo(2n, 256n * (BASE_FIELD_MODULUS - 2n), BASE_FIELD_MODULUS);

/**
 * Reads the verification key out of a Groth16 `.zkey` over BN254, affine, in plain decimals. It does not check that
 * the points are on their curves.
 * @throws SolventError `zkey-unreadable`, `zkey-malformed`.
 */
export async function verificationKeyOf(zkeyPath: string): Promise<VerificationKey> {
  const handle = await openZkey(zkeyPath);
  try {
    const sections = await readSections(handle, zkeyPath);
    const read = async (type: number, isSizeRight: (sizeBytes: number) => boolean) => {
      const section = sections.get(type);
      if (section === undefined || !isSizeRight(section.sizeBytes)) {
        throw malformed(zkeyPath, `no section ${type} of the right size`);
      }
      return readExactly(handle, zkeyPath, section);
    };
    const protocol = await read(1, (sizeBytes) => sizeBytes === 4);
    if (protocol.readUInt32LE(0) !== GROTH16) throw malformed(zkeyPath, 'another proof system');
    const header = await read(2, (sizeBytes) => sizeBytes === HEADER_BYTES);
    const ic = await read(3, (sizeBytes) => sizeBytes <= MAX_IC_POINTS * POINT_BYTES.G1);
    return { ...parseHeader(header, ic.length, zkeyPath), ic: parsePoints(ic) };
  } finally {
    await handle.close();
  }
}

function parseHeader(header: Buffer, icBytes: number, path: string): Omit<VerificationKey, 'ic'> {
  const q = bytesToInteger(header.subarray(4, 4 + ELEMENT_BYTES));
  const r = bytesToInteger(header.subarray(8 + ELEMENT_BYTES, 8 + 2 * ELEMENT_BYTES));
  if (q !== BASE_FIELD_MODULUS || r !== FIELD_MODULUS) throw malformed(path, 'another curve');
  const counts = 2 * (4 + ELEMENT_BYTES);
  const publicCount = header.readUInt32LE(counts + 4);
  if (icBytes !== (publicCount + 1) * POINT_BYTES.G1)
    throw malformed(path, 'another count of public signals');
  const alpha = counts + 12;
  const beta = alpha + 2 * POINT_BYTES.G1;
  const gamma = beta + POINT_BYTES.G2;
  const delta = gamma + POINT_BYTES.G2 + POINT_BYTES.G1;
  return {
    alpha: parsePoint1(header.subarray(alpha)),
    beta: parsePoint2(header.subarray(beta)),
    gamma: parsePoint2(header.subarray(gamma)),
    delta: parsePoint2(header.subarray(delta)),
  };
}

function parsePoints(bytes: Buffer): Point1[] {
  return Array.from({ length: bytes.length / POINT_BYTES.G1 }, (_, index) =>
    parsePoint1(bytes.subarray(index * POINT_BYTES.G1)),
  );
}

function parsePoint1(bytes: Buffer): Point1 {
  return [parseCoordinate(bytes, 0), parseCoordinate(bytes, 1)];
}

function parsePoint2(bytes: Buffer): Point2 {
  return [
    [parseCoordinate(bytes, 0), parseCoordinate(bytes, 1)],
    [parseCoordinate(bytes, 2), parseCoordinate(bytes, 3)],
  ];
}

function parseCoordinate(bytes: Buffer, index: number): string {
  const montgomery = bytesToInteger(bytes.subarray(index * ELEMENT_BYTES, (index + 1) * ELEMENT_BYTES));
  return ((montgomery * INVERSE_R) % BASE_FIELD_MODULUS).toString();
}

type Section = { readonly offset: number; readonly sizeBytes: number };

async function readSections(handle: FileHandle, path: string): Promise<Map<number, Section>> {
  const head = await readExactly(handle, path, { offset: 0, sizeBytes: FILE_HEADER_BYTES });
  if (head.toString('latin1', 0, 4) !== 'zkey') throw malformed(path, 'another format');
  if (head.readUInt32LE(4) !== 1) throw malformed(path, 'another version');
  if (head.readUInt32LE(8) !== SECTION_COUNT) throw malformed(path, 'another count of sections');
  const sections = new Map<number, Section>();
  let offset = FILE_HEADER_BYTES;
  for (let index = 0; index < SECTION_COUNT; index++) {
    const bytes = await readExactly(handle, path, { offset, sizeBytes: SECTION_HEADER_BYTES });
    const type = bytes.readUInt32LE(0);
    const sizeBytes = Number(bytes.readBigUInt64LE(4));
    offset += SECTION_HEADER_BYTES;
    if (sections.has(type)) throw malformed(path, `section ${type} twice`);
    sections.set(type, { offset, sizeBytes });
    offset += sizeBytes;
  }
  return sections;
}

async function readExactly(
  handle: FileHandle,
  path: string,
  { offset, sizeBytes }: Section,
): Promise<Buffer> {
  const bytes = Buffer.alloc(sizeBytes);
  const { bytesRead } = await handle.read(bytes, 0, sizeBytes, offset);
  if (bytesRead !== sizeBytes) throw malformed(path, 'an early end');
  return bytes;
}

async function openZkey(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new SolventError<DevelopmentKeyCode>(
      'artefact',
      'zkey-unreadable',
      `expected a readable .zkey file at ${path}, got ${describeSystemReason(cause)}: make the keys again`,
      { details: { path, reason: systemCodeOf(cause) }, cause },
    );
  }
}

function malformed(path: string, got: string): SolventError<DevelopmentKeyCode> {
  return new SolventError(
    'artefact',
    'zkey-malformed',
    `expected a Groth16 .zkey file of version 1 over BN254, got ${got} in ${path}: make the keys again`,
    { details: { path } },
  );
}
