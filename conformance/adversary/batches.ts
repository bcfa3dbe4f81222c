import {
  addField,
  commitPart,
  commitValues,
  deriveIdHash,
  encodePoint,
  evaluateFromFirstPower,
  generatorsOf,
  groupCount,
  groupSize,
  hashGroup,
  hashLabelled,
  hashList,
  hashStatement,
  invertMaskDistance,
  multiplyField,
  negateField,
  nameOfLayout,
  openBlinds,
  reduceField,
  sideOf,
  STATEMENT_FORMAT,
  sumField,
  sumShares,
  utf8ToBytes,
  wordCount,
  ZERO,
  type BatchMasks,
  type BatchValues,
  type Challenges,
  type FieldElement,
  type RowLayout,
  type Slot,
  type StatementLine,
} from '../../src/protocol/index.js';
import { pick } from './platform.js';

/** Whose row it is: part i of n of a user. */
export type Owner = {
  readonly userId: string;
  readonly part: number;
  readonly partCount: number;
  /** The lines of their itemised statement, for those who have one. */
  readonly lines?: readonly StatementLine[] | undefined;
};

/** A row as a prover without scruples makes it: nothing here is held to any rule. */
export type PlannedRow = {
  /** Absent in a dummy. */
  readonly owner?: Owner;
  /** What the circuit counts. */
  readonly slots: readonly Slot[];
  /** What the circuit ranges. */
  readonly netValue: bigint;
  /** What the point opens to and the user sees, where it is something else. */
  readonly shown?: readonly Slot[];
  /** The bytes of the point, where they are no commitment at all. */
  readonly point?: Uint8Array;
};

export type PlannedBatch = {
  readonly layout: RowLayout;
  readonly rows: readonly PlannedRow[];
  readonly label: string;
};

/** A batch with everything that its maker knows. */
export type Batch = PlannedBatch & {
  readonly circuit: string;
  /** The words that the circuit counts, of each row. */
  readonly words: readonly (readonly FieldElement[])[];
  readonly masks: BatchMasks;
  readonly maskBlinds: readonly FieldElement[];
  readonly rowBlinds: readonly FieldElement[];
  readonly maskPoints: readonly Uint8Array[];
  readonly points: readonly Uint8Array[];
  readonly ids: readonly Uint8Array[];
  readonly groupHashes: readonly Uint8Array[];
  readonly list: FieldElement;
  readonly digest: FieldElement;
};

/** The name that all ids of the world are of. */
export const PLATFORM_NAME = 'Example Exchange';

/** The words of slots that need not be canonical: their bits, cut every 252. */
export function packRaw(layout: RowLayout, slots: readonly Slot[]): FieldElement[] {
  let bits = 0n;
  let width = 0n;
  const put = (value: bigint, size: number) => {
    bits |= value << width;
    width += BigInt(size);
  };
  for (const slot of slots) {
    put(slot.amountUnits, 64);
    put(BigInt(slot.assetIndex), layout.indexBits);
    if (layout.kind === 'margin') put(BigInt(sideOf(slot)), 1);
  }
  return Array.from(
    { length: wordCount(layout) },
    (_, index) => BigInt.asUintN(252, bits >> BigInt(252 * index)) as FieldElement,
  );
}

/** The nonce of one part of a user. */
export function nonceOf({ userId, part }: Pick<Owner, 'userId' | 'part'>): FieldElement {
  return pick(`nonce ${userId} ${part}`);
}

/** The id of a row. */
export function idOf(owner: Owner | undefined, label: string): Uint8Array {
  if (owner === undefined) return hashLabelled('solvent/test/v1', utf8ToBytes(`dummy ${label}`));
  const { userId, part, partCount, lines } = owner;
  return commitPart({
    idHash: deriveIdHash(PLATFORM_NAME, userId),
    part,
    partCount,
    nonce: nonceOf(owner),
    statement: lines === undefined ? ZERO : hashStatement({ format: STATEMENT_FORMAT, lines: [...lines] }),
  });
}

const pointsByOpening = new Map<string, Uint8Array>();

/** The point of words under a blind; remembered, since most rows are in every lie as they were. */
export function pointOf(layout: RowLayout, words: readonly FieldElement[], blind: FieldElement): Uint8Array {
  const key = [nameOfLayout(layout), layout.indexBits, ...words, blind].join();
  let point = pointsByOpening.get(key);
  if (point === undefined) {
    point = encodePoint(commitValues(generatorsOf(layout), words, blind));
    pointsByOpening.set(key, point);
  }
  return point;
}

