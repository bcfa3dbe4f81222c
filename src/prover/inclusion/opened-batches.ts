import { encodeBase64url, encodeCanonicalJson } from '../../protocol/index.js';
import { loadBatch } from '../commit/batch-file.js';
import { hashGroups } from '../commit/commit-batch.js';
import { recordGroups } from '../commit/group-records.js';
import { spreadSeed } from '../commit/run-seeds.js';
import { MAX_OPENED_BATCHES } from '../limits.js';
import type { FinishedRun } from './finished-run.js';

/** What users' files take from one batch, as the canonical JSON that stands in them. */
export type OpenedBatch = {
  /** `{batch, groupHashes}`. */
  readonly hashes: string;
  /** The record of each group, in order. */
  readonly groups: readonly string[];
  /** The blind of each row, in decimal. */
  readonly blinds: readonly string[];
  /** The slots of each row: a JSON array. */
  readonly slots: readonly string[];
};

/** The batches of a run, each opened when it is needed; those that were used last are kept. */
export class OpenedBatches {
  readonly #run: FinishedRun;
  readonly #opened = new Map<number, OpenedBatch>();

  constructor(run: FinishedRun) {
    this.#run = run;
  }

  /** @throws SolventError `run-file-malformed`. */
  async open(batch: number): Promise<OpenedBatch> {
    const opened = this.#opened.get(batch) ?? (await openBatch(this.#run, batch));
    this.#opened.delete(batch);
    this.#opened.set(batch, opened);
    if (this.#opened.size > MAX_OPENED_BATCHES) this.#opened.delete(this.#opened.keys().next().value!);
    return opened;
  }
}

async function openBatch({ paths, layouts, challenges }: FinishedRun, batch: number): Promise<OpenedBatch> {
  const layout = layouts[batch]!;
  const { rows, seed, points } = await loadBatch(paths.batch(batch), layout);
  const secrets = spreadSeed({ layout }, seed);
  const groupHashes = hashGroups(layout, points).map(encodeBase64url);
  return {
    hashes: encode({ batch, groupHashes }),
    groups: recordGroups(layout, { index: batch, points, secrets }, challenges.rho).map(encode),
    blinds: secrets.rowBlinds.map(String),
    slots: rows.map(({ slots }) =>
      encode(
        slots.map(({ amountUnits, assetIndex, ...side }) => ({
          amount: amountUnits.toString(),
          index: assetIndex,
          ...side,
        })),
      ),
    ),
  };
}

const decoder = new TextDecoder();

function encode(value: unknown): string {
  return decoder.decode(encodeCanonicalJson(value));
}
