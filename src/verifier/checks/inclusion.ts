import {
  assertGroupOpenings,
  assertIds,
  assertLists,
  assertOfManifest,
  assertOpenings,
  assertPartSet,
  assertSums,
  assertWithinTotals,
  bytesToHex,
  encodeCanonicalJson,
  hashLabelled,
  parseFieldElements,
  parseInclusion,
  placeParts,
  readPoints,
  readSlots,
  type BatchProof,
  type Challenges,
  type GroupPoints,
  type Holding,
  type InclusionContext,
  type InclusionFile,
  type Manifest,
  type PlacedInclusion,
  type ReadPart,
  type ShownGroup,
} from '../../protocol/index.js';
import { recomputeLines, type PublishedValuation } from '../../protocol/valuation/index.js';
import { formatCount } from '../../presentation/index.js';
import type { Checklist, Passed } from '../checklist.js';
import { refuse } from '../failure.js';
import { MAX_REMEMBERED_GROUPS } from '../limits.js';
import { within } from '../../protocol/index.js';

/** A file whose rows are its user's and stand in the lists that the manifest pins. What they prove is not checked yet. */
export type ListedRows = {
  readonly file: InclusionFile;
  readonly context: InclusionContext;
  readonly placed: PlacedInclusion;
  readonly parts: readonly ReadPart[];
  readonly points: ReadonlyMap<ShownGroup, GroupPoints>;
};

/** What the bundle says of the rows that its proofs count: rho, and z of every line. */
export type ProvenRows = {
  readonly challenges: Pick<Challenges, 'rho'>;
  readonly proofs: readonly Pick<BatchProof, 'z'>[];
  /** What the manifest says of prices. */
  readonly published: PublishedValuation;
  /** Whether the manifest says that books were reconciled: then every user has a statement of theirs. */
  readonly isReconciled: boolean;
  /** Of all listed assets in order. */
  readonly totals: Manifest['totals'];
};

/**
 * Groups whose U9 passed against the proofs of one bundle, by everything that a file shows of them: the users of a group are
 * shown the same.
 */
export type OpenedGroups = Set<string>;

/** 1: an inclusion file, canonical and of its schema. */
export function readInclusion(bytes: Uint8Array): Passed<InclusionFile> {
  const file = within('the inclusion file', () => parseInclusion(bytes));
  return {
    value: file,
    compared: `${formatCount(file.parts.length, 'part')} in ${formatCount(file.groups.length, 'group')} of rows`,
  };
}

/** U1 to U7, each over all parts before the next. */
export async function checkListedRows(
  checks: Checklist,
  file: InclusionFile,
  context: InclusionContext,
): Promise<ListedRows> {
  const partCount = formatCount(file.parts.length, 'part');
  await checks.make('parts', () => {
    assertOfManifest(file, context);
    assertPartSet(file, context);
    return { value: undefined, compared: `the manifest hash; ${partCount} of ${file.partCount}` };
  });
  const placed = await checks.make('groups', () => {
    const value = placeParts(file, context);
    return {
      value,
      compared: `the rows of ${partCount} with ${formatCount(value.groups.length, 'group')} of the file`,
    };
  });
  const parts = await checks.make('slots', () => ({
    value: readSlots(placed.parts, context),
    compared: `the amounts of ${partCount} with the price table`,
  }));
  const points = await checks.make('points', () => {
    const value = readPoints(placed.groups);
    const count = [...value.values()].reduce((sum, { entries }) => sum + entries.length + 1, 0);
    return { value, compared: formatCount(count, 'point') };
  });
  await checks.make('openings', () => {
    assertOpenings(parts, points);
    return { value: undefined, compared: `${formatCount(parts.length, 'row')} with the amounts shown` };
  });
  await checks.make('ids', () => {
    assertIds(file, parts, context);
    const statement = file.statement === null ? 'no statement' : 'the statement';
    return { value: undefined, compared: `${formatCount(parts.length, 'row')} with the id and ${statement}` };
  });
  await checks.make('hashes', () => {
    assertLists(placed);
    return {
      value: undefined,
      compared: `${formatCount(placed.batches.length, 'list')} with the commitments`,
    };
  });
  return { file, context, placed, parts, points };
}

/** U9 to U11: the user's rows are those that the proofs count, and the statement's lines make them. Returns what the user holds and owes, over all parts. */
export async function checkProvenRows(
  checks: Checklist,
  { file, context, placed, parts, points }: ListedRows,
  proven: ProvenRows,
  opened: OpenedGroups = new Set(),
): Promise<readonly Holding[]> {
  await checks.make('group-openings', () => {
    const openingsOf = (batch: number) => parseFieldElements(proven.proofs[batch]!.z);
    const names = file.groups.map(nameGroup);
    const open = placed.groups.filter((_, index) => !opened.has(names[index]!));
    assertGroupOpenings(new Map(open.map((group) => [group, points.get(group)!])), {
      rho: proven.challenges.rho,
      openingsOf,
    });
    if (opened.size + names.length > MAX_REMEMBERED_GROUPS) opened.clear();
    for (const name of names) opened.add(name);
    return { value: undefined, compared: `${formatCount(points.size, 'group')} of rows with their proofs` };
  });
  const holdings = await checks.make('sums', () => {
    if (proven.isReconciled && file.statement === null) {
      throw refuse(
        'statement-missing',
        'expected a statement, since books are said to be reconciled, got none',
      );
    }
    const sums = assertSums(file, parts, context.assets);
    assertWithinTotals(sums, proven.totals);
    const found = `${formatCount(sums.length, 'asset')} over ${formatCount(parts.length, 'part')}`;
    const lines = file.statement?.lines.length;
    return {
      value: sums,
      compared:
        lines === undefined
          ? `${found}; there is no statement to compare with`
          : `${found} with ${formatCount(lines, 'line')} of the statement`,
    };
  });
  await checks.make('lines', () => {
    if (file.statement === null) return { value: undefined, compared: 'there is no statement' };
    const { length } = recomputeLines(file.statement.lines, proven.published);
    return {
      value: undefined,
      compared: `${formatCount(length, 'line')}, each made again from what it states`,
    };
  });
  return holdings;
}

function nameGroup(shown: InclusionFile['groups'][number]): string {
  return bytesToHex(hashLabelled('solvent/opened-group/v1', encodeCanonicalJson(shown)));
}
