import {
  BUNDLE_FILES,
  concatBytes,
  parseBase64url,
  parseBatchCommitment,
  parseBatchProof,
  parsePoint,
  parseWeightedTotals,
  PUBLISHED_FILES,
  type BatchCommitment,
  type BatchProof,
  type BundleListKind,
  type CurvePoint,
  type Manifest,
  type WeightedTotals,
} from '../../protocol/index.js';
import { formatCount } from '../../presentation/index.js';
import type { Passed } from '../checklist.js';
import { miss, refuse } from '../failure.js';
import { readLines, type Line } from '../lines.js';
import type { BundleSource, Pieces } from '../source.js';
import { within } from '../../protocol/index.js';

/** One commitment, and the place of its circuit in the manifest. */
export type PlacedCommitment = BatchCommitment & { readonly circuitIndex: number };

/** The weighted totals with their points, W_mask first. */
export type Weights = WeightedTotals & {
  readonly pointBytes: readonly Uint8Array[];
  readonly curvePoints: readonly CurvePoint[];
};

/** What the manifest pins of the batches, and what all challenges follow from. */
export type CommitmentLines = {
  readonly commitments: readonly PlacedCommitment[];
  /** The bytes of `commitments.ndjson`, as they were read. */
  readonly commitmentBytes: Uint8Array;
  readonly weights: Weights | undefined;
};

/**
 * 1: every commitment. There are as many of each circuit as the manifest states, circuits in its order, digests
 * distinct. Weighted totals are there exactly where there are margin rows: 2A + 1 points in their one form.
 */
export async function readCommitments(
  source: BundleSource,
  manifest: Manifest,
): Promise<Passed<CommitmentLines>> {
  if (source.commitments === undefined) throw missingFile('commitments');
  const pieces: Uint8Array[] = [];
  const expected = listCircuitIndexes(manifest);
  const commitments: PlacedCommitment[] = [];
  const digests = new Set<string>();
  for await (const line of linesOf('commitments', keep(source.commitments, pieces))) {
    const commitment = within(line.position, () => parseBatchCommitment(line.bytes));
    const circuitIndex = expected[commitments.length];
    if (circuitIndex === undefined || commitment.circuit !== manifest.circuits[circuitIndex]!.name) {
      throw refuse(
        'line-count',
        `expected the stated commitments of each circuit in order at ${line.position}`,
      );
    }
    if (digests.has(commitment.digest)) {
      throw refuse('digest-repeated', `expected distinct digests, got one again at ${line.position}`);
    }
    digests.add(commitment.digest);
    commitments.push({ ...commitment, circuitIndex });
  }
  assertCount('commitments', expected.length, commitments.length);
  const weights = readWeights(source, manifest);
  const points = weights === undefined ? 'no weighted totals' : `${weights.points.length} weighted totals`;
  return {
    value: { commitments, commitmentBytes: concatBytes(...pieces), weights },
    compared: `${manifest.circuits.map(({ name, proofCount }) => `${proofCount} ${name}`).join(', ')}; ${points}`,
  };
}

/** 1: a proof for each commitment in the same order, with exactly the values that its circuit shows. */
export async function readProofs(
  source: BundleSource,
  manifest: Manifest,
): Promise<Passed<readonly BatchProof[]>> {
  if (source.proofs === undefined) throw missingFile('proofs');
  const expected = listCircuitIndexes(manifest);
  const proofs: BatchProof[] = [];
  for await (const { bytes, position } of linesOf('proofs', source.proofs)) {
    const circuitIndex = expected[proofs.length];
    if (circuitIndex === undefined) {
      throw refuse('line-count', `expected ${expected.length} proofs, got one more at ${position}`);
    }
    const { parameters } = manifest.circuits[circuitIndex]!;
    proofs.push(within(position, () => parseBatchProof(bytes, parameters)));
  }
  assertCount('proofs', expected.length, proofs.length);
  return { value: proofs, compared: `${formatCount(proofs.length, 'proof')} with the commitments` };
}

function readWeights({ weights }: BundleSource, { assets, circuits }: Manifest): Weights | undefined {
  if (!circuits.some(({ parameters }) => parameters.kind === 'margin')) {
    if (weights === undefined) return undefined;
    throw refuse('weights-form', 'expected no weighted totals without margin circuits, got some');
  }
  if (weights === undefined) throw missingFile('weights');
  const read = within(BUNDLE_FILES.weights, () => parseWeightedTotals(weights));
  const expected = 2 * assets.length + 1;
  if (read.points.length !== expected) {
    throw refuse('weights-form', `expected ${expected} points, got ${read.points.length}`);
  }
  const pointBytes = read.points.map((point) => parseBase64url(point, 32));
  const curvePoints = within(BUNDLE_FILES.weights, () => pointBytes.map(parsePoint));
  return { ...read, pointBytes, curvePoints };
}

/** The circuit of each line, by its place in the manifest. */
function listCircuitIndexes({ circuits }: Manifest): number[] {
  return circuits.flatMap(({ proofCount }, index) => Array.from({ length: proofCount }, () => index));
}

function linesOf(list: BundleListKind, pieces: Pieces): AsyncGenerator<Line> {
  const { fileName, maxBytes } = PUBLISHED_FILES[list];
  return readLines(pieces, { name: fileName, maxLineBytes: maxBytes });
}

/** Pieces as they come, kept as well. */
async function* keep(pieces: Pieces, kept: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    kept.push(piece);
    yield piece;
  }
}

function assertCount(what: string, expected: number, got: number): void {
  if (expected !== got) throw refuse('line-count', `expected ${expected} ${what}, got ${got}`);
}

function missingFile(kind: 'commitments' | 'weights' | 'proofs') {
  return miss(`${kind}-missing`, `expected ${BUNDLE_FILES[kind]}, got none`);
}
