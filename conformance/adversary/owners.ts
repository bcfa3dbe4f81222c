import { encodeBase64url, encodeInclusion } from '../../src/protocol/index.js';
import { commitRun, listRows, type Batch } from './batches.js';
import { idOfUser, makeRow, ownerOf, spot } from './exchange.js';
import { SPOT_1 } from './platform.js';
import { makeInclusion, publish, RECONCILIATION, toSource } from './world.js';
import {
  asAttack,
  batches,
  honest,
  platform,
  publishBatches,
  type InclusionAttack,
  type InclusionCase,
} from './case.js';
import { changed } from './files.js';
import { free, planned } from './rows.js';

/** What a file says of its own rows, and nobody helps. */
const openings: InclusionCase[] = [
  changed('another amount', ['opening', ({ parts: [part] }) => (part!.slots[0]!.amount = '100000001')]),
  changed('another asset', ['opening', ({ parts: [part] }) => (part!.slots[0]!.index = 0), 'bob']),
  changed('an amount less of debt', [
    'opening',
    ({ parts: [part] }) => (part!.slots[1]!.amount = '39999999999'),
  ]),
  changed('no debt', ['opening', ({ parts: [part] }) => part!.slots.pop()]),
  changed('a debt as equity', [
    'opening',
    ({ parts: [part] }) => Object.assign(part!.slots[1]!, { side: 0 }),
  ]),
  changed('an equity as debt', [
    'slot-form',
    ({ parts: [part] }) => Object.assign(part!.slots[0]!, { side: 1 }),
  ]),
  changed('slots in another order', ['slot-form', ({ parts: [part] }) => part!.slots.reverse()]),
  changed('a slot twice', ['slot-form', ({ parts: [part] }) => part!.slots.unshift(part!.slots[0]!)]),
  changed('a slot more', [
    'opening',
    ({ parts: [part] }) => part!.slots.push({ amount: '1', index: 2, side: 1 }),
  ]),
  changed('no slot', ['opening', ({ parts: [part] }) => (part!.slots = [])]),
  changed('another blind', ['opening', ({ parts: [part] }) => (part!.blind = '7')]),
  changed('a blind of 0', ['opening', ({ parts: [part] }) => (part!.blind = '0')]),
  changed('its own point changed', [
    'opening',
    ({ groups: [group] }) => {
      group!.entries[0]!.point = group!.entries[1]!.point;
    },
  ]),
  changed('its own point negated', [
    'opening',
    ({ groups: [group] }) => {
      const bytes = Buffer.from(group!.entries[0]!.point, 'base64url');
      bytes[0]! ^= 0x80;
      group!.entries[0]!.point = encodeBase64url(bytes);
    },
  ]),
  changed('amounts of two parts exchanged', [
    'opening',
    ({ parts: [first, second] }) => {
      [first!.slots, second!.slots] = [second!.slots, first!.slots];
    },
    'gus',
  ]),
  changed('the second word of a wide row', [
    'opening',
    ({ parts: [part] }) => (part!.slots[3]!.amount = '9999'),
    'wid',
  ]),
  changed('a holding where there is none', [
    'opening',
    ({ parts: [part] }) => part!.slots.push({ amount: '1', index: 0 }),
    'nil',
  ]),
];

