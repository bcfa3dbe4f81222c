import { describe, expect, it } from 'vitest';

import { encodeJsonLine } from '../../../src/protocol/index.js';
import * as rows from '../../../src/protocol/index.js';
import {
  contextOf,
  debt,
  equity,
  HONEST_PLAN,
  inclusionOf,
  makeRun,
  marginEquity,
  provenOf,
  SPOT,
  verifyEquations,
  type RunPlan,
} from './honest-run.js';
import { verifyListedRows, verifyProvenRows } from './verify-inclusion.js';

type File = ReturnType<typeof inclusionOf>;

const RUN = makeRun();
const refusal = (code: string, errorClass = 'verification') =>
  expect.objectContaining({ code, errorClass }) as Error;

/** Reads a user's file as the user does, and makes all checks of their own rows. */
function check(file: File, { run = RUN, userId = 'alice' } = {}) {
  const read = rows.parseInclusion(rows.encodeInclusion(file));
  return verifyProvenRows(verifyListedRows(read, contextOf(run, userId)), provenOf(run));
}

/** A copy of alice's file with one thing changed. */
function changed(change: (file: Mutable<File>) => void, userId = 'alice'): File {
  const file = structuredClone(inclusionOf(RUN, userId)) as Mutable<File>;
  change(file);
  return file;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends object ? Mutable<T[K]> : T[K] };

const flip = (text: string) => rows.encodeBase64url(rows.parseBase64url(text, 32).map((byte) => byte ^ 1));
/** Another point of the curve in its one form. */
const OTHER_POINT = rows.encodeBase64url(rows.encodePoint(rows.hashToPoint('other')));

