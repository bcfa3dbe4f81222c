import { encodeJsonLine, FIELD_MODULUS, type InclusionFile } from '../../src/protocol/index.js';
import type { InclusionCase, UserName } from './case.js';
import { fileSpelling } from './spelling.js';

/** A case in which one value of a file is another, and nobody helps. */
export function changed(
  name: string,
  [code, change, of = 'lea']: readonly [InclusionCase['code'], (file: InclusionFile) => unknown, UserName?],
): InclusionCase {
  return {
    name: `inclusion file: ${name}`,
    code,
    of,
    attack: (file) => {
      change(file);
      return undefined;
    },
  };
}

const spellings: InclusionCase[] = [
  fileSpelling('a byte-order mark', 'json-malformed', (text) => `\uFEFF${text}`),
  fileSpelling('no line feed', 'json-not-canonical', (text) => text.trimEnd()),
  fileSpelling('two line feeds', 'json-not-canonical', (text) => `${text}\n`),
  fileSpelling('a space', 'json-not-canonical', (text) => text.replace(':', ': ')),
  fileSpelling('nothing at all', 'json-not-canonical', () => ''),
  fileSpelling('cut off', 'json-malformed', (text) => `${text.slice(0, 900)}\n`),
  fileSpelling('a list', 'schema-violated', (text) => `[${text.trimEnd()}]\n`),
  fileSpelling('an unknown key', 'schema-violated', (text) =>
    text.replace('{"batches"', '{"aaa":1,"batches"'),
  ),
  fileSpelling('__proto__ as a key', 'schema-violated', (text) => text.replace('{"', '{"__proto__":{},"')),
  fileSpelling('the version before', 'format-unknown', (text) =>
    text.replace('inclusion/v2', 'inclusion/v1'),
  ),
  fileSpelling('deep nesting', 'json-too-deep', (text) => `${'['.repeat(99)}${']'.repeat(99)}${text}`),
  fileSpelling('twenty megabytes', 'json-too-large', (text) => `"${'x'.repeat(20 << 20)}"${text}`),
  fileSpelling('a key doubled', 'json-not-canonical', (text) =>
    text.replace('"partCount":1', '"partCount":1,"partCount":1'),
  ),
  fileSpelling('a number of parts as 1.0', 'json-not-canonical', (text) =>
    text.replace('"partCount":1', '"partCount":1.0'),
  ),
  fileSpelling('a zero of the padding less', 'inclusion-not-padded', (text) =>
    text.replace('"padding":"0', '"padding":"'),
  ),
  fileSpelling('a zero of the padding more', 'inclusion-not-padded', (text) =>
    text.replace('"padding":"', '"padding":"0'),
  ),
  fileSpelling('no padding', 'inclusion-not-padded', (text) =>
    text.replace(/"padding":"0+"/, '"padding":""'),
  ),
  fileSpelling('padding of 16 KiB more', 'schema-violated', (text) =>
    text.replace('"padding":"', `"padding":"${'0'.repeat(16_384)}`),
  ),
  fileSpelling('no statement at all', 'schema-violated', (text) => text.replace('"statement":null,', '')),
  fileSpelling('padding of ones', 'schema-violated', (text) => text.replace('"padding":"0', '"padding":"1')),
  fileSpelling('padding with a message', 'schema-violated', (text) =>
    text.replace('"padding":"00000', '"padding":"hello'),
  ),
];

type Part = InclusionFile['parts'][number];
type Slot = Part['slots'][number];
type Group = InclusionFile['groups'][number];

const part = (name: string, [code, change]: readonly [InclusionCase['code'], (part: Part) => unknown]) =>
  changed(`a part with ${name}`, [code, ({ parts: [first] }) => change(first!)]);
const slot = (name: string, [code, change]: readonly [InclusionCase['code'], (slot: Slot) => unknown]) =>
  changed(`a slot with ${name}`, [code, ({ parts: [first] }) => change(first!.slots[0]!)]);
const group = (name: string, [code, change]: readonly [InclusionCase['code'], (group: Group) => unknown]) =>
  changed(`a group with ${name}`, [code, ({ groups: [first] }) => change(first!)]);

const amounts = [
  '-1',
  '+1',
  '01',
  '1.0',
  '1e3',
  '0x1',
  ' 1',
  '1 ',
  '',
  '１',
  (1n << 64n).toString(),
  FIELD_MODULUS.toString(),
];
const beyond = (value: string) => (BigInt(value) + FIELD_MODULUS).toString();
const texts: Readonly<Record<string, (text: string) => string>> = {
  'with padding': (text) => `${text}=`,
  'with bits too many': (text) =>
    `${text.slice(0, -1)}${'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.at(1 + 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(text.at(-1)!))!}`,
  'a character less': (text) => text.slice(1),
  'a character more': (text) => `A${text}`,
  'in the other alphabet': (text) => `+/${text.slice(2)}`,
  'in hexadecimal': () => 'ab'.repeat(32),
  'that is empty': () => '',
};

