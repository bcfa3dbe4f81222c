import {
  BUNDLE_FILES,
  formatManifestHash,
  parseAggregateProof,
  parseBatchProof,
  parseInclusion,
  parseManifest,
  parseSignature,
  PUBLISHED_FILES,
  SolventError,
  type AggregateProof,
  type BatchProof,
  type InclusionFile,
  type Manifest,
  type ManifestSignature,
} from '../../protocol/index.js';
import type { Passed } from '../checklist.js';
import { refuse } from '../failure.js';
import { formatCount } from '../../presentation/index.js';
import { MAX_BUNDLE_PROOFS, MAX_WHOLE_FILE_BYTES } from '../limits.js';
import { readLines, type Line } from '../lines.js';
import type { BundleSource, ManifestSource } from '../source.js';
import { findCircuitSetFault, isBatch } from './circuit-set.js';

/** A proof as it was read, and where: `batches.ndjson line 3`. */
export type Placed<T> = T & { readonly place: string };

/** All proofs of a bundle, in the order of their files. */
export type BundleProofs = {
  readonly batches: readonly Placed<BatchProof>[];
  readonly aggregates: readonly Placed<AggregateProof>[];
};

/** The manifest with its signature, neither yet believed. */
export type SignedManifest = { readonly manifest: Manifest; readonly signature: ManifestSignature };

/** 6.1: the manifest and its signature, canonical and of their schemas, and the manifest in itself consistent. */
export function readManifest(source: ManifestSource): Passed<SignedManifest> {
  const manifest = within(BUNDLE_FILES.manifest, () => parseManifest(assertWhole(source.manifest)));
  const signature = within(BUNDLE_FILES.signature, () => parseSignature(assertWhole(source.signature)));
  const { assets, circuits, rounding, writeOffs, reconciliation } = manifest;
  const symbols = new Set(assets.map(({ symbol }) => symbol));
  if (symbols.size !== assets.length)
    throw refuse('asset-listed-twice', 'expected each asset once, got one twice');
  const fault = findCircuitSetFault(circuits);
  if (fault !== undefined) throw refuse('circuit-set-malformed', `expected ${fault}`);
  const proofCount = circuits.reduce((sum, circuit) => sum + circuit.proofCount, 0);
  if (proofCount > MAX_BUNDLE_PROOFS) {
    throw refuse('too-many-proofs', `expected at most ${MAX_BUNDLE_PROOFS} proofs, got ${proofCount} stated`);
  }
  const columns = circuits[0]!.parameters.assets;
  if (assets.length > columns) {
    throw refuse('too-many-assets', `expected at most ${columns} assets, got ${assets.length}`);
  }
  for (const list of [rounding, writeOffs.debts]) {
    const listed = list.map(({ asset }) => asset);
    if (new Set(listed).size !== listed.length) {
      throw refuse('asset-listed-twice', 'expected each rounded or written-off asset once, got one twice');
    }
    if (!listed.every((symbol) => symbols.has(symbol))) {
      throw refuse('asset-not-listed', 'expected listed assets in rounding and write-offs, got another');
    }
  }
  const broken = (reconciliation?.acceptedBreaks ?? []).flatMap(({ asset }) => asset ?? []);
  if (!broken.every((symbol) => symbols.has(symbol))) {
    throw refuse('asset-not-listed', 'expected listed assets in accepted breaks, got another');
  }
  return {
    value: { manifest, signature },
    compared: `${formatCount(assets.length, 'asset')} and ${formatCount(circuits.length, 'circuit')} over ${formatCount(columns, 'column')}`,
  };
}

/** 6.1: an inclusion file, canonical and of its schema. */
export function readInclusion(bytes: Uint8Array): Passed<InclusionFile> {
  const file = within('the inclusion file', () => parseInclusion(assertWhole(bytes)));
  return {
    value: file,
    compared: `${formatCount(file.holdings.length, 'holding')}, ${formatCount(file.layers.length, 'layer')} above the batch`,
  };
}

/** 6.1: the inclusion file is of this manifest, and of one of its batch circuits. */
export function matchSnapshot(file: InclusionFile, manifest: Manifest): Passed<undefined> {
  const expected = formatManifestHash(manifest);
  if (file.manifestHash !== expected) {
    throw refuse(
      'inclusion-of-other-snapshot',
      `expected manifest hash ${expected}, got ${file.manifestHash}`,
    );
  }
  const circuit = manifest.circuits.find(({ name }) => name === file.circuit);
  if (circuit === undefined || !isBatch(circuit.parameters)) {
    throw refuse(
      'inclusion-circuit-not-batch',
      `expected a batch circuit of the manifest, got ${file.circuit}`,
    );
  }
  return { value: undefined, compared: `both name manifest hash ${expected} and circuit ${file.circuit}` };
}

/**
 * 6.5: every line of both lists of proofs, and as many of each circuit as the manifest states. Read after the signature and
 * the keys: there may be 2^18 lines, and a stranger may have written them.
 */
export async function readProofs(source: BundleSource, manifest: Manifest): Promise<Passed<BundleProofs>> {
  const stated = new Map(manifest.circuits.map(({ name, proofCount }) => [name, proofCount]));
  const found = new Map([...stated.keys()].map((name) => [name, 0]));
  const count = (circuit: string, place: string) => {
    const next = found.get(circuit)! + 1;
    if (next > stated.get(circuit)!) {
      throw refuse(
        'proof-count-differs',
        `expected ${next - 1} proofs of ${circuit}, got one more at ${place}`,
      );
    }
    found.set(circuit, next);
  };

  const batches: Placed<BatchProof>[] = [];
  for await (const line of linesOf(source, 'batches')) {
    const batch = readProof(line, parseBatchProof);
    if (batch.circuit === 'aggregate' || !stated.has(batch.circuit)) {
      throw refuse('circuit-not-listed', `expected a batch circuit at ${line.place}, got ${batch.circuit}`);
    }
    count(batch.circuit, line.place);
    batches.push({ ...batch, place: line.place });
  }
  const aggregates: Placed<AggregateProof>[] = [];
  for await (const line of linesOf(source, 'aggregates')) {
    count('aggregate', line.place);
    aggregates.push({ ...readProof(line, parseAggregateProof), place: line.place });
  }
  for (const [circuit, expected] of stated) {
    if (found.get(circuit) !== expected) {
      throw refuse(
        'proof-count-differs',
        `expected ${expected} proofs of ${circuit}, got ${found.get(circuit)!}`,
      );
    }
  }
  return {
    value: { batches, aggregates },
    compared: [...stated].map(([name, n]) => `${n} ${name}`).join(', '),
  };
}

function linesOf(source: BundleSource, list: 'batches' | 'aggregates'): AsyncGenerator<Line> {
  const { fileName, maxBytes } = PUBLISHED_FILES[list];
  return readLines(source[list], { name: fileName, maxLineBytes: maxBytes });
}

/** A proof of one line. Whatever is wrong with its spelling is one code: the reading codes are those of 6.1. */
function readProof<T>({ bytes, place }: Line, parse: (bytes: Uint8Array) => T): T {
  try {
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw refuse('proof-malformed', `${place}: ${error.message} (${(error as SolventError).code})`);
  }
}

/** A file that was cut at the largest size of any format is refused for its size, not for its missing end. */
function assertWhole(bytes: Uint8Array): Uint8Array {
  if (bytes.length < MAX_WHOLE_FILE_BYTES) return bytes;
  throw refuse('json-too-large', `expected fewer than ${MAX_WHOLE_FILE_BYTES} bytes, got as many or more`);
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
