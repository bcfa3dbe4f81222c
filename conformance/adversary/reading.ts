import { FIELD_MODULUS } from '../../src/protocol/index.js';
import type { BundleCase } from './case.js';
import { wholeSpelling, type Respelling } from './spelling.js';

/** Every other way to write what RFC 8785 writes in one. Each holds for any file. */
const json: readonly (readonly [string, BundleCase['code'], Respelling])[] = [
  ['a byte-order mark', 'json-malformed', (text) => `\uFEFF${text}`],
  ['no line feed', 'json-not-canonical', (text) => text.trimEnd()],
  ['two line feeds', 'json-not-canonical', (text) => `${text}\n`],
  ['a carriage return', 'json-not-canonical', (text) => `${text.trimEnd()}\r\n`],
  ['a space', 'json-not-canonical', (text) => text.replace(':', ': ')],
  ['nothing at all', 'json-not-canonical', () => ''],
  ['a line feed alone', 'json-malformed', () => '\n'],
  ['a comment', 'json-malformed', (text) => `/**/${text}`],
  ['a second value behind the first', 'json-malformed', (text) => `${text.trimEnd()}{}\n`],
  ['cut off', 'json-malformed', (text) => `${text.slice(0, text.length / 2)}\n`],
  ['deep nesting', 'json-too-deep', (text) => `${'['.repeat(99)}${']'.repeat(99)}${text}`],
  ['five megabytes', 'json-too-large', (text) => `"${'x'.repeat(5 << 20)}"${text}`],
  ['a list', 'schema-violated', (text) => `[${text.trimEnd()}]\n`],
  ['null', 'schema-violated', () => 'null\n'],
  ['an unknown key', 'schema-violated', (text) => text.replace(/}\n$/, ',"zzz":1}\n')],
  ['__proto__ as a key', 'schema-violated', (text) => text.replace('{"', '{"__proto__":{},"')],
];

const manifest: readonly (readonly [string, BundleCase['code'], Respelling])[] = [
  [
    'keys in another order',
    'json-not-canonical',
    (text) => text.replace('{"assets"', '{"scale":21,"assets"').replace(',"scale":21,"scope"', ',"scope"'),
  ],
  ['a doubled key', 'json-not-canonical', (text) => text.replace('"quote":', '"quote":"USD","quote":')],
  [
    'a doubled key with another value first',
    'json-not-canonical',
    (text) => text.replace('"scale":21', '"scale":20,"scale":21'),
  ],
  ['an escape that is not needed', 'json-not-canonical', (text) => text.replace('"USD"', '"\\u0055SD"')],
  ['a number as 21.0', 'json-not-canonical', (text) => text.replace('"scale":21', '"scale":21.0')],
  ['a number as 2.1e1', 'json-not-canonical', (text) => text.replace('"scale":21', '"scale":2.1e1')],
  ['minus zero', 'json-not-canonical', (text) => text.replace('"scale":21', '"scale":-0')],
  ['a number with a plus sign', 'json-malformed', (text) => text.replace('"scale":21', '"scale":+21')],
  ['a number in base 16', 'json-malformed', (text) => text.replace('"scale":21', '"scale":0x15')],
  ['NaN', 'json-malformed', (text) => text.replace('"scale":21', '"scale":NaN')],
  ['a fraction', 'schema-violated', (text) => text.replace('"scale":21', '"scale":21.5')],
  ['a scale as a string', 'schema-violated', (text) => text.replace('"scale":21', '"scale":"21"')],
  ['a negative scale', 'schema-violated', (text) => text.replace('"scale":21', '"scale":-1')],
  ['a scale of 31', 'schema-violated', (text) => text.replace('"scale":21', '"scale":31')],
  ['the version before', 'format-unknown', (text) => text.replace('manifest/v2', 'manifest/v1')],
  ['a version to come', 'format-unknown', (text) => text.replace('manifest/v2', 'manifest/v3')],
  ['another format', 'format-unknown', (text) => text.replace('solvent/manifest/v2', 'solvent/trust/v2')],
  [
    'constructor as a key',
    'schema-violated',
    (text) => text.replace(',"format"', ',"constructor":{},"format"'),
  ],
  ['a missing key', 'schema-violated', (text) => text.replace('"quote":"USD",', '')],
  ['the challenges stated', 'schema-violated', (text) => text.replace('{"assets"', '{"_x":"1","assets"')],
  ['a negative price', 'schema-violated', (text) => text.replace('"price":"0.25"', '"price":"-0.25"')],
  ['a price with a zero at its end', 'schema-violated', (text) => text.replace('"0.25"', '"0.250"')],
  ['a price with an exponent', 'schema-violated', (text) => text.replace('"0.25"', '"25e-2"')],
  ['a price with 31 digits', 'schema-violated', (text) => text.replace('"0.25"', `"0.${'1'.repeat(31)}"`)],
  ['a collateral ratio above 1', 'schema-violated', (text) => text.replace('"0.95"', '"1.05"')],
  ['a collateral ratio of -1', 'schema-violated', (text) => text.replace('"0.95"', '"-1"')],
  [
    'an instant in another zone',
    'schema-violated',
    (text) => text.replace('"takenAt":"2026-06-30T00:00:00Z"', '"takenAt":"2026-06-30T00:00:00+00:00"'),
  ],
  [
    'an instant that is none',
    'schema-violated',
    (text) => text.replace('"takenAt":"2026-06-30T00:00:00Z"', '"takenAt":"2026-06-31T00:00:00Z"'),
  ],
  [
    'a platform name that is not normal',
    'schema-violated',
    (text) => text.replace('"platform":"Example Exchange"', '"platform":"Example Exchange "'),
  ],
];

