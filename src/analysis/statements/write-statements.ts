import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { INTEGER, VARCHAR, type DuckDBValue } from '@duckdb/node-api';

import { requirePath } from '../../protocol/index.js';
import {
  ACCOUNTS_FILE,
  COMPONENTS_FILE,
  escapePattern,
  loadSnapshot,
  quoteText,
  Scratch,
  type Snapshot,
} from '../../snapshot/index.js';
import { writeDirectoryAtomically } from '../../system/index.js';
import '../instruments.js';
import { ATTRIBUTION_FILES } from '../attribution/attribute-snapshots.js';
import { assertOfBooks, refuseAnalysis } from '../errors.js';
import { readEvidence } from './evidence.js';
import {
  renderStatement,
  type ClientHolding,
  type ClientLine,
  type ClientMovement,
  type ClientPosition,
  type StatementFrame,
} from './render-statement.js';

/** Pages in one directory. */
const DIRECTORY_PAGES = 1000;
const PRIVATE_MODE = 0o600;
/** Says which page is whose. */
export const INDEX_FILE = 'index.csv';

export type StatementsOptions = {
  readonly snapshot: string;
  /** A directory that is not there, or empty; it appears whole or not at all. */
  readonly outDirectory: string;
  /** The report of `solvent-verify bundle --json`; pages say that they are not verified without it. */
  readonly reportPath?: string;
  /** An attribution that ends with the snapshot: pages show what was moved since it began. */
  readonly attribution?: string;
  readonly onProgress?: (done: number, total: number) => void;
};

/**
 * Writes a statement of position for every client of a snapshot, one printable page each, and an index of whose they are. No
 * id is in the name of a file.
 * @returns how many pages.
 * @throws SolventError of class `usage`: `snapshot-without-books`, `report-unfit`, `snapshots-unfit`; `directory-exists`.
 */
export async function writeStatements(options: StatementsOptions): Promise<number> {
  const outDirectory = resolve(requirePath(options.outDirectory, 'the statements'));
  const snapshot = await loadSnapshot(options.snapshot);
  assertOfBooks(snapshot);
  const evidence = options.reportPath === undefined ? null : await readEvidence(options.reportPath, snapshot);
  const since = options.attribution === undefined ? null : await readSince(options.attribution, snapshot);
  const { platform, takenAt, quote, hash: snapshotHash } = snapshot;
  const frame: StatementFrame = { platform, takenAt, quote, snapshotHash, since, evidence };
  let pages = 0;
  await writeDirectoryAtomically(
    outDirectory,
    async (directory) => {
      pages = await writePages(directory, { snapshot, frame, options });
    },
    { mode: 0o700 },
  );
  return pages;
}

/** The instant at which an attribution begins. @throws SolventError `snapshots-unfit` where it does not end with the snapshot. */
async function readSince(directory: string, snapshot: Snapshot): Promise<string> {
  try {
    const summary = JSON.parse(await readFile(join(directory, ATTRIBUTION_FILES.summary), 'utf8')) as {
      readonly from: { readonly takenAt: string };
      readonly to: { readonly snapshotHash: string };
    };
    if (summary.to.snapshotHash === snapshot.hash) return summary.from.takenAt;
  } catch {
    // Refused as another's.
  }
  throw refuseAnalysis(
    'snapshots-unfit',
    'expected an attribution that ends with this snapshot, got another: name the directory that solvent attribute made',
  );
}

type Run = {
  readonly snapshot: Snapshot;
  readonly frame: StatementFrame;
  readonly options: StatementsOptions;
};

async function writePages(directory: string, { snapshot, frame, options }: Run): Promise<number> {
  const scratchDirectory = join(directory, 'scratch');
  const scratch = await Scratch.open(scratchDirectory);
  const index = await open(join(directory, INDEX_FILE), 'wx', PRIVATE_MODE);
  try {
    await index.write('page,user_id\n');
    let page = 0;
    for await (const position of readPositions(scratch, snapshot, options.attribution)) {
      const shard = String(Math.floor(page / DIRECTORY_PAGES) + 1).padStart(4, '0');
      if (page % DIRECTORY_PAGES === 0) {
        await mkdir(join(directory, shard), { mode: 0o700 });
        options.onProgress?.(page, snapshot.accountCount);
      }
      page += 1;
      const name = `${shard}/${String(page).padStart(7, '0')}.html`;
      await writeFile(join(directory, name), renderStatement(position, frame), { mode: PRIVATE_MODE });
      await index.write(`${name},"${neutralise(position.userId).replaceAll('"', '""')}"\n`);
    }
    options.onProgress?.(page, snapshot.accountCount);
    await index.sync();
    return page;
  } finally {
    await index.close();
    scratch.close();
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

/** As `cell_text` of the exports: no spreadsheet takes it for a formula. */
function neutralise(text: string): string {
  return /^[=+@＝＋－＠\t\r\n-]/.test(text) ? `'${text}` : text;
}

/** The clients of a snapshot, in the order of their ids. */
async function* readPositions(
  scratch: Scratch,
  snapshot: Snapshot,
  attribution: string | undefined,
): AsyncGenerator<ClientPosition> {
  await scratch.run('analysis/statements/create-statement-asset');
  await scratch.run('analysis/statements/create-attributed-part');
  const assets = snapshot.assets.map(({ symbol, decimals, price }, at) => [at, symbol, decimals, price]);
  await scratch.append('statement_asset', [INTEGER, VARCHAR, INTEGER, VARCHAR], [assets]);
  const pattern = (directory: string, file: string) => quoteText(escapePattern(join(directory, file)));
  if (attribution !== undefined) {
    const parts = { parts_pattern: pattern(resolve(attribution), ATTRIBUTION_FILES.parts) };
    await scratch.run('analysis/statements/load-attributed-part', parts);
  }
  let pending: OpenPosition | undefined;
  const rows = scratch.stream('analysis/statements/select-statement-rows', {
    accounts_pattern: pattern(snapshot.directory, ACCOUNTS_FILE),
    components_pattern: pattern(snapshot.directory, COMPONENTS_FILE),
  });
  for await (const batch of rows) {
    for (const row of batch) {
      if (pending?.userId !== row[0]) {
        if (pending !== undefined) yield pending;
        pending = { userId: row[0] as string, holdings: [], lines: [], movements: [] };
      }
      addRow(pending!, row);
    }
  }
  if (pending !== undefined) yield pending;
}

type OpenPosition = {
  readonly userId: string;
  readonly holdings: ClientHolding[];
  readonly lines: ClientLine[];
  readonly movements: ClientMovement[];
};

function addRow(position: OpenPosition, row: readonly DuckDBValue[]): void {
  const [, part, symbol, decimals, price, account, bucket, kind, detail, first, second] = row;
  // A client with nothing is a row without an asset.
  if (symbol === null) return;
  const asset = { asset: symbol as string, decimals: decimals as number };
  if (part === 1) {
    const amounts = { equityUnits: first as bigint, debtUnits: second as bigint };
    position.holdings.push({ ...asset, price: price as string, ...amounts });
  } else if (part === 2) {
    const netted = { account: account as string, bucket: bucket as string };
    position.lines.push({
      ...{
        ...asset,
        ...netted,
        kind: kind as ClientLine['kind'],
        detail: detail as string,
        units: first as bigint,
      },
    });
  } else position.movements.push({ ...asset, kind: kind as ClientMovement['kind'], units: first as bigint });
}
