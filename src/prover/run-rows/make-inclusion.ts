import { readFile } from 'node:fs/promises';

import { SolventError, type RunSecret } from '../../protocol/index.js';
import {
  derivePartNonce,
  encodeBase64url,
  encodeInclusion,
  formatManifestHash,
  groupOf,
  parseGroupRecord,
  parseManifest,
  parseStatement,
  INCLUSION_FORMAT,
  type GroupRecord,
  type InclusionPart,
  type InclusionFile,
  type RowLayout,
  type Manifest,
} from '../../protocol/rows/index.js';
import { readIfExists } from '../../system/index.js';
import { hashGroups } from '../commit/commit-batch.js';
import type { PlacedAccount } from '../commit/cut-rows.js';
import { loadRowBatch } from '../commit/row-batch-file.js';
import { spreadSeed } from '../commit/run-seeds.js';
import type { ProverCode } from '../errors.js';
import { loadSecret } from '../run/secret.js';
import { findAccount } from './account-index.js';
import { rowRunPaths, type RowRunPaths } from './paths.js';

const LINE_FEED = 0x0a;

/** A finished run, as the files of its users are made from it. */
export type FinishedRowRun = {
  readonly paths: RowRunPaths;
  readonly secret: RunSecret;
  readonly manifest: Manifest;
  /** The layout of each batch, in the order of commitments. */
  readonly layouts: readonly RowLayout[];
};

/** Opens a run that has a bundle. @throws SolventError `run-incomplete`, `run-file-malformed`. */
export async function openFinishedRun(directory: string): Promise<FinishedRowRun> {
  const paths = rowRunPaths(directory);
  const bytes = await readIfExists(`${paths.bundle}/manifest.json`);
  if (bytes === undefined) {
    throw new SolventError<ProverCode>(
      'usage',
      'run-incomplete',
      'expected a run with a finished bundle, got none: let it finish first',
    );
  }
  const manifest = parseManifest(bytes);
  const layouts = manifest.circuits.flatMap(({ parameters, proofCount }) =>
    Array.from({ length: proofCount }, () => parameters),
  );
  return { paths, secret: await loadSecret(paths.secret, null), manifest, layouts };
}

/**
 * The inclusion file of a user: every part of the account, with the groups that hold its rows.
 * @throws SolventError `user-not-found`, `run-file-malformed`, `inclusion-too-large`.
 */
export async function makeRowInclusion(run: FinishedRowRun, userId: string): Promise<Uint8Array> {
  const account = await findAccount(run.paths, userId);
  const used = [...new Set(account.places.map(({ batch }) => batch))].sort((a, b) => a - b);
  const batches = new Map<number, OpenedBatch>();
  for (const batch of used) batches.set(batch, await openBatch(run, batch));
  const file: Omit<InclusionFile, 'padding'> = {
    format: INCLUSION_FORMAT,
    manifestHash: formatManifestHash(run.manifest),
    userId,
    statement: account.statement === undefined ? null : parseStatement(account.statement),
    partCount: account.places.length,
    batches: used.map((batch) => ({ batch, groupHashes: batches.get(batch)!.groupHashes })),
    groups: used.flatMap((batch) => pickGroups(account, batches.get(batch)!, batch)),
    parts: account.places.map(({ batch, row }, index) => ({
      part: index + 1,
      batch,
      row,
      ...batches.get(batch)!.showRow(row),
      nonce: derivePartNonce(run.secret, userId, index + 1).toString(),
    })),
  };
  return encodeInclusion(file);
}

/** What inclusion files take from one batch. */
type OpenedBatch = {
  readonly layout: RowLayout;
  readonly groupHashes: string[];
  readonly records: readonly GroupRecord[];
  readonly showRow: (row: number) => Pick<InclusionPart, 'slots' | 'blind'>;
};

async function openBatch({ paths, layouts }: FinishedRowRun, batch: number): Promise<OpenedBatch> {
  const layout = layouts[batch]!;
  const { rows, seed, points } = await loadRowBatch(paths.batch(batch), layout);
  const { rowBlinds } = spreadSeed({ layout }, seed);
  return {
    layout,
    groupHashes: hashGroups(layout, points).map(encodeBase64url),
    records: splitLines(await readFile(paths.groupsOf(batch))).map(parseGroupRecord),
    showRow: (row) => ({
      slots: rows[row]!.slots.map(({ amountUnits, assetIndex, ...rest }) => ({
        amount: amountUnits.toString(),
        index: assetIndex,
        ...rest,
      })),
      blind: rowBlinds[row]!.toString(),
    }),
  };
}

function pickGroups(
  { places }: PlacedAccount,
  { layout, records }: OpenedBatch,
  batch: number,
): GroupRecord[] {
  const wanted = new Set(
    places.filter((place) => place.batch === batch).map(({ row }) => groupOf(layout, row).group),
  );
  return records.filter(({ group }) => wanted.has(group));
}

function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0, end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