/** The batches of a run: the masks of their totals add up to 0, whatever their rows are. */
export function commitRun(planned: readonly PlannedBatch[]): Batch[] {
  const masks = planned.slice(1).map(({ label }) => pick(`mask of totals ${label}`));
  return planned.map((batch, index) =>
    commitBatch(batch, index === 0 ? negateField(sumField(masks)) : masks[index - 1]!),
  );
}

/** One batch, with the mask of its total. */
export function commitBatch(planned: PlannedBatch, totalMask: FieldElement): Batch {
  const { layout, rows, label } = planned;
  const words = rows.map(({ slots }) => packRaw(layout, slots));
  const counts = Array.from({ length: groupCount(layout) }, (_, group) => group);
  const groups = counts.map((group) =>
    Array.from({ length: wordCount(layout) }, (_, index) => pick(`mask ${label} ${group} ${index}`)),
  );
  const maskBlinds = counts.map((group) => pick(`mask blind ${label} ${group}`));
  const rowBlinds = rows.map((_, row) => pick(`row blind ${label} ${row}`));
  const masks = { blind: pick(`blind ${label}`), total: totalMask, cover: coverMaskOf(planned), groups };
  const points = rows.map(
    ({ slots, shown, point }, row) =>
      point ?? pointOf(layout, packRaw(layout, shown ?? slots), rowBlinds[row]!),
  );
  const maskPoints = counts.map((group) => pointOf(layout, groups[group]!, maskBlinds[group]!));
  const ids = rows.map(({ owner }, row) => idOf(owner, `${label} ${row}`));
  return {
    ...planned,
    ...{ circuit: nameOfLayout(layout), words, masks, maskBlinds, rowBlinds, maskPoints, points, ids },
    ...listRows(layout, { maskPoints, points, ids }),
    // Stands for the sponge: whatever is counted or masks it makes another digest.
    digest: pick(
      `digest ${label} ${[totalMask, masks.cover, ...groups.flat(), ...words.flat()].join()} ${rows.map(({ netValue }) => netValue).join()}`,
    ),
  };
}

/** Hashes of groups and of the list. */
export function listRows(
  layout: RowLayout,
  { maskPoints, points, ids }: Pick<Batch, 'maskPoints' | 'points' | 'ids'>,
): Pick<Batch, 'groupHashes' | 'list'> {
  const groupHashes = maskPoints.map((maskPoint, index) => {
    const first = index * layout.groupRows;
    const rows = Array.from({ length: groupSize(layout, index) }, (_, position) => first + position);
    const entries = rows.map((row) => ({ point: points[row]!, id: ids[row]! }));
    return hashGroup(layout, { index, maskPoint, entries });
  });
  return { groupHashes, list: hashList(layout, groupHashes) };
}

/** What a circuit would compute of a batch: never anything else, whatever the rows are. */
export function evaluate(batch: Batch, { gamma, x, rho }: Challenges): BatchValues {
  const { layout, rows, words, masks } = batch;
  const shares = rows.map((row) => sumShares(layout.indexBits, row, x));
  const worth = rows.map(({ netValue }, row) => addField(shares[row]!, reduceField(netValue)));
  const cover = addField(
    multiplyField(masks.cover, invertMaskDistance(x)),
    evaluateFromFirstPower(worth, gamma),
  );
  return {
    total: addField(masks.total, sumField(shares)),
    cover: layout.kind === 'margin' ? cover : null,
    openings: masks.groups.flatMap((groupMasks, group) => {
      const first = group * layout.groupRows;
      const inGroup = words.slice(first, first + layout.groupRows);
      return groupMasks.map((mask, index) =>
        addField(
          mask,
          evaluateFromFirstPower(
            inGroup.map((row) => row[index]!),
            rho,
          ),
        ),
      );
    }),
  };
}

/** z_(g,r) of a group. */
export function openGroupBlinds(
  { layout, maskBlinds, rowBlinds }: Batch,
  group: number,
  rho: FieldElement,
): FieldElement {
  const first = group * layout.groupRows;
  return openBlinds(maskBlinds[group]!, rowBlinds.slice(first, first + layout.groupRows), rho);
}

function coverMaskOf({ layout, label }: PlannedBatch): FieldElement {
  return layout.kind === 'margin' ? pick(`mask of cover ${label}`) : ZERO;
}