const fields: InclusionCase[] = [
  ...amounts.map((amount) =>
    slot(`an amount of "${amount.slice(0, 24)}"`, ['schema-violated', (first) => (first.amount = amount)]),
  ),
  slot('an amount as a number', ['schema-violated', (first) => Object.assign(first, { amount: 5 })]),
  ...[-1, 0.5, 2 ** 53, '0', null].map((index) =>
    slot(`an index of ${String(index)}`, ['schema-violated', (first) => Object.assign(first, { index })]),
  ),
  ...[2, -1, 0.5, '0', true, null].map((side) =>
    slot(`a side of ${String(side)} (${typeof side})`, [
      'schema-violated',
      (first) => Object.assign(first, { side }),
    ]),
  ),
  slot('an asset beside its index', ['schema-violated', (first) => Object.assign(first, { asset: 'BTC' })]),
  part('a nonce of 2^248', ['schema-violated', (first) => (first.nonce = (1n << 248n).toString())]),
  part('a nonce plus 2^248', [
    'schema-violated',
    (first) => (first.nonce = (BigInt(first.nonce) + (1n << 248n)).toString()),
  ]),
  part('a nonce with a leading zero', ['schema-violated', (first) => (first.nonce = `0${first.nonce}`)]),
  part('a blind plus the field’s modulus', [
    'schema-violated',
    (first) => (first.blind = beyond(first.blind)),
  ]),
  part('a blind below 0', ['schema-violated', (first) => (first.blind = `-${first.blind}`)]),
  part('a net value of its own', ['schema-violated', (first) => Object.assign(first, { netValue: '5' })]),
  part('its own number as 0', ['schema-violated', (first) => (first.part = 0)]),
  part('a batch below 0', ['schema-violated', (first) => (first.batch = -1)]),
  part('a batch of 2^24', ['schema-violated', (first) => (first.batch = 2 ** 24)]),
  part('a row below 0', ['schema-violated', (first) => (first.row = -1)]),
  part('a row between rows', ['schema-violated', (first) => (first.row = 0.5)]),
  part('a row that is not there', ['schema-violated', (first) => Reflect.deleteProperty(first, 'row')]),
  part('2,049 slots', [
    'schema-violated',
    (first) => (first.slots = Array.from({ length: 2049 }, () => first.slots[0]!)),
  ]),
  group('z_r plus the field’s modulus', [
    'schema-violated',
    (first) => (first.blindOpening = beyond(first.blindOpening)),
  ]),
  group('no rows', ['schema-violated', (first) => (first.entries = [])]),
  group('an index below 0', ['schema-violated', (first) => (first.group = -1)]),
  group('z of its own', ['schema-violated', (first) => Object.assign(first, { z: ['1'] })]),
  ...Object.entries(texts).flatMap(([name, respell]) => [
    group(`a point ${name}`, [
      'schema-violated',
      ({ entries: [first] }) => (first!.point = respell(first!.point)),
    ]),
    group(`an id ${name}`, ['schema-violated', ({ entries: [first] }) => (first!.id = respell(first!.id))]),
    group(`a mask point ${name}`, [
      'schema-violated',
      (first) => (first.maskPoint = respell(first.maskPoint)),
    ]),
  ]),
  changed('a hash of a group with bits too many', [
    'schema-violated',
    ({ batches: [first] }) => {
      first!.groupHashes[0] = texts['with bits too many']!(first!.groupHashes[0]!);
    },
  ]),
  changed('no parts of an account', ['schema-violated', (file) => (file.partCount = 0)]),
  changed('2,049 parts of an account', ['schema-violated', (file) => (file.partCount = 2049)]),
  changed('no batches', ['schema-violated', (file) => (file.batches = [])]),
  changed('no groups', ['schema-violated', (file) => (file.groups = [])]),
  changed('a batch without hashes of groups', [
    'schema-violated',
    ({ batches: [first] }) => (first!.groupHashes = []),
  ]),
  changed('a manifest hash in upper case', [
    'schema-violated',
    (file) => (file.manifestHash = file.manifestHash.toUpperCase()),
  ]),
  changed('a statement that is empty text', [
    'schema-violated',
    (file) => Object.assign(file, { statement: '' }),
  ]),
  changed('a user id that is not normal', ['schema-violated', (file) => (file.userId = ` ${file.userId}`)]),
  changed('a user id in another normalisation', [
    'schema-violated',
    (file) => (file.userId = 'lea\u0301@example.org'),
  ]),
  changed('an empty user id', ['schema-violated', (file) => (file.userId = '')]),
];

const sizes: InclusionCase[] = [
  {
    name: 'inclusion file: more than 8 MiB besides the statement',
    code: 'inclusion-too-large',
    attack: (file) => ({ bytes: inflate(file, 90_000) }),
  },
];

/** A file with more hashes of groups than any has, in the size of its format. */
function inflate(file: InclusionFile, hashes: number): Uint8Array {
  const [batch] = file.batches;
  const groupHashes = Array.from({ length: hashes }, () => batch!.groupHashes[0]!);
  const all = [
    { ...batch!, groupHashes },
    { ...batch!, groupHashes },
    { ...batch!, groupHashes },
  ];
  const bare = encodeJsonLine({ ...file, batches: all, padding: '' }).length;
  return encodeJsonLine({ ...file, batches: all, padding: '0'.repeat((16_384 - (bare % 16_384)) % 16_384) });
}

export const FILE_CASES: readonly InclusionCase[] = [...spellings, ...fields, ...sizes];