describe('a user’s own checks', () => {
  it('pass for every user of an honest run, whose equations hold, and give what they hold and owe', () => {
    verifyEquations(RUN);
    for (const userId of ['alice', 'bob', 'carol', 'dave', 'erin'])
      check(inclusionOf(RUN, userId), { userId });
    expect(check(inclusionOf(RUN, 'alice'))).toEqual([
      { assetIndex: 0, equityUnits: 2_00000001n, debtUnits: 0n },
      { assetIndex: 1, equityUnits: 7n, debtUnits: 0n },
      { assetIndex: 2, equityUnits: 50_000000n, debtUnits: 90_000_000000n },
    ]);
    expect(check(inclusionOf(RUN, 'erin'), { userId: 'erin' })).toEqual([]);
  });

  it('pass in a batch that is smaller than a group', () => {
    const short = { ...SPOT, rows: 3, groupRows: 32 };
    const plan: RunPlan = {
      ...HONEST_PLAN,
      layouts: [short],
      placed: [{ userId: 'zoe', batch: 0, row: 2, slots: [equity(5n, 1)] }],
    };
    const run = makeRun(plan);
    verifyEquations(run);
    expect(check(inclusionOf(run, 'zoe'), { run, userId: 'zoe' })).toEqual([
      { assetIndex: 1, equityUnits: 5n, debtUnits: 0n },
    ]);
  });

  it('take as many parts as there are codes, and no more', () => {
    const runOf = (parts: number) =>
      makeRun({
        ...HONEST_PLAN,
        layouts: [SPOT, SPOT],
        placed: Array.from({ length: parts }, (_, index) => ({
          userId: 'zoe',
          batch: index < 5 ? 0 : 1,
          row: index % 5,
          slots: [equity(1n, 1)],
        })),
      });
    const [six, seven] = [runOf(6), runOf(7)];
    expect(check(inclusionOf(six, 'zoe'), { run: six, userId: 'zoe' })).toEqual([
      { assetIndex: 1, equityUnits: 6n, debtUnits: 0n },
    ]);
    expect(() => check(inclusionOf(seven, 'zoe'), { run: seven, userId: 'zoe' })).toThrow(
      refusal('part-missing'),
    );
  });

  it.each<[string, string, (file: Mutable<File>) => void]>([
    ['of another manifest', 'inclusion-of-other-snapshot', (file) => (file.manifestHash = 'ef'.repeat(32))],
    ['with a part left out', 'part-missing', (file) => file.parts.pop()],
    [
      'with a part left out and n lowered',
      'id-commitment',
      (file) => {
        file.parts.pop();
        file.partCount -= 1;
        file.groups = file.groups.filter(({ group }) => group !== 1);
      },
    ],
    ['with n raised', 'part-missing', (file) => (file.partCount = 4)],
    ['with parts in another order', 'part-order', (file) => file.parts.reverse()],
    [
      'with a part too many',
      'part-order',
      (file) => file.parts.push({ ...file.parts[0]!, part: file.parts.length + 1 }),
    ],
    [
      'with two parts in one row',
      'part-repeated',
      (file) => (file.parts[2] = { ...file.parts[1]!, part: 3 }),
    ],
    ['with a batch that has no commitment', 'group-size', (file) => (file.parts[1]!.batch = 5)],
    ['with a row that the layout does not have', 'group-size', (file) => (file.parts[1]!.row = 5)],
    ['with a row of another group', 'group-size', (file) => (file.parts[1]!.row = 0)],
    [
      'with a group that no part is in',
      'group-size',
      (file) => file.groups.unshift({ ...file.groups[0]!, group: 0 }),
    ],
    ['with a group twice', 'group-size', (file) => file.groups.push(file.groups[0]!)],
    ['with groups in another order', 'group-size', (file) => file.groups.reverse()],
    ['with a batch left out', 'group-size', (file) => file.batches.pop()],
    [
      'with an entry too many in a full group',
      'group-size',
      (file) => file.groups[0]!.entries.push(file.groups[0]!.entries[0]!),
    ],
    [
      'with m entries in a short last group',
      'group-size',
      (file) => file.groups[1]!.entries.push(file.groups[1]!.entries[0]!),
    ],
    ['with an entry left out', 'group-size', (file) => file.groups[0]!.entries.pop()],
    ['with a hash of a group left out', 'group-size', (file) => file.batches[0]!.groupHashes.pop()],
    ['with another amount', 'opening', (file) => (file.parts[1]!.slots[0]!.amount = '8')],
    ['with another asset', 'opening', (file) => (file.parts[2]!.slots[0]!.index = 1)],
    ['with another blind', 'opening', (file) => (file.parts[0]!.blind = '5')],
    ['with another nonce', 'id-commitment', (file) => (file.parts[0]!.nonce = '5')],
    [
      'with the nonce of another part',
      'id-commitment',
      (file) => (file.parts[0]!.nonce = file.parts[1]!.nonce),
    ],
    ['of another user', 'id-commitment', (file) => (file.userId = 'bob')],
    ['without its statement', 'id-commitment', (file) => (file.statement = null)],
    [
      'with a statement that was changed',
      'id-commitment',
      (file) => (file.statement!.lines[0]!.value = '-1'),
    ],
    [
      'with another neighbour’s id',
      'group-hash',
      (file) => (file.groups[0]!.entries[0]!.id = flip(file.groups[0]!.entries[0]!.id)),
    ],
    [
      'with another neighbour’s point',
      'group-hash',
      (file) => (file.groups[0]!.entries[0]!.point = OTHER_POINT),
    ],
    ['with another mask point', 'group-hash', (file) => (file.groups[0]!.maskPoint = OTHER_POINT)],
    [
      'with another group’s hash changed',
      'list-hash',
      (file) => (file.batches[0]!.groupHashes[0] = flip(file.batches[0]!.groupHashes[0]!)),
    ],
    ['with another opening of the blinds', 'group-opening', (file) => (file.groups[0]!.blindOpening = '5')],
  ])('refuse a file %s', (_, code, change) => {
    expect(() => check(changed(change))).toThrow(refusal(code));
  });

  it.each<[string, (file: Mutable<File>) => void]>([
    ['slots in another order', (file) => file.parts[1]!.slots.reverse()],
    ['the same code twice', (file) => (file.parts[1]!.slots[1] = { ...file.parts[1]!.slots[0]! })],
    ['an amount of 0', (file) => (file.parts[1]!.slots[0] = { amount: '0', index: 1 })],
    [
      'an amount of 0 at index 0 as padding',
      (file) =>
        (file.parts[2]!.slots = [
          { amount: '1', index: 0 },
          { amount: '0', index: 0 },
        ]),
    ],
    ['an asset that is not listed', (file) => (file.parts[1]!.slots[1]!.index = 3)],
    ['an index that spills into the next slot', (file) => (file.parts[2]!.slots[0]!.index = 16)],
    ['a side in a spot slot', (file) => (file.parts[1]!.slots[0] = { ...file.parts[1]!.slots[0]!, side: 0 })],
    ['a margin slot read as spot', (file) => (file.parts[0]!.slots[0] = { amount: '200000000', index: 0 })],
    [
      'more slots than the row has',
      (file) => (file.parts[1]!.slots = [0, 1, 2].map((index) => ({ amount: '1', index }))),
    ],
    ['an empty row among several', (file) => (file.parts[2]!.slots = [])],
    ['debts that are not covered', (file) => (file.parts[0]!.slots = [{ amount: '1', index: 2, side: 1 }])],
  ])('refuse %s before anything is packed', (_, change) => {
    expect(() => check(changed(change))).toThrow(refusal('slot-form'));
  });

  it.each<[string, (file: Mutable<File>) => void]>([
    [
      'a mask point',
      (file) => (file.groups[0]!.maskPoint = rows.encodeBase64url(new Uint8Array(32).fill(0x7f))),
    ],
    [
      'a neighbour’s point',
      (file) => (file.groups[0]!.entries[0]!.point = rows.encodeBase64url(new Uint8Array(32))),
    ],
  ])('refuse %s that is not in its one form', (_, change) => {
    expect(() => check(changed(change))).toThrow(refusal('point-form', 'format'));
  });

  it('refuse the file of somebody else, whatever id it names', () => {
    expect(() => check(inclusionOf(RUN, 'bob'))).toThrow(refusal('id-commitment'));
    expect(() => check({ ...inclusionOf(RUN, 'bob'), userId: 'alice' })).toThrow(refusal('id-commitment'));
    expect(() => check(inclusionOf(RUN, 'alice'), { userId: 'Alice' })).toThrow(refusal('id-commitment'));
  });

  it('refuse a statement that the platform committed to, and that adds up to something else', () => {
    const lines = inclusionOf(RUN, 'alice').statement!.lines;
    const parts = [{ slots: [marginEquity(2_00000000n, 0), debt(90_000_000000n, 2)] }];
    const statement = { format: 'solvent/statement/v2' as const, lines: [...lines] };
    expect(() => rows.assertSums({ statement }, parts, contextOf(RUN, 'alice').assets)).toThrow(
      refusal('sums'),
    );
    const twice = { ...statement, lines: [lines[0]!, lines[0]!] };
    expect(() => rows.assertSums({ statement: twice }, parts, contextOf(RUN, 'alice').assets)).toThrow(
      refusal('statement-not-sorted', 'format'),
    );
  });

  it('refuse rows whose proof counted other words', () => {
    const honest = provenOf(RUN);
    const openingsOf = (batch: number) =>
      honest
        .openingsOf(batch)
        .map((z, position) => (batch === 0 && position === 1 ? rows.negateField(z) : z));
    const listed = verifyListedRows(
      rows.parseInclusion(rows.encodeInclusion(inclusionOf(RUN, 'alice'))),
      contextOf(RUN, 'alice'),
    );
    expect(() => verifyProvenRows(listed, { ...honest, openingsOf })).toThrow(refusal('group-opening'));
    expect(() => verifyProvenRows(listed, { ...honest, rho: rows.ONE })).toThrow(refusal('group-opening'));
  });
});

