import { type VerificationKey } from '../protocol/index.js';
import { fileSource, withFile } from './binary-file.js';
import { decodeCoordinate, ELEMENT_BYTES, POINT_BYTES } from './bn254.js';
import {
  assertField,
  type ByteSource,
  FIELD_BYTES,
  readPayload,
  readSectionTable,
  requireSection,
  type SectionTable,
  viewOf,
} from './sections.js';
import { refuseFile } from './errors.js';

/** Numbers of the sections of a Groth16 .zkey (snarkjs, zkey_utils.js). */
export const ZKEY_SECTION = {
  protocol: 1,
  header: 2,
  ic: 3,
  coefficients: 4,
  pointsA: 5,
  pointsB1: 6,
  pointsB2: 7,
  pointsC: 8,
  pointsH: 9,
  contributions: 10,
} as const;

/** What the section of the protocol holds. */
export const GROTH16 = 1;
/** Bytes of the count before the first coefficient. */
export const COEFFICIENT_COUNT_BYTES = 4;
/** Bytes of a coefficient: `matrix u32 ‖ constraint u32 ‖ wire u32 ‖ value`, the value times 2^512 modulo r. */
export const COEFFICIENT_BYTES = 3 * 4 + ELEMENT_BYTES;
/** Both fields, then wires, public signals and domain. */
export const ZKEY_SIZES_BYTES = 2 * FIELD_BYTES + 3 * 4;

const HEADER_BYTES = ZKEY_SIZES_BYTES + 3 * POINT_BYTES.G1 + 3 * POINT_BYTES.G2;
/** The largest domain: the scalar field has roots of unity of order 2^28, and a coset needs one more doubling. */
const MAX_DOMAIN_SIZE = 2 ** 27;
/** More than any circuit here has. */
const MAX_PUBLIC_SIGNALS = 1023;

/** The points that the header of a key holds, in their order: those in G1 of 64 bytes, those in G2 of 128. */
const HEADER_POINTS = [
  ['alpha1', 'G1'],
  ['beta1', 'G1'],
  ['beta2', 'G2'],
  ['gamma2', 'G2'],
  ['delta1', 'G1'],
  ['delta2', 'G2'],
] as const;

/** The header of a Groth16 proving key over BN254 and where its sections lie. */
export type ZkeyLayout = {
  readonly sections: SectionTable;
  /** Wires, the constant 1 among them. */
  readonly variableCount: number;
  readonly publicCount: number;
  /** Size of the evaluation domain: the power of two that holds all constraints. */
  readonly domainSize: number;
  readonly coefficientCount: number;
  /** As in the file. */
  readonly points: Readonly<Record<(typeof HEADER_POINTS)[number][0], Uint8Array>>;
};

/**
 * Reads the header of an open .zkey and checks the sizes of its sections. Does not check that points lie on the curve.
 * @param descriptor of the file. @param path for what is said of it.
 * @throws SolventError `zkey-malformed`.
 */
export function readZkeyLayout(descriptor: number, path: string): ZkeyLayout {
  return refuseMalformed(path, () => parseLayout(fileSource(descriptor)));
}

/**
 * Reads the verification key out of a Groth16 `.zkey` over BN254, affine, in plain decimals. It does not check that
 * the points are on their curves.
 * @throws SolventError `file-unreadable`, `zkey-malformed`.
 */
export async function readVerificationKey(path: string): Promise<VerificationKey> {
  return withFile(path, ({ fd }) =>
    refuseMalformed(path, () => {
      const source = fileSource(fd);
      const { sections, publicCount, points } = parseLayout(source);
      if (publicCount > MAX_PUBLIC_SIGNALS) {
        throw new Error(`expected at most ${MAX_PUBLIC_SIGNALS} public signals, got ${publicCount}`);
      }
      const icBytes = (publicCount + 1) * POINT_BYTES.G1;
      const ic = readPayload(source, requireSection(sections, ZKEY_SECTION.ic, icBytes));
      return {
        alpha: parsePoint1(points.alpha1),
        beta: parsePoint2(points.beta2),
        gamma: parsePoint2(points.gamma2),
        delta: parsePoint2(points.delta2),
        ic: Array.from({ length: publicCount + 1 }, (_, index) =>
          parsePoint1(ic.subarray(index * POINT_BYTES.G1, (index + 1) * POINT_BYTES.G1)),
        ),
      };
    }),
  );
}

