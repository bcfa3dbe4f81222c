import { SolventError } from '../protocol/index.js';
import { fileSource, readInto, withFile } from './binary-file.js';
import { POINT_BYTES } from './bn254.js';
import {
  assertField,
  encodeFileHeader,
  encodeSectionHeader,
  FIELD_BYTES,
  readPayload,
  readSectionTable,
  requireSection,
  type SectionTable,
  viewOf,
} from './sections.js';
import { refuseFile, type Iden3Code } from './errors.js';

/** What a prepared file says of itself. */
export type PtauHeader = {
  /** It serves circuits of up to 2^power rows. */
  readonly power: number;
  /** The power of the ceremony that it was cut from. */
  readonly ceremonyPower: number;
};

/** Where in a prepared file the points lie that a circuit over 2^power rows is made from; positions in bytes. */
export type PtauPositions = {
  /** Powers of tau in the first group, from tau^0; 2^(filePower+1) - 1 of them. */
  readonly powers: number;
  /** alpha and beta in the first group, beta in the second. */
  readonly alpha1: number;
  readonly beta1: number;
  readonly beta2: number;
  /** The Lagrange basis at tau of the 2^power rows: in both groups, and in the first times alpha and times beta. */
  readonly rows: Readonly<Record<'tau1' | 'tau2' | 'alphaTau1' | 'betaTau1', number>>;
  /** The same in the first group for twice as many rows. */
  readonly doubledRows: number;
};

/** Numbers of the sections that are read here (snarkjs, powersoftau_new.js and powersoftau_preparephase2.js). */
const PTAU_SECTION = { header: 1, tauG1: 2 } as const;
/** Powers in both groups, and the contributions that made them. */
const POWER_SECTIONS = [2, 3, 4, 5, 6, 7];
/** Evaluations of the Lagrange polynomials: what preparing a file adds. */
const PREPARED_SECTIONS = [12, 13, 14, 15];
/** The base field, and two powers. */
const HEADER_BYTES = FIELD_BYTES + 2 * 4;
const MAX_POWER = 28;

/**
 * Reads the header of a prepared file and holds its sections to the sizes that follow from it; no point is read.
 * @throws SolventError `file-unreadable`, `powers-of-tau-malformed`, `powers-of-tau-not-prepared`.
 */
export async function readPtauHeader(path: string): Promise<PtauHeader> {
  return withFile(path, ({ fd }) => {
    const { header, sections } = refuseMalformed(path, () => readHeader(fd));
    if (PREPARED_SECTIONS.some((id) => !sections.has(id))) throw notPrepared(path);
    refuseMalformed(path, () => {
      assertSizes(sections, header.power);
    });
    return header;
  });
}

/**
 * Finds the points that a circuit over 2^power rows is made from.
 * @throws SolventError as `readPtauHeader`; `powers-of-tau-malformed` where the file is for fewer rows.
 */
export async function locatePtauPoints(path: string, power: number): Promise<PtauPositions> {
  const { power: filePower } = await readPtauHeader(path);
  return withFile(path, ({ fd }) =>
    refuseMalformed(path, () => {
      if (filePower < power) throw new Error(`expected powers for 2^${power} rows, got 2^${filePower}`);
      const { sections } = readHeader(fd);
      const positionOf = (id: number) => requireSection(sections, id).position;
      const { G1, G2 } = POINT_BYTES;
      // Level p of the evaluations comes after 2^p - 1 points of lower levels.
      const before = 2 ** power - 1;
      return {
        powers: positionOf(2),
        alpha1: positionOf(4),
        beta1: positionOf(5),
        beta2: positionOf(6),
        rows: {
          tau1: positionOf(12) + before * G1,
          tau2: positionOf(13) + before * G2,
          alphaTau1: positionOf(14) + before * G1,
          betaTau1: positionOf(15) + before * G1,
        },
        doubledRows: positionOf(12) + (2 * 2 ** power - 1) * G1,
      };
    }),
  );
}

/**
 * A file of powers of tau cut to what checking a key over `domainSize` rows reads, small enough to be held in memory:
 * 128 bytes a row.
 * @throws SolventError `file-unreadable`, `powers-of-tau-malformed`.
 */
export async function cutTauPowers(path: string, domainSize: number): Promise<Uint8Array> {
  // There are 2^(p+1) - 1 powers; a reader that asks for one more multiplies what it gets by zero.
  const sizeBytes = 2 * domainSize * POINT_BYTES.G1;
  const knownBytes = sizeBytes - POINT_BYTES.G1;
  return withFile(path, async (handle) => {
    const section = refuseMalformed(path, () => {
      const found = requireSection(readSectionTable(fileSource(handle.fd), 'ptau'), PTAU_SECTION.tauG1);
      if (found.sizeBytes < knownBytes) throw new Error(`expected powers for ${domainSize} rows, got fewer`);
      return found;
    });
    const head = Buffer.concat([
      encodeFileHeader('ptau', 1),
      encodeSectionHeader(PTAU_SECTION.tauG1, sizeBytes),
    ]);
    const cut = new Uint8Array(head.length + sizeBytes);
    cut.set(head);
    await readInto(handle, cut.subarray(head.length, head.length + knownBytes), section.position);
    return cut;
  });
}

function readHeader(descriptor: number): { readonly header: PtauHeader; readonly sections: SectionTable } {
  const source = fileSource(descriptor);
  const sections = readSectionTable(source, 'ptau');
  const bytes = readPayload(source, requireSection(sections, PTAU_SECTION.header, HEADER_BYTES));
  assertField(bytes, 0, 'base');
  const view = viewOf(bytes);
  const power = view.getUint32(FIELD_BYTES, true);
  if (power < 1 || power > MAX_POWER)
    throw new Error(`expected a power from 1 to ${MAX_POWER}, got ${power}`);
  for (const id of POWER_SECTIONS) requireSection(sections, id);
  return { header: { power, ceremonyPower: view.getUint32(FIELD_BYTES + 4, true) }, sections };
}

function assertSizes(sections: SectionTable, power: number): void {
  const { G1, G2 } = POINT_BYTES;
  // One level of evaluations for each power from 0, and one more of tau in the first group.
  const points = 2 ** (power + 1) - 1;
  const expected = [
    [2, points * G1],
    [3, 2 ** power * G2],
    [4, 2 ** power * G1],
    [5, 2 ** power * G1],
    [6, G2],
    [12, (2 * points + 1) * G1],
    [13, points * G2],
    [14, points * G1],
    [15, points * G1],
  ] as const;
  for (const [id, sizeBytes] of expected) requireSection(sections, id, sizeBytes);
}

function refuseMalformed<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw refuseFile('powers-of-tau-malformed', {
      expected: `powers of tau over BN254 (.ptau) in ${path}`,
      found: `another file (${(cause as Error).message})`,
      details: { path },
      cause,
    });
  }
}

function notPrepared(path: string): SolventError<Iden3Code> {
  return refuseFile('powers-of-tau-not-prepared', {
    expected: 'powers of tau that are prepared for phase 2',
    found: `${path} without`,
    details: { path },
  });
}
