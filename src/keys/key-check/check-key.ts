import { availableParallelism } from 'node:os';

import { bn254 } from '@noble/curves/bn254.js';

import {
  decodeCoordinate,
  ELEMENT_BYTES,
  locatePtauPoints,
  POINT_BYTES,
  readR1cs,
  readZkeyLayout,
  withFileSync,
  ZKEY_SECTION,
  type PtauPositions,
  type R1cs,
  type ZkeyLayout,
} from '../../iden3/index.js';
import { bytesToHex, type Proof, type SolventError } from '../../protocol/index.js';
import { chooseKernel, Kernel, type KernelName } from '../../prover/engine/kernel.js';
import { resolveCompiledModule, ThreadPool } from '../../system/index.js';
import { createPairing } from '../../verifier/index.js';
import { countPublicSignals, domainSizeOf } from '../development-key/key-layout.js';
import { refuseKeys, type KeysCode } from '../errors.js';
import { runPiece, type CheckPiece, type PieceResult } from './jobs.js';
import { PointReader, readAll, type PointSource } from './point-reader.js';
import { drawWeights, type PointWeights } from './weights.js';
import { hashInitialFile } from './initial-file.js';
import { affine1, affine2, combine, cutG1, cutG2, decodeG1, decodeG2, generatorBytes } from './points.js';
import { joinWirePoints } from './wire-points.js';

/** What a key must follow from. */
export type KeySource = {
  /** Names the circuit in errors. */
  readonly name: string;
  /** Compiled by who checks: what it says is believed. */
  readonly r1csPath: string;
  /** Held to its hash by who checks: its points are believed. */
  readonly ptauPath: string;
  readonly zkeyPath: string;
};

/** Parts of a key, each of which is refused by its name. */
export type KeyPart = 'sizes' | 'header' | 'delta' | 'IC' | 'coefficients' | 'A' | 'B1' | 'B2' | 'L' | 'H';

/** What the initial key of a circuit is, which was derived on the way. */
export type InitialKeyHashes = {
  /** BLAKE2b over its points, in hexadecimal: what contributions bind. */
  readonly circuitHash: string;
  /** SHA-256 of its file as snarkjs writes it. */
  readonly initialSha256: string;
};

