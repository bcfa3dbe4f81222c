import { encodeBase64url, encodePoint, hashToPoint, type InclusionFile } from '../../src/protocol/index.js';
import { idOfUser } from './exchange.js';
import { makeInclusion, reseal, showGroup } from './world.js';
import {
  asAttack,
  batches,
  copyHonest,
  honest,
  platform,
  publishBatches,
  type InclusionCase,
  type UserName,
} from './case.js';
import { changed } from './files.js';

const POINT = encodeBase64url(encodePoint(hashToPoint('any')));

const snapshots: InclusionCase[] = [
  changed('the hash of another manifest', [
    'inclusion-of-other-snapshot',
    (file) => (file.manifestHash = 'ab'.repeat(32)),
  ]),
  {
    name: 'inclusion file: of another manifest with the same rows',
    code: 'inclusion-of-other-snapshot',
    attack: () => asAttack(publishBatches(batches, { manifest: (manifest) => (manifest.quote = 'EUR') })),
  },
  {
    name: 'inclusion file: of the same rows, under the hash of another manifest',
    code: 'group-opening',
    attack: (file) => {
      const other = publishBatches(batches, { manifest: (manifest) => (manifest.quote = 'EUR') });
      file.manifestHash = makeInclusion(other, file.userId).manifestHash;
      return asAttack(other);
    },
  },
  {
    name: 'inclusion file: without a manifest',
    code: 'manifest-missing',
    attack: () => ({ source: undefined }),
  },
  {
    name: 'inclusion file: without a trust file',
    code: 'trust-missing',
    attack: () => ({ trust: undefined }),
  },
];

const parts: InclusionCase[] = [
  changed('a part less', ['part-missing', ({ parts: all }) => all.pop(), 'max']),
  changed('the first part less', ['part-missing', ({ parts: all }) => all.shift(), 'max']),
  changed('the last part less, and one part fewer stated', [
    'group-size',
    (file) => {
      file.parts.pop();
      file.partCount -= 1;
    },
    'max',
  ]),
  changed('all but one part less, and one stated', [
    'id-commitment',
    (file) => {
      showAlone(file, 0);
    },
    'max',
  ]),
  changed('one part more stated than shown', ['part-missing', (file) => (file.partCount += 1)]),
  changed('more parts stated than codes are listed', ['part-missing', (file) => (file.partCount = 11)]),
  changed('more parts than codes are listed', [
    'part-missing',
    (file) => {
      file.partCount = 11;
      file.parts = Array.from({ length: 11 }, (_, index) => ({ ...file.parts[0]!, part: index + 1 }));
    },
  ]),
  changed('a part twice', ['part-order', ({ parts: all }) => all.push(all[0]!), 'max']),
  changed('one part in place of another', ['part-order', ({ parts: all }) => (all[1] = all[0]!), 'max']),
  changed('one row as two parts', [
    'part-repeated',
    (file) => {
      file.partCount = 2;
      file.parts.push({ ...file.parts[0]!, part: 2 });
    },
  ]),
  changed('parts in another order', ['part-order', ({ parts: all }) => all.reverse(), 'max']),
  changed('parts numbered from 2', [
    'part-order',
    ({ parts: all }) => {
      all.forEach((part) => (part.part += 1));
    },
    'max',
  ]),
  changed('the numbers of two parts exchanged', [
    'part-order',
    ({ parts: all }) => {
      [all[0]!.part, all[1]!.part] = [all[1]!.part, all[0]!.part];
    },
    'max',
  ]),
  changed('the rows of two parts exchanged', [
    'id-commitment',
    ({ parts: all }) => {
      [all[0], all[1]] = [
        { ...all[1]!, part: 1 },
        { ...all[0]!, part: 2 },
      ];
    },
    'gus',
  ]),
  changed('no part at all', ['schema-violated', (file) => (file.parts = [])]),
  changed('a part of nobody added', [
    'slot-form',
    (file) => {
      file.partCount = 2;
      const own = file.parts[0]!;
      file.parts.push({ ...own, part: 2, row: 4, slots: [], blind: batches[3]!.rowBlinds[4]!.toString() });
      file.groups.push(showGroup(batches[3]!, { batch: 3, group: 2 }, honest.challenges));
    },
  ]),
];

