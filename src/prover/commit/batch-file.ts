import { z } from 'zod';

import {
  bytesToHex,
  encodeJsonLine,
  hexToBytes,
  parseFieldElement,
  parseJsonLine,
  parseSchema,
  primitives,
  SolventError,
  encodeBase64url,
  groupCount,
  parseBase64url,
  type IdentifiedRow,
  type RowLayout,
  type Slot,
} from '../../protocol/index.js';
import { readIfExists, writeFileAtomically } from '../../system/index.js';
import type { ProverCode } from '../errors.js';
import { PRIVATE_FILE_MODE } from '../run/paths.js';
import { sealBytes, unsealBytes } from '../sealed-bytes.js';
import type { BatchPoints } from './commit-batch.js';
import type { BatchSeed } from './run-seeds.js';
import { refuseProver } from '../errors.js';

const FORMAT = 'solvent/row-batch/v2';
/** Fewer than 2^18 slots and rows, at some 100 bytes each. */
const MAX_BATCH_FILE_BYTES = 128 * 1024 * 1024;

const slot = z.strictObject({
  amount: primitives.amount,
  index: z.int().min(0),
  side: z.union([z.literal(0), z.literal(1)]).optional(),
});

const schema = z.strictObject({
  seed: primitives.sha256Hex,
  totalMask: primitives.fieldElement,
  rows: z.array(
    z.strictObject({
      slots: z.array(slot),
      netValue: primitives.fieldElement,
      id: z.string(),
      point: z.string(),
    }),
  ),
  maskPoints: z.array(z.string()),
});

/** One batch that is committed to: everything that its proof and its users' files are made of. */
export type StoredBatch = {
  /** All N rows in order, dummies included. */
  readonly rows: readonly IdentifiedRow[];
  readonly seed: BatchSeed;
  readonly points: BatchPoints;
};

/** Keeps a batch in a private file. */
export async function saveBatch(path: string, { rows, seed, points }: StoredBatch): Promise<void> {
  const stored: z.infer<typeof schema> = {
    seed: bytesToHex(seed.seed),
    totalMask: seed.totalMask.toString(),
    rows: rows.map(({ slots, netValue, id }, row) => ({
      slots: slots.map(({ amountUnits, assetIndex, ...rest }) => ({
        amount: amountUnits.toString(),
        index: assetIndex,
        ...rest,
      })),
      netValue: netValue.toString(),
      id: encodeBase64url(id),
      point: encodeBase64url(points.entries[row]!.point),
    })),
    maskPoints: points.maskPoints.map(encodeBase64url),
  };
  await writeFileAtomically(path, sealBytes(FORMAT, encodeJsonLine(stored)), { mode: PRIVATE_FILE_MODE });
}

/** Reads a batch that was kept. @throws SolventError `run-file-malformed`. */
export async function loadBatch(path: string, layout: RowLayout): Promise<StoredBatch> {
  const bytes = await readIfExists(path);
  const payload = bytes === undefined ? undefined : unsealBytes(FORMAT, bytes);
  if (payload !== undefined) {
    try {
      return readStored(parseSchema(schema, FORMAT, parseJsonLine(payload, MAX_BATCH_FILE_BYTES)), layout);
    } catch (cause) {
      throw refuse(path, cause);
    }
  }
  throw refuse(path);
}

function readStored(stored: z.infer<typeof schema>, layout: RowLayout): StoredBatch {
  if (stored.rows.length !== layout.rows || stored.maskPoints.length !== groupCount(layout)) {
    throw new RangeError('expected the rows and groups of the layout, got other counts');
  }
  return {
    seed: { seed: hexToBytes(stored.seed), totalMask: parseFieldElement(stored.totalMask) },
    rows: stored.rows.map(({ slots, netValue, id }) => ({
      slots: slots.map(readSlot),
      netValue: BigInt(netValue),
      id: parseBase64url(id, 32),
    })),
    points: {
      entries: stored.rows.map(({ id, point }) => ({
        point: parseBase64url(point, 32),
        id: parseBase64url(id, 32),
      })),
      maskPoints: stored.maskPoints.map((point) => parseBase64url(point, 32)),
    },
  };
}

function readSlot({ amount, index, side }: z.infer<typeof slot>): Slot {
  const read = { amountUnits: BigInt(amount), assetIndex: index };
  return side === undefined ? read : { ...read, side };
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