export type CheckKeyOptions = {
  /** Threads; by default one for each processor. */
  readonly workers?: number;
  /** Pieces done, of all. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
};

/**
 * Checks that a key follows from its circuit and the powers of tau by some delta; docs/protocol.md, "Keys of a ceremony",
 * says what that is and how often a false key passes. That delta comes from contributions is another check.
 * @throws SolventError `ceremony-key-invalid` with the part in its details, `zkey-malformed`, `r1cs-malformed`,
 * `powers-of-tau-malformed`, `file-unreadable`.
 */
export async function checkKey(source: KeySource, options: CheckKeyOptions = {}): Promise<InitialKeyHashes> {
  const workers = Math.max(1, options.workers ?? availableParallelism());
  const pool = new ThreadPool<CheckPiece, PieceResult>(
    resolveCompiledModule(import.meta.url, './worker.js'),
    workers,
  );
  try {
    return await new KeyCheck(source, {
      kernel: await chooseKernel(),
      workers,
      run: (job) => pool.run(job),
      onProgress: options.onProgress ?? (() => undefined),
    }).run();
  } finally {
    await pool.close();
  }
}

/** `checkKey` in this thread: for keys of a few rows, in tests. @throws SolventError as it does. */
export async function checkSmallKey(source: KeySource): Promise<InitialKeyHashes> {
  const kernel = await chooseKernel();
  return new KeyCheck(source, { kernel, workers: 1, run: runPiece, onProgress: () => undefined }).run();
}

type Tools = Required<CheckKeyOptions> & {
  readonly kernel: KernelName;
  readonly run: (job: CheckPiece) => Promise<PieceResult>;
};

type AffineG1 = Proof['a'];
type AffineG2 = Proof['b'];

const { G1, G2 } = bn254;
/** The pieces of a check beside those of its rows. */
const OTHER_PIECES = 11;

/** The check of one key; see `checkKey`. */
class KeyCheck {
  readonly #source: KeySource;
  readonly #tools: Tools;
  readonly #r1cs: R1cs;
  readonly #layout: ZkeyLayout;
  readonly #publicCount: number;
  readonly #domainSize: number;
  #done = 0;

  constructor(source: KeySource, tools: Tools) {
    this.#source = source;
    this.#tools = tools;
    this.#r1cs = readR1cs(source.r1csPath);
    this.#layout = withFileSync(source.zkeyPath, (descriptor) => readZkeyLayout(descriptor, source.zkeyPath));
    this.#publicCount = countPublicSignals(this.#r1cs);
    this.#domainSize = domainSizeOf(this.#r1cs);
  }

  async run(): Promise<InitialKeyHashes> {
    this.#checkSizes();
    const positions = await locatePtauPoints(this.#source.ptauPath, Math.log2(this.#domainSize));
    await this.#checkHeader(positions);
    const weights = drawWeights(Math.max(this.#r1cs.wireCount, this.#domainSize));
    // The longest first.
    const [wires] = await Promise.all([
      this.#makeWirePoints(positions),
      this.#checkMatrices(positions, weights),
      this.#checkCoefficients(),
      this.#checkRatio('H', this.#oddRows(positions), this.#section('H', this.#domainSize), weights),
    ]);
    this.#checkPublic(wires);
    const first = (this.#publicCount + 1) * POINT_BYTES.G1;
    const count = this.#r1cs.wireCount - this.#publicCount - 1;
    const initial: PointSource = { group: 'G1', from: wires, position: first, count };
    await this.#checkRatio('L', initial, this.#section('L', count), weights);
    return this.#hashInitialKey(wires, positions);
  }

  #checkSizes(): void {
    const { variableCount, publicCount, domainSize } = this.#layout;
    const isSame =
      variableCount === this.#r1cs.wireCount &&
      publicCount === this.#publicCount &&
      domainSize === this.#domainSize;
    if (!isSame) throw this.#differs('sizes');
  }

  /** alpha and beta are those of the powers of tau, gamma is the generator, and delta is one in both groups. */
  async #checkHeader(positions: PtauPositions): Promise<void> {
    const { points } = this.#layout;
    const expected = this.#readPowersHeader(positions);
    for (const name of ['alpha1', 'beta1', 'beta2', 'gamma2'] as const) {
      if (Buffer.compare(points[name], expected[name]) !== 0) throw this.#differs('header');
    }
    await this.#holdRatio('delta', {
      from: affine1(G1.Point.BASE),
      to: this.#decodeG1(points.delta1),
      base: affine2(G2.Point.BASE),
      multiple: this.#decodeG2(points.delta2),
    });
  }

  #readPowersHeader({ alpha1, beta1, beta2 }: PtauPositions) {
    const { ptauPath: from } = this.#source;
    const reader = new PointReader();
    return {
      alpha1: reader.read({ group: 'G1', from, position: alpha1, count: 1 }),
      beta1: reader.read({ group: 'G1', from, position: beta1, count: 1 }),
      beta2: reader.read({ group: 'G2', from, position: beta2, count: 1 }),
      gamma2: generatorBytes('G2'),
    };
  }

  /** The points of all wires before a division by delta, made anew. */
  async #makeWirePoints({ rows }: PtauPositions): Promise<SharedArrayBuffer> {
    const { constraintCount, wireCount } = this.#r1cs;
    const rowCount = constraintCount + this.#publicCount + 1;
    const { workers, kernel } = this.#tools;
    const perJob = Math.ceil(rowCount / workers);
    const positions = [rows.betaTau1, rows.alphaTau1, rows.tau1] as const;
    const { r1csPath, ptauPath } = this.#source;
    const results = await Promise.all(
      Array.from({ length: workers }, (_, index) => {
        const first = Math.min(rowCount, index * perJob);
        const range = { r1csPath, ptauPath, positions, first, end: Math.min(rowCount, first + perJob) };
        return this.#run('sizes', { kind: 'rows', kernel, range });
      }),
    );
    const parts = results.flatMap((result) => (result.kind === 'rows' ? result.parts : []));
    return joinWirePoints(await Kernel.open(kernel), parts, wireCount);
  }

  #checkPublic(wires: SharedArrayBuffer): void {
    const expected = new Uint8Array(wires, 0, (this.#publicCount + 1) * POINT_BYTES.G1);
    if (Buffer.compare(this.#readSection('IC'), expected) !== 0) throw this.#differs('IC');
  }

  async #checkCoefficients(): Promise<void> {
    const { r1csPath, zkeyPath } = this.#source;
    const job = { kind: 'coefficients', kernel: this.#tools.kernel, r1csPath, zkeyPath } as const;
    const result = await this.#run('coefficients', job);
    if (result.kind !== 'same' || !result.isSame) throw this.#differs('coefficients');
  }

  /** The weighted sums of the points A and B of all wires are what the matrices and the Lagrange basis give. */
  async #checkMatrices({ rows }: PtauPositions, weights: PointWeights): Promise<void> {
    const { r1csPath, ptauPath: from } = this.#source;
    const { kernel } = this.#tools;
    const count = this.#domainSize;
    const g1: PointSource = { group: 'G1', from, position: rows.tau1, count };
    const g2: PointSource = { group: 'G2', from, position: rows.tau2, count };
    const sumOf = (part: 'A' | 'B1' | 'B2') =>
      this.#sum(part, this.#section(part, this.#r1cs.wireCount), weights);
    const expect = async (matrix: 0 | 1, basis: { g1: PointSource; g2?: PointSource }) => {
      const result = await this.#run('header', { kind: 'matrix', kernel, r1csPath, matrix, basis, weights });
      return bytesOf(result);
    };
    const [b2, a, b1, expectedB, expectedA] = await Promise.all([
      sumOf('B2'),
      sumOf('A'),
      sumOf('B1'),
      expect(1, { g1, g2 }),
      expect(0, { g1 }),
    ]);
    const partsOfB2 = cutG2(b2);
    // A part outside the subgroup has an order of 10,069 or more, and shows in at least one of the sums.
    if (!partsOfB2.every((point) => point.isTorsionFree())) throw this.#differs('B2');
    if (!combine(partsOfB2, G2.Point.ZERO).equals(decodeG2(expectedB.subarray(POINT_BYTES.G1)))) {
      throw this.#differs('B2');
    }
    if (!combine(cutG1(b1), G1.Point.ZERO).equals(decodeG1(expectedB))) throw this.#differs('B1');
    if (!combine(cutG1(a), G1.Point.ZERO).equals(decodeG1(expectedA))) throw this.#differs('A');
  }

  /** The points of a section, weighed, are delta times less than they were before anyone contributed. */
  async #checkRatio(
    part: 'L' | 'H',
    before: PointSource,
    after: PointSource,
    weights: PointWeights,
  ): Promise<void> {
    const [initial, final] = await Promise.all([
      this.#sum(part, before, weights),
      this.#sum(part, after, weights),
    ]);
    await this.#holdRatio(part, {
      from: affine1(combine(cutG1(final), G1.Point.ZERO)),
      to: affine1(combine(cutG1(initial), G1.Point.ZERO)),
      base: affine2(G2.Point.BASE),
      multiple: this.#decodeG2(this.#layout.points.delta2),
    });
  }

  async #holdRatio(
    part: KeyPart,
    ratio: { from: AffineG1; to: AffineG1; base: AffineG2; multiple: AffineG2 },
  ): Promise<void> {
    const { haveSameRatio } = await createPairing();
    if (!(await haveSameRatio([ratio]))) throw this.#differs(part);
  }

  async #sum(part: KeyPart, source: PointSource, weights: PointWeights): Promise<Uint8Array> {
    return bytesOf(await this.#run(part, { kind: 'points', kernel: this.#tools.kernel, source, weights }));
  }

  /** Runs a piece; a point of it that is none of its curve is a fault of the part that is named. */
  async #run(part: KeyPart, job: CheckPiece): Promise<PieceResult> {
    const result = await this.#tools.run(job);
    if (result.kind === 'off-curve') throw this.#differs(part, `point ${result.index} is none of its curve`);
    this.#done += 1;
    this.#tools.onProgress({ done: this.#done, total: OTHER_PIECES + this.#tools.workers });
    return result;
  }

  /** Where the points of H stand in the powers of tau: the odd rows of twice the domain. */
  #oddRows({ doubledRows }: PtauPositions): PointSource {
    const { ptauPath: from } = this.#source;
    return { group: 'G1', from, position: doubledRows, count: this.#domainSize, isOdd: true };
  }

  #section(part: keyof typeof SECTION_OF, count: number): PointSource {
    const { position } = this.#layout.sections.get(SECTION_OF[part])!;
    return { group: part === 'B2' ? 'G2' : 'G1', from: this.#source.zkeyPath, position, count };
  }

  #readSection(part: keyof typeof SECTION_OF): Uint8Array {
    const { position, sizeBytes } = this.#layout.sections.get(SECTION_OF[part])!;
    return withFileSync(this.#source.zkeyPath, (descriptor) => {
      const bytes = new Uint8Array(sizeBytes);
      readAll(descriptor, bytes, position);
      return bytes;
    });
  }

  async #hashInitialKey(wires: SharedArrayBuffer, positions: PtauPositions): Promise<InitialKeyHashes> {
    const { ptauPath, zkeyPath } = this.#source;
    const { alpha1, beta1, beta2 } = this.#readPowersHeader(positions);
    const source = {
      ...{ ptauPath, powersPosition: positions.powers, domainSize: this.#domainSize, alpha1, beta1, beta2 },
      ...{ generator1: generatorBytes('G1'), generator2: generatorBytes('G2'), wires },
    };
    const circuitHash = bytesOf(
      await this.#run('header', { kind: 'hash', kernel: this.#tools.kernel, zkeyPath, source }),
    );
    return {
      circuitHash: bytesToHex(circuitHash),
      initialSha256: hashInitialFile({
        ...{ zkeyPath, layout: this.#layout, rows: this.#oddRows(positions), circuitHash },
        wires: new Uint8Array(wires).subarray((this.#publicCount + 1) * POINT_BYTES.G1),
      }),
    };
  }

  #decodeG1(bytes: Uint8Array): AffineG1 {
    const [x, y] = this.#decodeCoordinates(bytes);
    return [x!, y!];
  }

  #decodeG2(bytes: Uint8Array): AffineG2 {
    const [x0, x1, y0, y1] = this.#decodeCoordinates(bytes);
    return [
      [x0!, x1!],
      [y0!, y1!],
    ];
  }

  #decodeCoordinates(bytes: Uint8Array): string[] {
    return Array.from({ length: bytes.length / ELEMENT_BYTES }, (_, part) => {
      const value = decodeCoordinate(bytes.subarray(part * ELEMENT_BYTES, (part + 1) * ELEMENT_BYTES));
      if (value === undefined) throw this.#differs('header');
      return value.toString();
    });
  }

  #differs(part: KeyPart, found = `another ${part}`): SolventError<KeysCode> {
    const { name } = this.#source;
    return refuseKeys('ceremony-key-invalid', {
      expected: `the key of ${name} to follow from its circuit and the powers of tau by its delta`,
      found: `${found} in ${part}`,
      details: { circuit: name, part },
    });
  }
}

const SECTION_OF = {
  IC: ZKEY_SECTION.ic,
  A: ZKEY_SECTION.pointsA,
  B1: ZKEY_SECTION.pointsB1,
  B2: ZKEY_SECTION.pointsB2,
  L: ZKEY_SECTION.pointsC,
  H: ZKEY_SECTION.pointsH,
} as const;

function bytesOf(result: PieceResult): Uint8Array {
  if (result.kind === 'sums' || result.kind === 'hash') return result.bytes;
  throw new Error(`expected sums, got ${result.kind}`);
}
