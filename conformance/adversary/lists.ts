import {
  encodeJsonLine,
  FIELD_MODULUS,
  parseFieldElements,
  type BundleListKind,
} from '../../src/protocol/index.js';
import type { BundleCase } from './case.js';
import { platform } from './case.js';
import { lineSpelling, spellLines, withLines, endless, type Respelling } from './spelling.js';
import { makePlatform, reseal, resign, toPieces, toSource, type Published } from './world.js';

const addModulus =
  (field: string): Respelling =>
  (text) =>
    text.replace(
      new RegExp(`"${field}":(\\[?)"(\\d+)"`),
      (_, open: string, value: string) => `"${field}":${open}"${(BigInt(value) + FIELD_MODULUS).toString()}"`,
    );

/** Changes how the values z of a line are spelled, quotes included. */
const respellValues =
  (respell: Respelling): Respelling =>
  (line) =>
    line.replace(/(?<="z":)"[^"]*"/, respell);

/** Every other way to write a line. */
const anyLine: readonly (readonly [string, BundleCase['code'], Respelling])[] = [
  ['an empty line', 'json-malformed', (line) => `\n${line}`],
  ['a space', 'json-not-canonical', (line) => line.replace(':', ': ')],
  ['a carriage return', 'json-not-canonical', (line) => line.replace('\n', '\r\n')],
  ['a byte-order mark', 'json-malformed', (line) => `\uFEFF${line}`],
  ['a list', 'schema-violated', (line) => `[${line.trimEnd()}]\n`],
  ['null', 'schema-violated', () => 'null\n'],
  ['an unknown key', 'schema-violated', (line) => line.replace(/}\n$/, ',"zzz":1}\n')],
  ['a key less', 'schema-violated', (line) => line.replace(/,"[a-z]+":[^{}]*}\n$/, '}\n')],
  ['a key twice', 'json-not-canonical', (line) => line.replace('{', '{"zzz":1,"zzz":1,')],
  ['a line that is too long', 'line-too-long', (line) => `${line.trimEnd()}${' '.repeat(100_000)}\n`],
];

const commitmentLine: readonly (readonly [string, BundleCase['code'], Respelling])[] = [
  ['a digest plus the field’s modulus', 'schema-violated', addModulus('digest')],
  [
    'a list plus 2^248',
    'schema-violated',
    (line) =>
      line.replace(
        /"list":"(\d+)"/,
        (_, list: string) => `"list":"${(BigInt(list) + (1n << 248n)).toString()}"`,
      ),
  ],
  ['a digest with a leading zero', 'schema-violated', (line) => line.replace('"digest":"', '"digest":"0')],
  ['a digest as a number', 'schema-violated', (line) => line.replace(/"digest":"\d+"/, '"digest":7')],
  ['a negative list', 'schema-violated', (line) => line.replace('"list":"', '"list":"-')],
  ['points of its own', 'schema-violated', (line) => line.replace(/}\n$/, ',"points":[]}\n')],
  ['a circuit that is not listed', 'line-count', (line) => line.replace('margin-3', 'margin-9')],
  ['a circuit of another name', 'schema-violated', (line) => line.replace('margin-3', 'Margin-3')],
];

