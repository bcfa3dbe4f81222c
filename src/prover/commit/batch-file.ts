import {
  type FieldElement,
  encodeBase64url,
  groupCount,
  openBlinds,
  type BatchSecrets,
  type GroupRecord,
  type RowLayout,
  encodeUint,
  decodeUint,
  SolventError,
  toFieldElement,
  type IdentifiedRow,
} from '../../protocol/index.js';
import { readIfExists, writeFileAtomically } from '../../system/index.js';
import { refuseProver, type ProverCode } from '../errors.js';
import { PRIVATE_FILE_MODE } from '../run/paths.js';
import { sealBytes, unsealBytes } from '../private-file.js';
import { ofGroup, type BatchPoints } from './commit-batch.js';
import { readRow, rowRecordBytes, writeRow } from './row-records.js';
import type { BatchSeed } from './run-seeds.js';

/** What users get of each group of a batch: C_(g,0), z_(g,r), and (C, id) of each row. */
export function recordGroups(
  layout: RowLayout,
  batch: { readonly index: number; readonly points: BatchPoints; readonly secrets: BatchSecrets },
  rho: FieldElement,
): GroupRecord[] {
  const { index, points, secrets } = batch;
  return Array.from({ length: groupCount(layout) }, (_, group) => ({
    batch: index,
    group,
    maskPoint: encodeBase64url(points.maskPoints[group]!),
    blindOpening: openBlinds(
      secrets.maskBlinds[group]!,
      ofGroup(layout, group, secrets.rowBlinds),
      rho,
    ).toString(),
    entries: ofGroup(layout, group, points.entries).map(({ point, id }) => ({
      point: encodeBase64url(point),
      id: encodeBase64url(id),
    })),
  }));
}

const FORMAT = 'solvent/row-batch/v3';
/** Of a seed, a mask and a point. */
const VALUE_BYTES = 32;

/** One batch that is committed to: everything that its proof and its users' files are made of. */
export type StoredBatch = {
  /** All N rows in order, dummies included. */
  readonly rows: readonly IdentifiedRow[];
  readonly seed: BatchSeed;
  readonly points: BatchPoints;
};

/** A batch as it goes into its file: its rows as `encodeRows` makes them. */
export type BatchRecords = {
  readonly records: Uint8Array;
  readonly seed: BatchSeed;
  readonly points: BatchPoints;
};

/**
 * Keeps a batch in a private file: seed and maskL, then the mask point of each group, then each row's point and record.
 * @throws SolventError where a row is not canonical.
 */
export function saveBatch(path: string, layout: RowLayout, { rows, ...batch }: StoredBatch): Promise<void> {
  return saveRecords(path, layout, { records: encodeRows(layout, rows), ...batch });
}

/** The same, for whoever has the records of the rows. */
export async function saveRecords(
  path: string,
  layout: RowLayout,
  { records, seed, points }: BatchRecords,
): Promise<void> {
  const file = new Uint8Array(fileBytes(layout));
  const recordBytes = rowRecordBytes(layout);
  let at = 0;
  const next = (sizeBytes: number) => file.subarray(at, (at += sizeBytes));
  for (const value of [seed.seed, encodeUint(seed.totalMask, VALUE_BYTES), ...points.maskPoints]) {
    next(VALUE_BYTES).set(value);
  }
  points.entries.forEach(({ point }, row) => {
    next(VALUE_BYTES).set(point);
    next(recordBytes).set(records.subarray(row * recordBytes, (row + 1) * recordBytes));
  });
  await writeFileAtomically(path, sealBytes(FORMAT, file), { mode: PRIVATE_FILE_MODE });
}

/** Reads a batch that was kept. @throws SolventError `run-file-malformed`. */
export function loadBatch(path: string, layout: RowLayout): Promise<StoredBatch> {
  return loadStored(path, layout, readStored);
}

/** What commits to a batch: its seed, the mask point of each group and the point of each row. */
export type CommittedBatch = {
  readonly seed: Uint8Array;
  readonly maskPoints: readonly Uint8Array[];
  readonly rowPoints: readonly Uint8Array[];
};

/** Reads what commits to a batch that was kept, and none of its rows. @throws SolventError `run-file-malformed`. */
export function loadBatchPoints(path: string, layout: RowLayout): Promise<CommittedBatch> {
  return loadStored(path, layout, readPoints);
}

