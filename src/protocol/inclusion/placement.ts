import { SolventError, refuseProtocol } from '../errors.js';
import { bytesToHex } from '../bytes.js';
import type { FieldElement } from '../field.js';
import type { UnitPrice } from '../prices.js';
import type { StatementAsset } from '../statement.js';
import { parseBase64url } from '../encoding.js';
import type { InclusionPart, InclusionFile } from '../formats/inclusion.js';
import { groupCount, groupOf, groupSize, type RowLayout } from '../rows/layout.js';

/** Why an inclusion file does not show its user in the totals. */
export type InclusionCode =
  | 'inclusion-of-other-snapshot'
  | 'part-missing'
  | 'part-order'
  | 'part-repeated'
  | 'group-size'
  | 'slot-form'
  | 'opening'
  | 'id-commitment'
  | 'group-hash'
  | 'list-hash'
  | 'sums'
  | 'holding-above-total';

/** What a check of an inclusion file that does not pass throws; no id and no balance is in it. */
export function refuseInclusion(
  code: InclusionCode,
  expected: string,
  cause?: unknown,
): SolventError<InclusionCode> {
  return refuseProtocol(code, `expected ${expected}`, { cause });
}

/** What an inclusion file is held to. Nothing in it comes from the file. */
export type InclusionContext = {
  readonly platform: string;
  /** The id that the user typed, normalised. */
  readonly userId: string;
  /** h of the manifest at hand, 32 bytes. */
  readonly manifestHash: Uint8Array;
  /** The A listed assets, in order. */
  readonly assets: readonly StatementAsset[];
  /** p and q of each, as the published prices determine them. */
  readonly prices: readonly UnitPrice[];
  /** The pinned layout of a commitment's circuit and its list; undefined where there is no commitment of that number. */
  readonly commitmentAt: (batch: number) => Commitment | undefined;
};

/** A commitment of the bundle under the pinned layout of its circuit. */
export type Commitment = { readonly layout: RowLayout; readonly list: FieldElement };

/** One group of a batch as the file shows it. */
export type ShownGroup = {
  readonly batch: number;
  readonly group: number;
  readonly layout: RowLayout;
  /** The bytes of C_(g,0). */
  readonly maskPoint: Uint8Array;
  /** z_(g,r). */
  readonly blindOpening: string;
  readonly entries: readonly { readonly point: Uint8Array; readonly id: Uint8Array }[];
};

/** One batch as the file shows it. */
export type ShownBatch = Commitment & { readonly batch: number; readonly groupHashes: readonly Uint8Array[] };

/** A part of the account and the position of its row. */
export type PlacedPart = {
  readonly part: InclusionPart;
  readonly layout: RowLayout;
  readonly group: ShownGroup;
  /** t: 1 .. size of the group. */
  readonly position: number;
};

/** An inclusion file whose parts all have their positions. */
export type PlacedInclusion = {
  readonly batches: readonly ShownBatch[];
  readonly groups: readonly ShownGroup[];
  readonly parts: readonly PlacedPart[];
};

/** That a file is one of the manifest at hand. @throws SolventError `inclusion-of-other-snapshot`. */
export function assertOfManifest(file: InclusionFile, { manifestHash }: InclusionContext): void {
  if (file.manifestHash === bytesToHex(manifestHash)) return;
  throw refuseInclusion('inclusion-of-other-snapshot', 'a file of this manifest, got one of another');
}

/**
 * U1: 1 <= n <= 2A, exactly the parts 1 .. n in order, and no row twice.
 * @throws SolventError `part-missing`, `part-order`, `part-repeated`.
 */
export function assertPartSet({ partCount, parts }: InclusionFile, { assets }: InclusionContext): void {
  if (partCount > 2 * assets.length) {
    throw refuseInclusion('part-missing', `at most ${2 * assets.length} parts, got ${partCount}`);
  }
  if (parts.length < partCount) {
    throw refuseInclusion('part-missing', `${partCount} parts, got ${parts.length}`);
  }
  if (parts.length > partCount || parts.some(({ part }, index) => part !== index + 1)) {
    throw refuseInclusion('part-order', `the parts 1 to ${partCount} in order, got others`);
  }
  const positions = new Set(parts.map(({ batch, row }) => `${batch}/${row}`));
  if (positions.size !== parts.length)
    throw refuseInclusion('part-repeated', 'parts in distinct rows, got a row twice');
}

/**
 * U2: each part is a row of a batch that has a commitment. The file shows exactly the batches and groups of its parts,
 * each once and in order, with as many entries and group hashes as the pinned layouts have.
 * @throws SolventError `group-size`.
 */
export function placeParts(file: InclusionFile, context: InclusionContext): PlacedInclusion {
  const batches = file.batches.map(({ batch, groupHashes }) => {
    const commitment = commitmentOf(batch, context);
    assertCount('hashes of groups', groupCount(commitment.layout), groupHashes.length);
    return { ...commitment, batch, groupHashes: groupHashes.map((hash) => parseBase64url(hash, 32)) };
  });
  const groups = file.groups.map((shown) => showGroup(shown, context));
  const parts = file.parts.map((part): PlacedPart => {
    const { layout } = commitmentOf(part.batch, context);
    if (part.row >= layout.rows)
      throw refuseInclusion('group-size', `a row below ${layout.rows}, got another`);
    const { group, position } = groupOf(layout, part.row);
    const shown = groups.find((candidate) => candidate.batch === part.batch && candidate.group === group);
    if (shown === undefined) throw refuseInclusion('group-size', 'the group of every part, got one without');
    return { part, layout, group: shown, position };
  });
  assertExactly(
    'batches',
    batches.map(({ batch }) => [batch]),
    parts.map(({ part }) => [part.batch]),
  );
  assertExactly(
    'groups',
    groups.map(({ batch, group }) => [batch, group]),
    parts.map(({ group }) => [group.batch, group.group]),
  );
  return { batches, groups, parts };
}

function showGroup(shown: InclusionFile['groups'][number], context: InclusionContext): ShownGroup {
  const { batch, group, maskPoint, blindOpening, entries } = shown;
  const { layout } = commitmentOf(batch, context);
  if (group >= groupCount(layout)) {
    throw refuseInclusion('group-size', `a group below ${groupCount(layout)}, got another`);
  }
  assertCount('rows of a group', groupSize(layout, group), entries.length);
  return {
    batch,
    group,
    layout,
    maskPoint: parseBase64url(maskPoint, 32),
    blindOpening,
    entries: entries.map(({ point, id }) => ({
      point: parseBase64url(point, 32),
      id: parseBase64url(id, 32),
    })),
  };
}

function commitmentOf(batch: number, { commitmentAt }: InclusionContext): Commitment {
  const commitment = commitmentAt(batch);
  if (commitment !== undefined) return commitment;
  throw refuseInclusion('group-size', 'batches that have a commitment, got another');
}

function assertCount(what: string, expected: number, got: number): void {
  if (expected !== got) throw refuseInclusion('group-size', `${expected} ${what}, got ${got}`);
}

/** That keys are listed once each, in rising order, and are those in use. */
function assertExactly(what: string, listed: readonly number[][], used: readonly number[][]): void {
  const inOrder = [...new Map(used.map((key) => [key.join('/'), key])).values()].sort(
    (a, b) => a[0]! - b[0]! || (a[1] ?? 0) - (b[1] ?? 0),
  );
  const isSame = (key: readonly number[], index: number) => key.join('/') === listed[index]?.join('/');
  if (inOrder.length !== listed.length || !inOrder.every(isSame)) {
    throw refuseInclusion('group-size', `the ${what} of the parts, each once and in order, got others`);
  }
}
