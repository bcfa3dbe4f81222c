import { describePlace } from '../../system/index.js';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import {
  BUNDLE_FILES,
  derivePriceTable,
  formatManifestHash,
  padPrices,
  parseAggregateProof,
  parseBatchProof,
  parseFieldElement,
  requirePath,
  SolventError,
  type AggregateProof,
  type BatchProof,
  type InclusionFile,
  type Manifest,
  type RunSecret,
  type UnitPrice,
} from '../../protocol/index.js';
import { loadBatchRows, type BatchRow } from '../batch/batch-file.js';
import { commitBatch } from '../batch/commitment.js';
import { loadBatchTree, type BatchTree } from '../batch/tree-file.js';
import { loadOwnBundle } from '../bundle/own-bundle.js';
import type { BatchCircuit } from '../circuits.js';
import type { ProverCode } from '../errors.js';
import { loadFastPoseidon } from '../fast-poseidon.js';
import { runPaths, type RunPaths } from '../run/paths.js';
import { findPin } from '../run/pin.js';
import { loadSecret } from '../run/secret.js';
import { listBatches, loadPlan, type PlannedBatch } from '../shard/plan.js';

type AggregateLayer = InclusionFile['layers'][number];

/** A run whose bundle is written: what inclusion files are made from. */
export class FinishedRun {
  readonly paths: RunPaths;
  readonly secret: RunSecret;
  readonly manifest: Manifest;
  readonly manifestHash: string;
  /** Batch circuits in the order of the profile. */
  readonly circuits: readonly BatchCircuit[];
  /** All batches in the order of the bundle. */
  readonly batches: readonly PlannedBatch[];
  readonly #aggregateLines: readonly Uint8Array[];
  readonly #aggregates = new Map<number, AggregateProof>();
  readonly #childCount: number;
  readonly #prices: readonly UnitPrice[];

  private constructor(parts: {
    paths: RunPaths;
    secret: RunSecret;
    manifest: Manifest;
    circuits: readonly BatchCircuit[];
    batches: readonly PlannedBatch[];
    aggregateLines: readonly Uint8Array[];
  }) {
    this.paths = parts.paths;
    this.secret = parts.secret;
    this.manifest = parts.manifest;
    this.manifestHash = formatManifestHash(parts.manifest);
    this.circuits = parts.circuits;
    this.batches = parts.batches;
    this.#aggregateLines = parts.aggregateLines;
    const { parameters } = parts.manifest.circuits.at(-1)!;
    this.#childCount = parameters.kind === 'aggregate' ? parameters.children : 0;
    this.#prices = padPrices(derivePriceTable(parts.manifest.assets), parameters.assets);
  }

  /**
   * @throws SolventError `run-incomplete` where there is no bundle yet; `bundle-of-another-run`, `run-file-malformed`,
   * `run-not-private`.
   */
  static async open(directory: string): Promise<FinishedRun> {
    const paths = runPaths(requirePath(directory, 'the run'));
    const pin = await findPin(paths.pin);
    if (pin === undefined) throw await refuseIncomplete(directory);
    const secret = await loadSecret(paths.secret, pin.secretHash);
    const manifest = await loadOwnBundle({ paths, secret, pin });
    const circuits = batchCircuitsOf(manifest);
    const plan = manifest === undefined ? undefined : await loadPlan(paths.plan, circuits);
    if (manifest === undefined || plan === undefined) throw await refuseIncomplete(directory);
    const aggregateLines: Uint8Array[] = [];
    for await (const line of readLines(join(paths.bundle, BUNDLE_FILES.aggregates))) {
      aggregateLines.push(line);
    }
    return new FinishedRun({
      paths,
      secret,
      manifest,
      circuits,
      batches: listBatches(plan, circuits),
      aggregateLines,
    });
  }

  /** The proofs of all batches in the order of `batches`, as the bundle has them. */
  async *batchProofs(): AsyncGenerator<BatchProof> {
    for await (const line of readLines(join(this.paths.bundle, BUNDLE_FILES.batches))) {
      yield parseBatchProof(line);
    }
  }

  /** The proof of the batch at one place. @throws SolventError `run-file-malformed` where the bundle has fewer. */
  async loadBatchProof(place: number): Promise<BatchProof> {
    let at = 0;
    for await (const line of readLines(join(this.paths.bundle, BUNDLE_FILES.batches))) {
      if (at === place) return parseBatchProof(line);
      at += 1;
    }
    throw new SolventError<ProverCode>(
      'artefact',
      'run-file-malformed',
      `expected a proof of each of the ${this.batches.length} batches in the bundle, got ${at}: remove the bundle and prove again`,
    );
  }

  /** @throws SolventError `run-file-malformed`. */
  loadRows({ circuit, index }: PlannedBatch): Promise<BatchRow[]> {
    return loadBatchRows(this.paths.batch(circuit.name, index), circuit.parameters.users);
  }

  /** The tree that was kept of a batch, or made again from its rows where the file is gone. */
  async loadTree({ circuit, index }: PlannedBatch, rows: readonly BatchRow[]): Promise<BatchTree> {
    const kept = await loadBatchTree(this.paths.tree(circuit.name, index), circuit);
    if (kept !== undefined) return kept;
    const { platform } = this.manifest;
    const context = { circuit, index, secret: this.secret, platform, prices: this.#prices };
    return commitBatch(await loadFastPoseidon(), rows, context);
  }

  /** The aggregates from above a batch to the top, with the slot that the layer below is in. */
  layersAbove(place: number): AggregateLayer[] {
    const layers: AggregateLayer[] = [];
    let start = 0;
    let width = this.batches.length;
    let below = place;
    do {
      const parent = Math.floor(below / this.#childCount);
      const { digest, children, totals, proof } = this.#aggregateAt(start + parent);
      layers.push({ slot: below % this.#childCount, digest, children, totals, proof });
      width = Math.ceil(width / this.#childCount);
      start += width;
      below = parent;
    } while (width > 1);
    return layers;
  }

  #aggregateAt(line: number): AggregateProof {
    const aggregate = this.#aggregates.get(line) ?? parseAggregateProof(this.#aggregateLines[line]!);
    this.#aggregates.set(line, aggregate);
    return aggregate;
  }
}

async function refuseIncomplete(directory: string): Promise<SolventError<ProverCode>> {
  return new SolventError(
    'usage',
    'run-incomplete',
    `expected a run with its bundle in ${directory}, got ${await describePlace(directory)}: run solvent prove to its end first`,
    { details: { path: directory } },
  );
}

function batchCircuitsOf(manifest: Manifest | undefined): BatchCircuit[] {
  return (manifest?.circuits ?? []).flatMap(({ name, parameters, tag }) =>
    parameters.kind === 'aggregate' ? [] : [{ name, parameters, tag: parseFieldElement(tag) }],
  );
}

async function* readLines(path: string): AsyncGenerator<Uint8Array> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  for await (const line of lines) yield Buffer.from(line);
}