/** Whose row it is. */
const owners: InclusionCase[] = [
  changed('another nonce', ['id-commitment', ({ parts: [part] }) => (part!.nonce = '7')]),
  changed('its own id changed', [
    'id-commitment',
    ({ groups: [group] }) => {
      group!.entries[0]!.id = group!.entries[1]!.id;
    },
  ]),
  changed('the id of another user in it', ['id-commitment', (file) => (file.userId = idOfUser('ivy'))]),
  {
    name: 'inclusion file: of another user than asks',
    code: 'id-commitment',
    attack: () => ({ userId: idOfUser('ivy') }),
  },
  ...Object.entries({
    'in another case': 'Lea@example.org',
    'with a letter less': 'le@example.org',
    'with a space inside': 'lea @example.org',
    'with a letter that looks alike': 'lea@exаmple.org',
    'with an accent': 'léa@example.org',
    'in full-width letters': 'ｌｅａ@example.org',
  }).map(([name, userId]): InclusionCase => ({
    name: `inclusion file: of a user who typed the id ${name}`,
    code: 'id-commitment',
    attack: () => ({ userId }),
  })),
  ...Object.entries({ eve: 'bob', bob: 'eve' } as const).map(([reader, owner]): InclusionCase => ({
    name: `inclusion file: that of ${owner} under the id of ${reader}, who holds the same`,
    code: 'id-commitment',
    attack: (file) => {
      Object.assign(file, structuredClone(makeInclusion(honest, idOfUser(owner))), {
        userId: idOfUser(reader),
      });
      return { userId: idOfUser(reader) };
    },
  })),
  planned('one row for two users: the second finds the first’s id', ['id-commitment', 'bob'], (file) => {
    file.userId = idOfUser('tim');
  }),
  {
    name: 'rows: one row for two users, the second with the nonce that the first has',
    code: 'id-commitment',
    attack: (file) => {
      Object.assign(file, structuredClone(makeInclusion(honest, idOfUser('bob'))), {
        userId: idOfUser('tim'),
      });
      return { userId: idOfUser('tim') };
    },
  },
  {
    name: 'rows: two users with one row, in two lists of one digest',
    code: 'group-hash',
    attack: (file) => {
      const [first, ...rest] = batches;
      const ids = first!.ids.map((id, row) => (row === 0 ? commitRunId('tim') : id));
      const second = { ...first!, ids, ...listRows(SPOT_1, { ...first!, ids }) };
      const shown = publishBatches([second, ...rest]);
      const published = publishBatches(batches);
      const owned = {
        ...shown,
        batches: [renameOwner(second, 'tim'), ...rest],
        challenges: published.challenges,
      };
      Object.assign(file, makeInclusion(owned, idOfUser('tim')), {
        manifestHash: makeInclusion(published, idOfUser('bob')).manifestHash,
      });
      file.batches[0]!.groupHashes = makeInclusion(published, idOfUser('bob')).batches[0]!.groupHashes;
      return { ...asAttack(published), userId: idOfUser('tim') };
    },
  },
  planned('two parts that both say they are the only one', [
    'part-order',
    'leo',
    [0, 4, makeRow(SPOT_1, ownerOf('leo', [1, 1]), [spot(0, 1n)])],
    [1, 4, makeRow(SPOT_1, ownerOf('leo', [1, 1]), [spot(0, 1n)])],
  ]),
  planned('parts that state different numbers of parts', [
    'id-commitment',
    'leo',
    [0, 4, makeRow(SPOT_1, ownerOf('leo', [1, 2]), [spot(0, 1n)])],
    [1, 4, makeRow(SPOT_1, ownerOf('leo', [2, 3]), [spot(0, 1n)])],
  ]),
  planned(
    'a part that has the number of another',
    [
      'id-commitment',
      'leo',
      [0, 4, makeRow(SPOT_1, ownerOf('leo', [1, 2]), [spot(0, 1n)])],
      [1, 4, makeRow(SPOT_1, ownerOf('leo', [1, 2]), [spot(0, 1n)])],
    ],
    ({ parts: [, second] }) => {
      second!.part = 2;
    },
  ),
];

function commitRunId(name: string): Uint8Array {
  return commitRun([
    {
      layout: SPOT_1,
      label: name,
      rows: Array.from({ length: 5 }, () => free([], { owner: ownerOf(name) })),
    },
  ])[0]!.ids[0]!;
}

function renameOwner(batch: Batch, name: string): Batch {
  const rows = batch.rows.map((row, position) => (position === 0 ? { ...row, owner: ownerOf(name) } : row));
  return { ...batch, rows };
}

/** The file of a user under a manifest that says that books were reconciled. */
export function ofReconciled(name: string): InclusionAttack {
  const published = publish(platform, batches, {
    manifest: (manifest) => {
      manifest.reconciliation = structuredClone(RECONCILIATION);
    },
  });
  return { source: toSource(published), bytes: encodeInclusion(makeInclusion(published, idOfUser(name))) };
}

/** Books that are said to be reconciled, and a user who is shown none of them. */
const bookless: InclusionCase = {
  name: 'inclusion file: no statement, where books are said to be reconciled',
  code: 'statement-missing',
  of: 'bob',
  attack: () => ofReconciled('bob'),
};

export const OWNER_CASES: readonly InclusionCase[] = [...openings, ...owners, bookless];
