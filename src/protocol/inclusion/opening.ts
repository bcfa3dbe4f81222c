import { hashGroup, hashList, commitPart, commitValues } from '../rows/commitments.js';
import { areBytesEqual } from '../encoding.js';
import { deriveIdHash } from '../account.js';
import { parseFieldElement, type FieldElement } from '../field.js';
import { valueSlots } from '../rows/codes.js';
import type { InclusionFile } from '../formats/inclusion.js';
import { hashStatement } from '../formats/statement.js';
import { assertRow, packWords, type Slot } from '../rows/packing.js';
import { generatorsOf, parsePoint, type CurvePoint } from '../rows/points.js';
import {
  refuseInclusion,
  type PlacedInclusion,
  type InclusionContext,
  type PlacedPart,
  type ShownGroup,
} from './placement.js';

/**
 * U7: each shown group hashes to the one at its index in its batch, and each batch's groups hash to the list that its
 * commitment states.
 * @throws SolventError `group-hash`, `list-hash`.
 */
export function assertLists({ batches, groups }: PlacedInclusion): void {
  for (const group of groups) {
    const { groupHashes } = batches.find(({ batch }) => batch === group.batch)!;
    const made = hashGroup(group.layout, { ...group, index: group.group });
    if (!areBytesEqual(made, groupHashes[group.group]!)) {
      throw refuseInclusion(
        'group-hash',
        'groups that hash to what their batch states, got one that does not',
      );
    }
  }
  for (const { layout, groupHashes, list } of batches) {
    if (hashList(layout, groupHashes) !== list) {
      throw refuseInclusion('list-hash', 'the groups of the list that the manifest pins, got others');
    }
  }
}

/** A part whose slots are canonical and covered. */
export type ReadPart = PlacedPart & { readonly slots: readonly Slot[] };

/** The points of a group, read. */
export type GroupPoints = { readonly maskPoint: CurvePoint; readonly entries: readonly CurvePoint[] };

/**
 * U3: the slots of each part are canonical, before anything is packed from them. An empty row is there only where it is
 * all of the account. The net value of a margin row, made again from the price table, is from 0 to 2^126 - 1.
 * @throws SolventError `slot-form`.
 */
export function readSlots(parts: readonly PlacedPart[], { prices, assets }: InclusionContext): ReadPart[] {
  return parts.map((placed) => {
    const slots = placed.part.slots.map(({ amount, index, ...rest }) => ({
      amountUnits: parseFieldElement(amount),
      assetIndex: index,
      ...rest,
    }));
    if (slots.length === 0 && parts.length !== 1) {
      throw refuseInclusion('slot-form', 'a used slot in each of several parts, got none');
    }
    try {
      assertRow(placed.layout, { slots, netValue: 0n }, assets.length);
      const netValue = placed.layout.kind === 'margin' ? valueSlots(slots, prices) : 0n;
      assertRow(placed.layout, { slots, netValue }, assets.length);
    } catch (cause) {
      throw refuseInclusion('slot-form', 'canonical slots that cover their debts, got others', cause);
    }
    return { ...placed, slots };
  });
}

/**
 * U4: every point of the file in its one form.
 * @throws SolventError `point-form`.
 */
export function readPoints(groups: readonly ShownGroup[]): Map<ShownGroup, GroupPoints> {
  return new Map(
    groups.map((group) => [
      group,
      {
        maskPoint: parsePoint(group.maskPoint),
        entries: group.entries.map(({ point }) => parsePoint(point)),
      },
    ]),
  );
}

/**
 * U5: the point of each part's row is that of its slots: C_u = sum of w_i G_i + r_u H.
 * @throws SolventError `opening`.
 */
export function assertOpenings(
  parts: readonly ReadPart[],
  points: ReadonlyMap<ShownGroup, GroupPoints>,
): void {
  for (const { part, layout, group, position, slots } of parts) {
    const shown = points.get(group)!.entries[position - 1]!;
    const made = commitValues(generatorsOf(layout), packWords(layout, slots), parseFieldElement(part.blind));
    if (!made.equals(shown)) {
      throw refuseInclusion('opening', 'each row to open to the slots shown, got one that does not');
    }
  }
}

/**
 * U6: the id of each part's row, made again from the typed user id, i, n, the nonce and the statement's hash.
 * @throws SolventError `id-commitment`.
 */
export function assertIds(
  file: InclusionFile,
  parts: readonly PlacedPart[],
  context: InclusionContext,
): void {
  const idHash = deriveIdHash(context.platform, context.userId);
  const statement = file.statement === null ? (0n as FieldElement) : hashStatement(file.statement);
  for (const { part, group, position } of parts) {
    const nonce = parseFieldElement(part.nonce);
    const id = commitPart({ idHash, part: part.part, partCount: file.partCount, nonce, statement });
    if (file.userId !== context.userId || !areBytesEqual(id, group.entries[position - 1]!.id)) {
      throw refuseInclusion('id-commitment', 'rows of the user id that was given, got others');
    }
  }
}