/** Shows one part of an account as all of it. */
function showAlone(file: InclusionFile, position: number): void {
  const own = { ...file.parts[position]!, part: 1 };
  file.partCount = 1;
  file.parts = [own];
  file.batches = file.batches.filter(({ batch }) => batch === own.batch);
  file.groups = file.groups.filter(({ batch }) => batch === own.batch);
}

const positions: InclusionCase[] = [
  changed('a row beyond those of its batch', ['group-size', ({ parts: [part] }) => (part!.row = 5)]),
  changed('a row far beyond', ['group-size', ({ parts: [part] }) => (part!.row = 2 ** 18)]),
  changed('a row of another group', ['group-size', ({ parts: [part] }) => (part!.row = 3)]),
  changed('the neighbour’s row', ['opening', ({ parts: [part] }) => (part!.row = 1)]),
  changed('a batch that has no commitment', [
    'group-size',
    ({ parts: [part], batches: [batch], groups: [group] }) => {
      part!.batch = batch!.batch = group!.batch = 6;
    },
  ]),
  changed('a part in a batch that is not shown', ['group-size', ({ parts: [part] }) => (part!.batch = 4)]),
  changed('another batch of its circuit', [
    'list-hash',
    ({ parts: [part], batches: [batch], groups: [group] }) => {
      part!.batch = batch!.batch = group!.batch = 4;
    },
  ]),
  changed('a batch of another circuit', [
    'group-size',
    ({ parts: [part], batches: [batch], groups: [group] }) => {
      part!.batch = batch!.batch = group!.batch = 2;
    },
  ]),
  changed('a batch more than its parts are in', [
    'group-size',
    (file) => {
      addBatch(file, 'ivy');
    },
  ]),
  changed('a batch twice', ['group-size', ({ batches: all }) => all.push(all[0]!)]),
  changed('batches in another order', ['group-size', ({ batches: all }) => all.reverse(), 'max']),
  changed('a batch less', ['group-size', ({ batches: all }) => all.pop(), 'max']),
  changed('a group more than its parts are in', [
    'group-size',
    ({ groups }) => {
      groups.push(showGroup(batches[3]!, { batch: 3, group: 1 }, honest.challenges));
    },
  ]),
  changed('a group twice', ['group-size', ({ groups }) => groups.push(groups[0]!)]),
  changed('a group less', ['group-size', ({ groups }) => groups.pop(), 'max']),
  changed('groups in another order', ['group-size', ({ groups }) => groups.reverse(), 'max']),
  changed('two groups of one batch in another order', [
    'group-size',
    ({ groups }) => groups.reverse(),
    'gus',
  ]),
  changed('a group beyond those of its batch', ['group-size', ({ groups: [group] }) => (group!.group = 3)]),
  changed('a group under the number of another', ['group-size', ({ groups: [group] }) => (group!.group = 1)]),
  changed('the numbers of two groups exchanged', [
    'group-size',
    ({ groups }) => {
      [groups[0]!.group, groups[1]!.group] = [groups[1]!.group, groups[0]!.group];
      groups.reverse();
    },
    'gus',
  ]),
  changed('a row of its group less', ['group-size', ({ groups: [group] }) => group!.entries.pop()]),
  changed('a row of its group more', [
    'group-size',
    ({ groups: [group] }) => group!.entries.push(group!.entries[0]!),
  ]),
  changed('the mask point as a row', [
    'group-size',
    ({ groups: [group] }) => {
      group!.entries.unshift({ point: group!.maskPoint, id: group!.entries[0]!.id });
    },
  ]),
  changed('a hash of a group less', ['group-size', ({ batches: [batch] }) => batch!.groupHashes.pop()]),
  changed('a hash of a group more', [
    'group-size',
    ({ batches: [batch] }) => batch!.groupHashes.push(batch!.groupHashes[0]!),
  ]),
];