/** The rows of a batch as their records, one behind the other. @throws SolventError where a row is not canonical. */
export function encodeRows(layout: RowLayout, rows: readonly IdentifiedRow[]): Uint8Array {
  const size = rowRecordBytes(layout);
  const records = new Uint8Array(rows.length * size);
  rows.forEach((row, index) => {
    writeRow(layout, row, records.subarray(index * size, (index + 1) * size));
  });
  return records;
}

/** The rows of records. */
export function decodeRows(layout: RowLayout, records: Uint8Array): IdentifiedRow[] {
  const size = rowRecordBytes(layout);
  return Array.from({ length: records.length / size }, (_, index) =>
    readRow(layout, records.subarray(index * size, (index + 1) * size)),
  );
}

/**
 * The points of a batch that an earlier command kept, of its rows and then of its masks; undefined where there is none, where the
 * file is damaged, and where it is of other rows or another seed.
 * @param records as `encodeRows` makes them.
 */
export async function findKeptPoints(
  path: string,
  layout: RowLayout,
  { records, seed }: { readonly records: Uint8Array; readonly seed: BatchSeed },
): Promise<Uint8Array[] | undefined> {
  const bytes = await readIfExists(path);
  const file = bytes && unsealBytes(FORMAT, bytes);
  if (file?.length !== fileBytes(layout)) return undefined;
  const stored = readPoints(file, layout);
  const size = rowRecordBytes(layout);
  const rowBytes = VALUE_BYTES + size;
  const rowsAt = file.length - layout.rows * rowBytes + VALUE_BYTES;
  const isSame =
    Buffer.compare(stored.seed, seed.seed) === 0 &&
    decodeUint(file.subarray(VALUE_BYTES, 2 * VALUE_BYTES)) === seed.totalMask &&
    stored.rowPoints.every((_, row) => {
      const [at, own] = [rowsAt + row * rowBytes, row * size];
      return Buffer.compare(file.subarray(at, at + size), records.subarray(own, own + size)) === 0;
    });
  return isSame ? [...stored.rowPoints, ...stored.maskPoints] : undefined;
}

async function loadStored<T>(
  path: string,
  layout: RowLayout,
  read: (file: Uint8Array, layout: RowLayout) => T,
): Promise<T> {
  const bytes = await readIfExists(path);
  const payload = bytes === undefined ? undefined : unsealBytes(FORMAT, bytes);
  if (payload?.length !== fileBytes(layout)) throw refuse(path);
  try {
    return read(payload, layout);
  } catch (cause) {
    throw refuse(path, cause);
  }
}

function fileBytes(layout: RowLayout): number {
  const rowBytes = VALUE_BYTES + rowRecordBytes(layout);
  return (2 + groupCount(layout)) * VALUE_BYTES + layout.rows * rowBytes;
}

function readStored(file: Uint8Array, layout: RowLayout): StoredBatch {
  let at = 0;
  const next = (sizeBytes: number) => file.subarray(at, (at += sizeBytes));
  const seed = Uint8Array.from(next(VALUE_BYTES));
  const totalMask = toFieldElement(decodeUint(next(VALUE_BYTES)));
  const maskPoints = Array.from({ length: groupCount(layout) }, () => Uint8Array.from(next(VALUE_BYTES)));
  const points: Uint8Array[] = [];
  const rows = Array.from({ length: layout.rows }, () => {
    points.push(Uint8Array.from(next(VALUE_BYTES)));
    return readRow(layout, next(rowRecordBytes(layout)));
  });
  const entries = rows.map(({ id }, row) => ({ point: points[row]!, id }));
  return { rows, seed: { seed, totalMask }, points: { entries, maskPoints } };
}

function readPoints(file: Uint8Array, layout: RowLayout): CommittedBatch {
  const valueAt = (at: number) => file.subarray(at, at + VALUE_BYTES);
  const masks = groupCount(layout);
  const rowsAt = (2 + masks) * VALUE_BYTES;
  const rowBytes = VALUE_BYTES + rowRecordBytes(layout);
  return {
    seed: valueAt(0),
    maskPoints: Array.from({ length: masks }, (_, group) => valueAt((2 + group) * VALUE_BYTES)),
    rowPoints: Array.from({ length: layout.rows }, (_, row) => valueAt(rowsAt + row * rowBytes)),
  };
}

function refuse(path: string, cause?: unknown): SolventError<ProverCode> {
  return refuseProver('run-file-malformed', {
    expected: 'a batch of rows as this run wrote it',
    found: 'another file or none',
    advice: 'run the command again',
    details: { path },
    cause,
  });
}