/** The first total of the manifest, spelled otherwise. */
const AMOUNT = /"equity":"550000005"/;

const amounts: readonly (readonly [string, string])[] = [
  ['with a space behind', '"equity":"550000005 "'],
  ['with a plus sign', '"equity":"+550000005"'],
  ['with a leading zero', '"equity":"0550000005"'],
  ['in base 16', '"equity":"0xee6b281"'],
  ['with an exponent', '"equity":"45e7"'],
  ['below 0', '"equity":"-1"'],
  ['that is empty', '"equity":""'],
  ['as true', '"equity":true'],
  ['as null', '"equity":null'],
  ['as a number', '"equity":550000005'],
  ['as a list', '"equity":["550000005"]'],
  ['in other digits', '"equity":"４５"'],
  ['of 2^108', `"equity":"${(1n << 108n).toString()}"`],
  ['plus the field’s modulus', `"equity":"${(550_000_005n + FIELD_MODULUS).toString()}"`],
];

export const READING_CASES: readonly BundleCase[] = [
  ...json.map(([name, code, respell]) => wholeSpelling('manifest', name, [code, respell])),
  ...json.map(([name, code, respell]) => wholeSpelling('signature', name, [code, respell])),
  ...json.map(([name, code, respell]) => wholeSpelling('weights', name, [code, respell])),
  ...manifest.map(([name, code, respell]) => wholeSpelling('manifest', name, [code, respell])),
  ...amounts.map(([name, other]) =>
    wholeSpelling('manifest', `a total ${name}`, ['schema-violated', (text) => text.replace(AMOUNT, other)]),
  ),
  wholeSpelling('signature', 'another algorithm', [
    'schema-violated',
    (text) => text.replace('"ed25519"', '"none"'),
  ]),
  wholeSpelling('signature', 'in upper case', [
    'schema-violated',
    (text) =>
      text.replace(/"signature":"([0-9a-f]+)"/, (whole) =>
        whole.toUpperCase().replace('SIGNATURE', 'signature'),
      ),
  ]),
  wholeSpelling('signature', 'a digit less', [
    'schema-violated',
    (text) => text.replace(/"signature":"./, '"signature":"'),
  ]),
  wholeSpelling('signature', 'the version before', [
    'format-unknown',
    (text) => text.replace('signature/v2', 'signature/v1'),
  ]),
];