function addBatch(file: InclusionFile, of: UserName): void {
  const other = makeInclusion(honest, idOfUser(of));
  file.batches.push(...other.batches);
  file.groups.push(...other.groups);
}

const hashes: InclusionCase[] = [
  changed('a neighbour’s point changed', [
    'group-hash',
    ({ groups: [group] }) => (group!.entries[1]!.point = POINT),
  ]),
  changed('a neighbour’s id changed', [
    'group-hash',
    ({ groups: [group] }) => (group!.entries[1]!.id = POINT),
  ]),
  changed('the mask point changed', ['group-hash', ({ groups: [group] }) => (group!.maskPoint = POINT)]),
  changed('the neighbour’s point and id exchanged', [
    'group-hash',
    ({ groups: [group] }) => {
      const [, next] = group!.entries;
      group!.entries[1] = { point: POINT, id: next!.point };
    },
  ]),
  changed('the own group’s hash changed', [
    'group-hash',
    ({ batches: [batch] }) => (batch!.groupHashes[0] = POINT),
  ]),
  changed('the hash of another group changed', [
    'list-hash',
    ({ batches: [batch] }) => (batch!.groupHashes[1] = POINT),
  ]),
  changed('the hashes of two other groups exchanged', [
    'list-hash',
    ({ batches: [batch] }) => {
      const all = batch!.groupHashes;
      [all[1], all[2]] = [all[2]!, all[1]!];
    },
  ]),
  changed('the hashes of its and another group exchanged', [
    'group-hash',
    ({ batches: [batch] }) => {
      const all = batch!.groupHashes;
      [all[0], all[1]] = [all[1]!, all[0]!];
    },
  ]),
  changed('the hash of its group in every place', [
    'list-hash',
    ({ batches: [batch] }) => {
      batch!.groupHashes = batch!.groupHashes.map(() => batch!.groupHashes[0]!);
    },
  ]),
  changed('z_r one more', [
    'group-opening',
    ({ groups: [group] }) => {
      group!.blindOpening = (BigInt(group!.blindOpening) + 1n).toString();
    },
  ]),
  changed('z_r of 0', ['group-opening', ({ groups: [group] }) => (group!.blindOpening = '0')]),
  changed('z_r of two groups exchanged', [
    'group-opening',
    ({ groups: [first, second] }) => {
      [first!.blindOpening, second!.blindOpening] = [second!.blindOpening, first!.blindOpening];
    },
    'gus',
  ]),
  ...(['maskPoint', 'point'] as const).flatMap((field) =>
    Object.entries({
      'of zeros': new Uint8Array(32),
      'with bit 254 set': new Uint8Array(32).fill(0x40),
      'of a coordinate that is p or more': new Uint8Array(32).fill(0x3f),
      'of no point of the curve': Uint8Array.from(new Uint8Array(32), (_, index) => (index === 31 ? 4 : 0)),
      'of ones': new Uint8Array(32).fill(0xff),
    }).map(([name, bytes]) =>
      changed(`a ${field === 'point' ? 'neighbour’s' : 'mask'} point ${name}`, [
        'point-form',
        ({ groups: [group] }) => {
          if (field === 'maskPoint') group!.maskPoint = encodeBase64url(bytes);
          else group!.entries[1]!.point = encodeBase64url(bytes);
        },
      ]),
    ),
  ),
];

/** Lists that the manifest pins for no one: it states others than the file’s, and everything else for them. */
const lists: InclusionCase[] = [
  ...[3, 0].map((line): InclusionCase => ({
    name: `inclusion file: the list of ${line === 3 ? 'its' : 'another'} batch pinned as another`,
    code: line === 3 ? 'list-hash' : 'group-opening',
    attack: (file) => {
      const published = copyHonest();
      published.commitments[line]!.list = '7';
      reseal(platform, published);
      if (line === 3) Object.assign(file, makeInclusion(published, file.userId));
      else file.manifestHash = makeInclusion(published, file.userId).manifestHash;
      return asAttack(published);
    },
  })),
];

export const PLACEMENT_CASES: readonly InclusionCase[] = [
  ...snapshots,
  ...parts,
  ...positions,
  ...hashes,
  ...lists,
];