describe('an inclusion file', () => {
  it('has a size that is a multiple of 16 KiB, with as little padding as that takes', () => {
    const bytes = rows.encodeInclusion(inclusionOf(RUN, 'alice'));
    expect(bytes.length % rows.PADDING_BYTES).toBe(0);
    expect(encodeJsonLine(rows.parseInclusion(bytes))).toEqual(bytes);
  });

  it('is refused with other padding', () => {
    const file = rows.parseInclusion(rows.encodeInclusion(inclusionOf(RUN, 'alice')));
    const read = (padding: string) => () => rows.parseInclusion(encodeJsonLine({ ...file, padding }));
    expect(read(file.padding.slice(1))).toThrow(refusal('inclusion-not-padded', 'format'));
    expect(read(file.padding.replace('0', '1'))).toThrow(refusal('schema-violated', 'format'));
    expect(read(file.padding + '0'.repeat(rows.PADDING_BYTES))).toThrow(refusal('schema-violated', 'format'));
  });

  it('is refused above 8 MiB besides its statement', () => {
    const file = inclusionOf(RUN, 'alice');
    const entries = new Array(1000).fill(file.groups[0]!.entries[0]!) as (typeof file.groups)[0]['entries'];
    const groups = new Array(90).fill({ ...file.groups[0]!, entries }) as typeof file.groups;
    expect(() => rows.encodeInclusion({ ...file, groups })).toThrow(refusal('inclusion-too-large', 'format'));
  });

  it.each<[string, (file: Record<string, unknown>) => unknown]>([
    ['an unknown field', (file) => ({ ...file, extra: 1 })],
    [
      'a blind of r or more',
      (file) => ({ ...file, groups: [{ ...(file.groups as object[])[0], blindOpening: '9'.repeat(77) }] }),
    ],
    [
      'a point in padded base64',
      (file) => ({ ...file, groups: [{ ...(file.groups as object[])[0], maskPoint: `${OTHER_POINT}=` }] }),
    ],
    ['no parts', (file) => ({ ...file, parts: [] })],
    ['no number of parts', (file) => ({ ...file, partCount: 0 })],
  ])('is refused with %s', (_, change) => {
    const file = rows.parseInclusion(rows.encodeInclusion(inclusionOf(RUN, 'alice')));
    expect(() => rows.parseInclusion(encodeJsonLine(change(file)))).toThrow(
      refusal('schema-violated', 'format'),
    );
  });
});
