import {
  type FieldElement,
  groupCount,
  hashGroup,
  hashList,
  packWords,
  type BatchSecrets,
  type IdentifiedRow,
  type RowEntry,
  type RowLayout,
} from '../../protocol/index.js';
import { computeBatchDigest } from './digest.js';
import type { Sponge } from '../poseidon/poseidon.js';
import type { PointCommitter } from './point-maker.js';

/** The points of a batch: of its rows, with their ids, and of the masks of its groups. */
export type BatchPoints = {
  /** (C, id) of all N rows, in order. */
  readonly entries: readonly RowEntry[];
  /** C_(g,0) of all groups, in order. */
  readonly maskPoints: readonly Uint8Array[];
};

/** What the manifest pins of a batch. */
export type BatchSeal = { readonly digest: FieldElement; readonly list: FieldElement };

/**
 * The points of a batch's rows and masks.
 * @throws SolventError `point-at-infinity`; where a row is not canonical.
 */
export function commitRows(
  layout: RowLayout,
  { rows, secrets }: { readonly rows: readonly IdentifiedRow[]; readonly secrets: BatchSecrets },
  commit: PointCommitter,
): BatchPoints {
  const points = commit([
    ...rows.map(({ slots }, row) => ({ values: packWords(layout, slots), blind: secrets.rowBlinds[row]! })),
    ...secrets.masks.groups.map((values, group) => ({ values, blind: secrets.maskBlinds[group]! })),
  ]);
  return {
    entries: rows.map(({ id }, row) => ({ point: points[row]!, id })),
    maskPoints: points.slice(rows.length),
  };
}

/** group_g of every group of a batch, in order. */
export function hashGroups(layout: RowLayout, { entries, maskPoints }: BatchPoints): Uint8Array[] {
  return Array.from({ length: groupCount(layout) }, (_, index) =>
    hashGroup(layout, {
      index,
      maskPoint: maskPoints[index]!,
      entries: ofGroup(layout, index, entries),
    }),
  );
}

/** The digest and the list of a batch. */
export function sealBatch(
  sponge: Sponge,
  layout: RowLayout,
  batch: {
    readonly rows: readonly IdentifiedRow[];
    readonly secrets: BatchSecrets;
    readonly points: BatchPoints;
  },
): BatchSeal {
  const { rows, secrets, points } = batch;
  return {
    digest: computeBatchDigest(sponge, layout, { masks: secrets.masks, rows }),
    list: hashList(layout, hashGroups(layout, points)),
  };
}

/** Those of a batch's rows that are in a group. */
export function ofGroup<T>({ groupRows }: RowLayout, group: number, ofRows: readonly T[]): readonly T[] {
  return ofRows.slice(group * groupRows, (group + 1) * groupRows);
}
