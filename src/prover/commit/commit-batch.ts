import {
  codeOf,
  type BatchMasks,
  type Challenges,
  type Row,
  type RowLayout,
  deriveDigestIv,
  listDigestValues,
  packElements,
  type FieldElement,
  groupCount,
  hashGroup,
  hashList,
  packWords,
  type BatchSecrets,
  type IdentifiedRow,
  type RowEntry,
} from '../../protocol/index.js';
import type { CircuitInput } from '../witness/generator.js';
import type { Sponge } from '../poseidon/poseidon.js';
import type { PointCommitter } from './fixed-base.js';
import type { PointOpening } from './point-bytes.js';

/** Everything that the digest of a batch binds. */
export type ProvenBatch = {
  readonly layout: RowLayout;
  /** All N rows in order, dummies included. */
  readonly rows: readonly Row[];
  readonly masks: BatchMasks;
};

/**
 * The input signals of SpotRows or MarginRows for a batch. It looks at nothing: the circuit refuses what is out of range,
 * and its generator another number of rows or masks than the layout has.
 */
export function buildCircuitInput(batch: ProvenBatch, { rho, x, gamma }: Challenges): CircuitInput {
  const { layout, rows, masks } = batch;
  const slots = rows.flatMap((row) => Array.from({ length: layout.slots }, (_, index) => row.slots[index]));
  const input = new Map<string, readonly bigint[]>([
    ['rho', [rho]],
    ['x', [x]],
    ['amount', slots.map((slot) => slot?.amountUnits ?? 0n)],
    ['code', slots.map((slot) => (slot === undefined ? 0n : codeOf(layout.indexBits, slot)))],
    ['blind', [masks.blind]],
    ['maskL', [masks.total]],
    ['mask', masks.groups.flat()],
  ]);
  if (layout.kind === 'spot') return input;
  return input
    .set('gamma', [gamma])
    .set(
      'net',
      rows.map(({ netValue }) => netValue),
    )
    .set('maskK', [masks.cover]);
}

/**
 * digest = sponge(DIV; blind, maskL, [maskK,] mask_(0,1), .., mask_(Gn-1,W), e_1, .., e_ne): everything that a proof
 * speaks about, and its one name.
 * @param rows all N rows of the batch.
 * @throws SolventError as `packElements`.
 */
export function computeBatchDigest(
  sponge: Sponge,
  layout: RowLayout,
  { masks, rows }: { readonly masks: BatchMasks; readonly rows: readonly Row[] },
): FieldElement {
  return sponge(deriveDigestIv(layout), listDigestValues(layout, masks, packElements(layout, rows)));
}

/** The points of a batch: of its rows, with their ids, and of the masks of its groups. */
export type BatchPoints = {
  /** (C, id) of all N rows, in order. */
  readonly entries: readonly RowEntry[];
  /** C_(g,0) of all groups, in order. */
  readonly maskPoints: readonly Uint8Array[];
};

/** What the manifest pins of a batch. */
export type BatchSeal = { readonly digest: FieldElement; readonly list: FieldElement };

/** What the points of a batch open to: those of its rows, then those of the masks of its groups. @throws SolventError where a row is not canonical. */
export function listOpenings(
  layout: RowLayout,
  { rows, secrets }: { readonly rows: readonly Row[]; readonly secrets: BatchSecrets },
): PointOpening[] {
  return [
    ...rows.map(({ slots }, row) => ({ values: packWords(layout, slots), blind: secrets.rowBlinds[row]! })),
    ...secrets.masks.groups.map((values, group) => ({ values, blind: secrets.maskBlinds[group]! })),
  ];
}

/**
 * The points of a batch's rows and masks.
 * @throws SolventError `point-at-infinity`; where a row is not canonical.
 */
export function commitRows(
  layout: RowLayout,
  { rows, secrets }: { readonly rows: readonly IdentifiedRow[]; readonly secrets: BatchSecrets },
  commit: PointCommitter,
): BatchPoints {
  return splitPoints(rows, commit(listOpenings(layout, { rows, secrets })));
}

/** The points of a batch's openings, as those of its rows and of its masks. */
export function splitPoints(rows: readonly IdentifiedRow[], points: readonly Uint8Array[]): BatchPoints {
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