const proofLine: readonly (readonly [string, BundleCase['code'], Respelling])[] = [
  ['L plus the field’s modulus', 'schema-violated', addModulus('L')],
  ['K plus the field’s modulus', 'schema-violated', addModulus('K')],
  ['L with a leading zero', 'schema-violated', (line) => line.replace('"L":"', '"L":"0')],
  ['L as a number', 'schema-violated', (line) => line.replace(/"L":"\d+"/, '"L":7')],
  ['L below 0', 'schema-violated', (line) => line.replace('"L":"', '"L":"-')],
  ['K left out', 'schema-violated', (line) => line.replace(/"K":"\d+",/, '')],
  ['K as null', 'schema-violated', (line) => line.replace(/"K":"\d+"/, '"K":null')],
  ['no z at all', 'schema-violated', respellValues(() => '""')],
  ['z as null', 'schema-violated', respellValues(() => 'null')],
  ['z in a list', 'schema-violated', respellValues((z) => `[${z}]`)],
  [
    'z in decimal',
    'schema-violated',
    respellValues((z) => JSON.stringify(parseFieldElements(JSON.parse(z) as string).map(String))),
  ],
  ['z with padding', 'schema-violated', respellValues((z) => z.replace(/"$/, '=="'))],
  ['z with a space', 'schema-violated', respellValues((z) => z.replace(/"$/, ' "'))],
  ['z with a character more', 'schema-violated', respellValues((z) => z.replace(/"$/, 'A"'))],
  ['z with a character less', 'schema-violated', respellValues((z) => z.replace(/."$/, '"'))],
  ['z in the other alphabet', 'schema-violated', respellValues((z) => z.replace(/^"../, '"+/'))],
  [
    'public signals of its own',
    'schema-violated',
    (line) => line.replace(/,"z"/, ',"publicSignals":["1"],"z"'),
  ],
  ['a point x of its own', 'schema-violated', (line) => line.replace(/,"z"/, ',"x":"5","z"')],
  ['a digest of its own', 'schema-violated', (line) => line.replace('"proof"', '"digest":"5","proof"')],
  [
    'projective coordinates',
    'schema-violated',
    (line) => line.replace(/"a":\["(\d+)","(\d+)"]/, '"a":["$1","$2","1"]'),
  ],
  ['a coordinate with a leading zero', 'schema-violated', (line) => line.replace('"a":["', '"a":["0')],
  ['a coordinate in base 16', 'schema-violated', (line) => line.replace('"a":["', '"a":["0x')],
];

/** Changes whole lines of a list. */
const listed = (
  kind: BundleListKind,
  name: string,
  [code, change]: readonly [BundleCase['code'], (lines: string[]) => string[]],
): BundleCase => ({
  name: `${kind}: ${name}`,
  code,
  attack: (published) => withLines(published, kind, change(spellLines(published, kind))),
});

const lists = (['commitments', 'proofs'] as const).flatMap((kind) => [
  ...anyLine.map(([name, code, respell]) => lineSpelling(kind, name, [code, respell])),
  listed(kind, 'a line doubled', [
    kind === 'proofs' ? 'schema-violated' : 'digest-repeated',
    (lines) => [...lines.slice(0, 1), ...lines],
  ]),
  listed(kind, 'a line of another circuit doubled', ['line-count', (lines) => [...lines, lines[5]!]]),
  listed(kind, 'a line left out', ['line-count', (lines) => lines.slice(0, -1)]),
  listed(kind, 'no line at all', ['line-count', () => []]),
  listed(kind, 'cut off in its last line', [
    'line-unterminated',
    (lines) => [...lines.slice(0, -1), lines[5]!.trimEnd()],
  ]),
  listed(kind, 'in another order', [
    kind === 'proofs' ? 'schema-violated' : 'line-count',
    (lines) => [...lines].reverse(),
  ]),
  {
    name: `${kind}: an endless line`,
    code: 'line-too-long' as const,
    attack: (published: Published) => ({ source: { ...toSource(published), [kind]: endless() } }),
  },
]);

/** Signs what is not the manifest: nobody answers for the files, however many there are. */
function unsign(published: Published): Published {
  published.signature = { ...published.signature, signature: '00'.repeat(64) };
  return published;
}

/** Lists that no verifier comes to read: there is a lie before them. */
const unread: BundleCase[] = [
  ...(['commitments', 'weights', 'proofs'] as const).map((kind): BundleCase => ({
    name: `${kind}: not published`,
    code: `${kind}-missing`,
    attack: (published) => ({ source: { ...toSource(published), [kind]: undefined } }),
  })),
  {
    name: 'a manifest that is announced, and no more',
    code: 'commitments-missing',
    attack: ({ manifest, signature }) => ({
      source: { manifest: encodeJsonLine(manifest), signature: encodeJsonLine(signature) },
    }),
  },
  {
    name: 'proofs without end',
    code: 'line-count',
    attack: (published) => {
      const lines = spellLines(published, 'proofs');
      const last = new TextEncoder().encode(lines[5]);
      async function* all() {
        yield new TextEncoder().encode(lines.join(''));
        yield* endless(last);
      }
      return { source: { ...toSource(published), proofs: all() } };
    },
  },
  {
    name: 'unsigned, with commitments without end',
    code: 'signature-invalid',
    attack: (published) => ({ source: { ...toSource(unsign(published)), commitments: endless() } }),
  },
  {
    name: 'unsigned, with proofs without end',
    code: 'signature-invalid',
    attack: (published) => ({ source: { ...toSource(unsign(published)), proofs: endless() } }),
  },
  {
    name: 'other commitments than pinned, with proofs without end',
    code: 'commitments-hash',
    attack: (published) => {
      published.commitments[0]!.list = '7';
      return { source: { ...toSource(published), proofs: endless() } };
    },
  },
  {
    name: 'signed by a stranger, with malformed proofs',
    code: 'signing-key-not-pinned',
    attack: (published) => {
      resign(makePlatform('a stranger'), published);
      return { source: { ...toSource(published), proofs: toPieces([new TextEncoder().encode('{}\n')]) } };
    },
  },
  {
    name: 'another key, with malformed proofs',
    code: 'key-fingerprint-differs',
    attack: (published) => {
      published.manifest.circuits[0]!.fingerprint = 'ab'.repeat(32);
      reseal(platform, published);
      return { source: { ...toSource(published), proofs: toPieces([new TextEncoder().encode('{}\n')]) } };
    },
  },
];

export const LIST_CASES: readonly BundleCase[] = [
  ...lists,
  ...commitmentLine.map(([name, code, respell]) => lineSpelling('commitments', name, [code, respell])),
  ...proofLine.map(([name, code, respell]) => lineSpelling('proofs', name, [code, respell])),
  lineSpelling('proofs', 'K in a line of spot rows', [
    'schema-violated',
    (line) => line.replace('{', '{"K":"1",'),
    0,
  ]),
  lineSpelling('proofs', 'z with bits too many in its last character', [
    'schema-violated',
    respellValues((z) => z.replace(/.(?="$)/, (last) => String.fromCharCode(last.charCodeAt(0) + 1))),
    5,
  ]),
  ...unread,
];
