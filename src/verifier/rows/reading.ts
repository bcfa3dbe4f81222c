import { concatBytes, SolventError } from '../../protocol/index.js';
import {
  deriveCircuitTag,
  MAX_COMMITMENT_LINE_BYTES,
  MAX_PROOF_LINE_BYTES,
  nameOfLayout,
  parseBase64url,
  parseBatchCommitment,
  parsePoint,
  parseInclusion,
  parseManifest,
  parseBatchProof,
  parseSignature,
  parseWeightedTotals,
  BUNDLE_FILES,
  type BatchCommitment,
  type CurvePoint,
  type InclusionFile,
  type Manifest,
  type ManifestSignature,
  type BatchProof,
  type WeightedTotals,
} from '../../protocol/rows/index.js';
import type { Passed } from '../checklist.js';
import { MAX_BUNDLE_PROOFS } from '../limits.js';
import { readLines } from '../lines.js';
import { refuseRows } from './failure.js';

/** A whole bundle of rows. Lists are read once, in pieces of any size. */
export type RowBundleSource = {
  /** `manifest.json`. */
  readonly manifest: Uint8Array;
  /** `manifest.sig.json`. */
  readonly signature: Uint8Array;
  /** `commitments.ndjson`. */
  readonly commitments: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** `proofs.ndjson`. */
  readonly proofs: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** `weights.json`; absent where the bundle has none. */
  readonly weights?: Uint8Array | undefined;
};

/** The manifest with its signature, neither yet believed. */
export type SignedRowManifest = {
  readonly manifest: Manifest;
  readonly signature: ManifestSignature;
};

/** One line of commitments with its line of proofs. */
export type BundleLine = {
  /** The place of its circuit in the manifest. */
  readonly circuit: number;
  readonly commitment: BatchCommitment;
  readonly proof: BatchProof;
};

/** Everything of a bundle but its manifest. */
export type BundleLines = {
  readonly lines: readonly BundleLine[];
  /** The bytes of `commitments.ndjson`, as they were read. */
  readonly commitmentBytes: Uint8Array;
  readonly weights?: WeightedTotals & {
    readonly pointBytes: readonly Uint8Array[];
    readonly curvePoints: readonly CurvePoint[];
  };
};

/** 1: the manifest and its signature, canonical and of their schemas, and the manifest in itself consistent. */
export function readRowManifest(source: RowBundleSource): Passed<SignedRowManifest> {
  const manifest = within(BUNDLE_FILES.manifest, () => parseManifest(source.manifest));
  const signature = within(BUNDLE_FILES.signature, () => parseSignature(source.signature));
  const { assets, circuits, rounding, writeOffs, reconciliation } = manifest;
  for (const { name, parameters, tag } of circuits) {
    if (name !== nameOfLayout(parameters) || tag !== deriveCircuitTag(parameters).toString()) {
      throw refuseRows('circuit-set-malformed', `expected the name and tag of the layout of ${name}`);
    }
  }
  const symbols = new Set(assets.map(({ symbol }) => symbol));
  for (const list of [rounding, writeOffs.debts]) {
    const listed = list.map(({ asset }) => asset);
    if (new Set(listed).size !== listed.length) {
      throw refuseRows(
        'asset-listed-twice',
        'expected each rounded or written-off asset once, got one twice',
      );
    }
    if (!listed.every((symbol) => symbols.has(symbol))) {
      throw refuseRows('asset-not-listed', 'expected listed assets in rounding and write-offs, got another');
    }
  }
  const broken = (reconciliation?.acceptedBreaks ?? []).flatMap(({ asset }) => asset ?? []);
  if (!broken.every((symbol) => symbols.has(symbol))) {
    throw refuseRows('asset-not-listed', 'expected listed assets in accepted breaks, got another');
  }
  return {
    value: { manifest, signature },
    compared: `${assets.length} assets and ${circuits.length} circuits`,
  };
}

/** 1: an inclusion file, canonical and of its schema. */
export function readRowInclusion(bytes: Uint8Array): Passed<InclusionFile> {
  const file = within('the inclusion file', () => parseInclusion(bytes));
  return { value: file, compared: `${file.parts.length} parts in ${file.groups.length} groups` };
}

/**
 * 1: every line, as many of each circuit as the manifest states, circuits in its order, digests distinct; weighted totals
 * exactly where there are margin rows, 2A + 1 points in their one form.
 */
