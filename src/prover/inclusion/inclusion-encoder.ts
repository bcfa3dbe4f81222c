import type { FileHandle } from 'node:fs/promises';

import {
  encodeBase64url,
  encodeCanonicalJson,
  derivePartNonce,
  formatManifestHash,
  groupOf,
  INCLUSION_FORMAT,
  MAX_BARE_INCLUSION_BYTES,
  PADDING_BYTES,
  utf8ToBytes,
  refuseProtocol,
} from '../../protocol/index.js';
import { loadBatch, recordGroups } from '../commit/batch-file.js';
import { hashGroups } from '../commit/commit-batch.js';
import { spreadSeed } from '../commit/run-seeds.js';
import { MAX_OPENED_BATCHES } from '../limits.js';
import type { CutAccount } from '../commit/cut-rows.js';
import type { FinishedRun } from './finished-run.js';
import { readStatement } from './account-list.js';

/** What users' files take from one batch, as the canonical JSON that stands in them. */
type OpenedBatch = {
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
class OpenedBatches {
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

const NO_STATEMENT = utf8ToBytes('null');

/**
 * Writes the inclusion files of a run's users: the bytes that `encodeInclusion` makes, with what users share written once.
 * Keys stand in the order of canonical JSON.
 */
export class InclusionEncoder {
  readonly #run: FinishedRun;
  readonly #statements: FileHandle;
  readonly #batches: OpenedBatches;
  readonly #manifestHash: string;

  /** @param statements the run's file of them, open. */
  constructor(run: FinishedRun, statements: FileHandle) {
    this.#run = run;
    this.#statements = statements;
    this.#batches = new OpenedBatches(run);
    this.#manifestHash = formatManifestHash(run.manifest);
  }

  /**
   * The inclusion file of an account: every part of it, with the groups that hold its rows.
   * @throws SolventError `run-file-malformed`, `inclusion-too-large`.
   */
  async encode(account: CutAccount): Promise<Uint8Array> {
    const used = [...new Set(account.positions.map(({ batch }) => batch))].sort((a, b) => a - b);
    const opened = new Map<number, OpenedBatch>();
    for (const batch of used) opened.set(batch, await this.#batches.open(batch));
    const hashes = used.map((batch) => opened.get(batch)!.hashes);
    const groups = used.flatMap((batch) => this.#pickGroups(account, batch, opened.get(batch)!));
    const parts = account.positions.map(({ batch, row }, index) => {
      const { blinds, slots } = opened.get(batch)!;
      const nonce = derivePartNonce(this.#run.secret, account.userId, index + 1);
      return `{"batch":${batch},"blind":"${blinds[row]}","nonce":"${nonce}","part":${index + 1},"row":${row},"slots":${slots[row]}}`;
    });
    const statement = (await readStatement(this.#statements, account)) ?? NO_STATEMENT;
    return joinFile(
      `{"batches":[${hashes.join()}],"format":"${INCLUSION_FORMAT}","groups":[${groups.join()}],"manifestHash":"${this.#manifestHash}","padding":"`,
      `","partCount":${parts.length},"parts":[${parts.join()}],"statement":`,
      { statement, tail: `,"userId":${JSON.stringify(account.userId)}}\n` },
    );
  }

  #pickGroups({ positions }: CutAccount, batch: number, { groups }: OpenedBatch): string[] {
    const layout = this.#run.layouts[batch]!;
    const wanted = new Set(
      positions.filter((position) => position.batch === batch).map(({ row }) => groupOf(layout, row).group),
    );
    return groups.filter((_, group) => wanted.has(group));
  }
}

/** A file with as many zeros between its head and its middle as fill the last 16 KiB. */
function joinFile(
  head: string,
  middle: string,
  { statement, tail }: { readonly statement: Uint8Array; readonly tail: string },
): Uint8Array {
  const parts = [utf8ToBytes(head), utf8ToBytes(middle), statement, utf8ToBytes(tail)];
  const bare = parts.reduce((sum, { length }) => sum + length, 0);
  const missing = (PADDING_BYTES - (bare % PADDING_BYTES)) % PADDING_BYTES;
  if (bare + missing - statement.length > MAX_BARE_INCLUSION_BYTES) {
    throw refuseProtocol('inclusion-too-large', {
      expected: `at most ${MAX_BARE_INCLUSION_BYTES} bytes besides the statement`,
      found: bare + missing - statement.length,
    });
  }
  return Buffer.concat([parts[0]!, Buffer.alloc(missing, '0'), ...parts.slice(1)]);
}