/**
 * Reads the section of a .zkey that lists its contributions, whatever the rest of the key is.
 * @throws SolventError `file-unreadable`; `zkey-malformed` where it is none, or larger than `maxBytes`.
 */
export async function readContributionsSection(path: string, maxBytes: number): Promise<Uint8Array> {
  return withFile(path, ({ fd }) =>
    refuseMalformed(path, () => {
      const source = fileSource(fd);
      const section = requireSection(readSectionTable(source, 'zkey'), ZKEY_SECTION.contributions);
      if (section.sizeBytes > maxBytes) {
        throw new Error(`expected at most ${maxBytes} bytes of contributions, got ${section.sizeBytes}`);
      }
      return readPayload(source, section);
    }),
  );
}

function parseLayout(source: ByteSource): ZkeyLayout {
  const sections = readSectionTable(source, 'zkey');
  const protocol = readPayload(source, requireSection(sections, ZKEY_SECTION.protocol, 4));
  if (viewOf(protocol).getUint32(0, true) !== GROTH16) {
    throw new Error('expected a Groth16 key, got another protocol');
  }
  const header = readPayload(source, requireSection(sections, ZKEY_SECTION.header, HEADER_BYTES));
  assertField(header, 0, 'base');
  assertField(header, FIELD_BYTES, 'scalar');
  const count = (index: number) => viewOf(header).getUint32(2 * FIELD_BYTES + 4 * index, true);
  const sizes = { variableCount: count(0), publicCount: count(1), domainSize: count(2) };
  assertSizes(sizes, sections);
  const coefficientCount =
    (requireSection(sections, ZKEY_SECTION.coefficients).sizeBytes - COEFFICIENT_COUNT_BYTES) /
    COEFFICIENT_BYTES;
  if (coefficientCount < 0 || !Number.isInteger(coefficientCount))
    throw new Error('expected whole coefficients');
  return { sections, ...sizes, coefficientCount, points: cutPoints(header) };
}

function assertSizes(
  {
    variableCount,
    publicCount,
    domainSize,
  }: Pick<ZkeyLayout, 'variableCount' | 'publicCount' | 'domainSize'>,
  sections: SectionTable,
): void {
  if (publicCount >= variableCount) throw new Error('expected more wires than public signals');
  if (domainSize < 2 || domainSize > MAX_DOMAIN_SIZE || (domainSize & (domainSize - 1)) !== 0) {
    throw new Error(`expected a domain of 2 to 2^27 in a power of two, got ${domainSize}`);
  }
  requireSection(sections, ZKEY_SECTION.pointsA, variableCount * POINT_BYTES.G1);
  requireSection(sections, ZKEY_SECTION.pointsB1, variableCount * POINT_BYTES.G1);
  requireSection(sections, ZKEY_SECTION.pointsB2, variableCount * POINT_BYTES.G2);
  requireSection(sections, ZKEY_SECTION.pointsC, (variableCount - publicCount - 1) * POINT_BYTES.G1);
  requireSection(sections, ZKEY_SECTION.pointsH, domainSize * POINT_BYTES.G1);
}

function cutPoints(header: Uint8Array): ZkeyLayout['points'] {
  let offset = ZKEY_SIZES_BYTES;
  return Object.fromEntries(
    HEADER_POINTS.map(([name, group]) => [name, header.slice(offset, (offset += POINT_BYTES[group]))]),
  ) as ZkeyLayout['points'];
}

function parsePoint1(bytes: Uint8Array): [string, string] {
  return [parseCoordinate(bytes, 0), parseCoordinate(bytes, 1)];
}

function parsePoint2(bytes: Uint8Array): [[string, string], [string, string]] {
  return [
    [parseCoordinate(bytes, 0), parseCoordinate(bytes, 1)],
    [parseCoordinate(bytes, 2), parseCoordinate(bytes, 3)],
  ];
}

function parseCoordinate(bytes: Uint8Array, index: number): string {
  const value = decodeCoordinate(bytes.subarray(index * ELEMENT_BYTES, (index + 1) * ELEMENT_BYTES));
  if (value === undefined) throw new Error('expected coordinates below the modulus, got one above');
  return value.toString();
}

function refuseMalformed<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw refuseFile('zkey-malformed', {
      expected: `a Groth16 proving key (.zkey) in ${path}`,
      found: `another file (${(cause as Error).message})`,
      details: { path },
      cause,
    });
  }
}