export async function readBundleLines(
  source: RowBundleSource,
  manifest: Manifest,
): Promise<Passed<BundleLines>> {
  const total = manifest.circuits.reduce((sum, { proofCount }) => sum + proofCount, 0);
  if (total > MAX_BUNDLE_PROOFS) {
    throw refuseRows('too-many-proofs', `expected at most ${MAX_BUNDLE_PROOFS} proofs, got ${total} stated`);
  }
  const expected = manifest.circuits.flatMap(({ proofCount }, circuit) =>
    Array.from({ length: proofCount }, () => circuit),
  );
  const weights = readWeights(source, manifest);
  const { commitments, commitmentBytes } = await readCommitments(source, manifest, expected);
  const proofs = await readRowProofs(source, manifest, expected);
  const lines = expected.map((circuit, index) => ({
    circuit,
    commitment: commitments[index]!,
    proof: proofs[index]!,
  }));
  return {
    value: { lines, commitmentBytes, ...(weights && { weights }) },
    compared: manifest.circuits.map(({ name, proofCount }) => `${proofCount} ${name}`).join(', '),
  };
}

async function readCommitments(
  source: RowBundleSource,
  { circuits }: Manifest,
  expected: readonly number[],
): Promise<{ commitments: BatchCommitment[]; commitmentBytes: Uint8Array }> {
  const pieces: Uint8Array[] = [];
  const name = BUNDLE_FILES.commitments;
  const commitments: BatchCommitment[] = [];
  const digests = new Set<string>();
  const lines = readLines(keep(source.commitments, pieces), {
    name,
    maxLineBytes: MAX_COMMITMENT_LINE_BYTES,
  });
  for await (const { bytes, place } of lines) {
    const line = within(place, () => parseBatchCommitment(bytes));
    if (line.circuit !== circuits[expected[commitments.length] ?? -1]?.name) {
      throw refuseRows('line-count', `expected the stated commitments of each circuit in order at ${place}`);
    }
    if (digests.has(line.digest)) {
      throw refuseRows('digest-repeated', `expected distinct digests, got one again at ${place}`);
    }
    digests.add(line.digest);
    commitments.push(line);
  }
  assertCount('commitments', expected.length, commitments.length);
  return { commitments, commitmentBytes: concatBytes(...pieces) };
}

async function readRowProofs(
  source: RowBundleSource,
  { circuits }: Manifest,
  expected: readonly number[],
): Promise<BatchProof[]> {
  const proofs: BatchProof[] = [];
  const name = BUNDLE_FILES.proofs;
  const pieces = keep(source.proofs);
  for await (const { bytes, place } of readLines(pieces, { name, maxLineBytes: MAX_PROOF_LINE_BYTES })) {
    const circuit = circuits[expected[proofs.length] ?? -1];
    if (circuit === undefined) {
      throw refuseRows('line-count', `expected ${expected.length} proofs, got one more at ${place}`);
    }
    proofs.push(within(place, () => parseBatchProof(bytes, circuit.parameters)));
  }
  assertCount('proofs', expected.length, proofs.length);
  return proofs;
}

function readWeights(
  { weights }: RowBundleSource,
  { assets, circuits }: Manifest,
): BundleLines['weights'] | undefined {
  const isMargin = circuits.some(({ parameters }) => parameters.kind === 'margin');
  if ((weights !== undefined) !== isMargin) {
    throw refuseRows('weights-form', 'expected weighted totals exactly where there are margin circuits');
  }
  if (weights === undefined) return undefined;
  const read = within(BUNDLE_FILES.weights, () => parseWeightedTotals(weights));
  const expected = 2 * assets.length + 1;
  if (read.points.length !== expected) {
    throw refuseRows('weights-form', `expected ${expected} points, got ${read.points.length}`);
  }
  const pointBytes = read.points.map((point) => parseBase64url(point, 32));
  return { ...read, pointBytes, curvePoints: pointBytes.map(parsePoint) };
}

/** Pieces as they come, kept as well where somebody hashes them. */
async function* keep(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  kept?: Uint8Array[],
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    kept?.push(piece);
    yield piece;
  }
}

function assertCount(what: string, expected: number, got: number): void {
  if (expected !== got) throw refuseRows('line-count', `expected ${expected} ${what}, got ${got}`);
}

/** Names the file or line in what a parser refuses. */
function within<T>(place: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw new SolventError('format', error.code, `${place}: ${error.message}`, { details: error.details });
  }
}
