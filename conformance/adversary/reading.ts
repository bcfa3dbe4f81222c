import { encodeJsonLine, FIELD_MODULUS, utf8ToBytes } from '../../src/protocol/index.js';
import { makePlatform, resign, toPieces, toSource, type Published } from './world.js';
import { platform, type Attack, type BundleCase } from './case.js';

const decoder = new TextDecoder();

/** Changes the text of the manifest, as a string and not as a value. */
function respell(published: Published, change: (text: string) => string): Attack {
  const text = decoder.decode(encodeJsonLine(published.manifest));
  const changed = change(text);
  if (changed === text) throw new Error('expected a change');
  return { source: { ...toSource(published), manifest: utf8ToBytes(changed) } };
}

/** Changes the text of the first batch proof. */
function respellBatch(published: Published, change: (line: string) => string): Attack {
  const [first, ...rest] = published.batches.map((batch) => decoder.decode(encodeJsonLine(batch)));
  const lines = [change(first!), ...rest];
  return { source: { ...toSource(published), batches: toPieces([utf8ToBytes(lines.join(''))]) } };
}

const spelling = (name: string, code: BundleCase['code'], change: (text: string) => string): BundleCase => ({
  name: `manifest: ${name}`,
  code,
  attack: (published) => respell(published, change),
});

const batchSpelling = (
  name: string,
  code: BundleCase['code'],
  change: (line: string) => string,
): BundleCase => ({
  name: `batches.ndjson: ${name}`,
  code,
  attack: (published) => respellBatch(published, change),
});

const AMOUNT = '"equity":"250000001"';

const spellings: BundleCase[] = [
  spelling('a byte-order mark', 'json-malformed', (text) => `\uFEFF${text}`),
  spelling('no line feed', 'json-not-canonical', (text) => text.trimEnd()),
  spelling('two line feeds', 'json-not-canonical', (text) => `${text}\n`),
  spelling('a carriage return', 'json-not-canonical', (text) => `${text.trimEnd()}\r\n`),
  spelling('a space', 'json-not-canonical', (text) => text.replace(':', ': ')),
  spelling('keys in another order', 'json-not-canonical', (text) =>
    text
      .replace('{"assets"', `{"takenAt":"2026-06-30T00:00:00Z","assets"`)
      .replace(',"takenAt":"2026-06-30T00:00:00Z","top"', ',"top"'),
  ),
  spelling('a doubled key', 'json-not-canonical', (text) =>
    text.replace('"quote":', '"quote":"USD","quote":'),
  ),
  spelling('a doubled key with another value first', 'json-not-canonical', (text) =>
    text.replace('"scale":22', '"scale":21,"scale":22'),
  ),
  spelling('an escape that is not needed', 'json-not-canonical', (text) =>
    text.replace('"USD"', '"\\u0055SD"'),
  ),
  spelling('a number as 22.0', 'json-not-canonical', (text) => text.replace('"scale":22', '"scale":22.0')),
  spelling('a number as 2.2e1', 'json-not-canonical', (text) => text.replace('"scale":22', '"scale":2.2e1')),
  spelling('minus zero', 'json-not-canonical', (text) => text.replace('"scale":22', '"scale":-0')),
  spelling('a number with a plus sign', 'json-malformed', (text) =>
    text.replace('"scale":22', '"scale":+22'),
  ),
  spelling('a number in base 16', 'json-malformed', (text) => text.replace('"scale":22', '"scale":0x16')),
  spelling('NaN', 'json-malformed', (text) => text.replace('"scale":22', '"scale":NaN')),
  spelling('a comment', 'json-malformed', (text) => `/**/${text}`),
  spelling('a second value behind the first', 'json-malformed', (text) => `${text.trimEnd()}{}\n`),
  spelling('nothing at all', 'json-not-canonical', () => ''),
  spelling('deep nesting', 'json-too-deep', (text) => `${'['.repeat(5000)}${']'.repeat(5000)}${text}`),
  spelling('five megabytes', 'json-too-large', (text) => `"${'x'.repeat(5 << 20)}"${text}`),
  spelling('a list', 'schema-violated', (text) => `[${text.trimEnd()}]\n`),
  spelling('null', 'schema-violated', () => 'null\n'),
  spelling('another version', 'format-unknown', (text) =>
    text.replace('solvent/manifest/v1', 'solvent/manifest/v2'),
  ),
  spelling('__proto__ as a key', 'schema-violated', (text) =>
    text.replace('{"assets"', '{"__proto__":{},"assets"'),
  ),
  spelling('constructor as a key', 'schema-violated', (text) =>
    text.replace(',"format"', ',"constructor":{},"format"'),
  ),
  spelling('an unknown key', 'schema-violated', (text) => text.replace(/}\n$/, ',"zebra":1}\n')),
  spelling('a missing key', 'schema-violated', (text) => text.replace('"quote":"USD",', '')),
  spelling('an amount with a space behind', 'schema-violated', (text) =>
    text.replace(AMOUNT, '"equity":"250000001 "'),
  ),
  spelling('an amount with a plus sign', 'schema-violated', (text) =>
    text.replace(AMOUNT, '"equity":"+250000001"'),
  ),
  spelling('an amount with a leading zero', 'schema-violated', (text) =>
    text.replace(AMOUNT, '"equity":"0250000001"'),
  ),
  spelling('an amount in base 16', 'schema-violated', (text) => text.replace(AMOUNT, '"equity":"0xee6b281"')),
  spelling('an amount in base 2', 'schema-violated', (text) => text.replace(AMOUNT, '"equity":"0b11"')),
  spelling('an amount with an exponent', 'schema-violated', (text) =>
    text.replace(AMOUNT, '"equity":"25e7"'),
  ),
  spelling('a negative amount', 'schema-violated', (text) => text.replace(AMOUNT, '"equity":"-1"')),
  spelling('an empty amount', 'schema-violated', (text) => text.replace(AMOUNT, '"equity":""')),
  spelling('an amount as true', 'schema-violated', (text) => text.replace(AMOUNT, '"equity":true')),
  spelling('an amount as a number', 'schema-violated', (text) => text.replace(AMOUNT, '"equity":250000001')),
  spelling('an amount as a list', 'schema-violated', (text) =>
    text.replace(AMOUNT, '"equity":["250000001"]'),
  ),
  spelling('an amount in other digits', 'schema-violated', (text) =>
    text.replace(AMOUNT, '"equity":"２５０００００００１"'),
  ),
  spelling('a total of 2^108', 'schema-violated', (text) => text.replace(AMOUNT, `"equity":"${1n << 108n}"`)),
  spelling('a negative price', 'schema-violated', (text) =>
    text.replace('"price":"0.25"', '"price":"-0.25"'),
  ),
  spelling('a price with a zero at its end', 'schema-violated', (text) =>
    text.replace('"price":"0.25"', '"price":"0.250"'),
  ),
  spelling('a price with 31 digits behind the point', 'schema-violated', (text) =>
    text.replace('"price":"0.25"', `"price":"0.${'1'.repeat(31)}"`),
  ),
  spelling('a collateral ratio above 1', 'schema-violated', (text) =>
    text.replace('"collateralRatio":"0.95"', '"collateralRatio":"1.05"'),
  ),
  spelling('an instant in another zone', 'schema-violated', (text) =>
    text.replace('2026-06-30T00:00:00Z', '2026-06-30T00:00:00+00:00'),
  ),
  spelling('an instant that is none', 'schema-violated', (text) =>
    text.replace('2026-06-30T00:00:00Z', '2026-06-31T00:00:00Z'),
  ),
  spelling('a platform name that is not normal', 'schema-violated', (text) =>
    text.replace('"Example Exchange"', '"Example Exchange "'),
  ),
  {
    name: 'manifest: bytes that are not UTF-8',
    code: 'json-malformed',
    attack: (published) => {
      const manifest = encodeJsonLine(published.manifest);
      manifest[manifest.indexOf(0x45)] = 0xff;
      return { source: { ...toSource(published), manifest } };
    },
  },
  {
    name: 'signature: another algorithm',
    code: 'schema-violated',
    attack: (published) => {
      const signature = encodeJsonLine({ ...published.signature, algorithm: 'none' });
      return { source: { ...toSource(published), signature } };
    },
  },
  batchSpelling(
    'a line that is too long',
    'line-too-long',
    (line) => `${line.trimEnd()}${' '.repeat(20_000)}\n`,
  ),
  batchSpelling('an empty line', 'proof-malformed', (line) => `${line}\n`),
  batchSpelling('a space', 'proof-malformed', (line) => line.replace(':', ': ')),
  batchSpelling('an unknown key', 'proof-malformed', (line) =>
    line.replace('{"circuit"', '{"a":1,"circuit"'),
  ),
  batchSpelling('public signals of its own', 'proof-malformed', (line) =>
    line.replace(/}\n$/, ',"publicSignals":["1"]}\n'),
  ),
  batchSpelling('projective coordinates', 'proof-malformed', (line) =>
    line.replace(/"a":\["(\d+)","(\d+)"\]/, '"a":["$1","$2","1"]'),
  ),
  batchSpelling('a digest plus the field modulus', 'proof-malformed', (line) =>
    line.replace(/"digest":"(\d+)"/, (_, digest: string) => `"digest":"${BigInt(digest) + FIELD_MODULUS}"`),
  ),
  batchSpelling('an aggregate among the batches', 'circuit-not-listed', (line) =>
    line.replace('"circuit":"spot-2"', '"circuit":"aggregate"'),
  ),
  batchSpelling('a circuit that is not listed', 'circuit-not-listed', (line) =>
    line.replace('"circuit":"spot-2"', '"circuit":"spot-9"'),
  ),
  batchSpelling('the line doubled', 'proof-count-differs', (line) => `${line}${line}`),
  batchSpelling('the line left out', 'proof-count-differs', () => ''),
  {
    name: 'batches.ndjson: cut off in its last line',
    code: 'line-unterminated',
    attack: (published) => {
      const bytes = utf8ToBytes(
        published.batches.map((batch) => decoder.decode(encodeJsonLine(batch))).join(''),
      );
      return { source: { ...toSource(published), batches: toPieces([bytes.subarray(0, -1)]) } };
    },
  },
  {
    name: 'aggregates.ndjson: an endless line',
    code: 'line-too-long',
    attack: (published) => ({ source: { ...toSource(published), aggregates: endless() } }),
  },
  {
    name: 'aggregates.ndjson: proofs without end',
    code: 'proof-count-differs',
    attack: (published) => {
      const line = encodeJsonLine(published.aggregates[0]);
      return { source: { ...toSource(published), aggregates: endless(line) } };
    },
  },
];

/** Signs what is not the manifest: nobody answers for the files, however many there are. */
function unsign(published: Published): Published {
  published.signature = { ...published.signature, signature: '00'.repeat(64) };
  return published;
}

/** Proofs that no verifier comes to read: there is a lie before them. */
const unread: BundleCase[] = [
  {
    name: 'unsigned, with proofs without end',
    code: 'signature-invalid',
    attack: (published) => {
      const [line] = published.aggregates.map((aggregate) => encodeJsonLine(aggregate));
      return { source: { ...toSource(unsign(published)), aggregates: endless(line) } };
    },
  },
  {
    name: 'unsigned, with an endless line',
    code: 'signature-invalid',
    attack: (published) => ({ source: { ...toSource(unsign(published)), batches: endless() } }),
  },
  {
    name: 'signed by a stranger, with malformed proofs',
    code: 'signing-key-not-pinned',
    attack: (published) => {
      resign(makePlatform('a stranger'), published);
      return { source: { ...toSource(published), batches: toPieces([utf8ToBytes('{}\n')]) } };
    },
  },
  {
    name: 'another key, with malformed proofs',
    code: 'key-fingerprint-differs',
    attack: (published) => {
      const [circuit] = published.manifest.circuits;
      circuit!.fingerprint = 'ab'.repeat(32);
      resign(platform, published);
      return { source: { ...toSource(published), batches: toPieces([utf8ToBytes('{}\n')]) } };
    },
  },
];

/** A file that never ends: a verifier that reads on hangs the test. */
function endless(piece: Uint8Array = new Uint8Array(4096).fill(0x20)): AsyncIterable<Uint8Array> {
  return {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        await Promise.resolve();
        yield piece;
      }
    },
  };
}

/** Changes a manifest's values; the platform signs the change and proves everything for it. */
const edited = (
  name: string,
  code: BundleCase['code'],
  edit: (manifest: Published['manifest']) => void,
): BundleCase => ({
  name: `manifest, signed: ${name}`,
  code,
  attack: (published) => {
    edit(published.manifest);
    resign(platform, published);
    return undefined;
  },
});

const inconsistencies: BundleCase[] = [
  edited('an asset listed twice', 'asset-listed-twice', ({ assets }) => {
    assets[1] = structuredClone(assets[0]!);
  }),
  edited('more assets than columns', 'too-many-assets', ({ assets }) => {
    assets.push({ ...assets[1]!, symbol: 'AAA' }, { ...assets[1]!, symbol: 'BBB' });
  }),
  edited('rounding of an asset that is not listed', 'asset-not-listed', ({ rounding }) => {
    rounding[0]!.asset = 'DOGE';
  }),
  edited('a write-off of an asset that is not listed', 'asset-not-listed', ({ writeOffs }) => {
    writeOffs.debts[0]!.asset = 'DOGE';
  }),
  edited('an accepted break of an asset that is not listed', 'asset-not-listed', ({ reconciliation }) => {
    reconciliation!.acceptedBreaks[0]!.asset = 'DOGE';
  }),
  edited('a write-off twice', 'asset-listed-twice', ({ writeOffs }) => {
    writeOffs.debts.push(writeOffs.debts[0]!);
  }),
  edited('a circuit twice', 'circuit-set-malformed', ({ circuits }) => {
    circuits.push(structuredClone(circuits[0]!));
  }),
  edited('no aggregate', 'circuit-set-malformed', (manifest) => {
    manifest.circuits = manifest.circuits.filter(({ name }) => name !== 'aggregate');
  }),
  edited('no batch circuit', 'circuit-set-malformed', (manifest) => {
    manifest.circuits = manifest.circuits
      .filter(({ name }) => name === 'aggregate')
      .flatMap((one) => [one, one]);
  }),
  edited('a circuit under another name', 'circuit-set-malformed', ({ circuits }) => {
    circuits[0]!.name = 'spot-4';
  }),
  edited('index bits that are not those of the tag', 'circuit-set-malformed', ({ circuits }) => {
    Object.assign(circuits[0]!.parameters, { indexBits: 3 });
  }),
  edited('circuits over other numbers of assets', 'circuit-set-malformed', ({ circuits }) => {
    Object.assign(circuits[3]!.parameters, { assets: 5 });
  }),
  edited('more proofs than are read', 'too-many-proofs', ({ circuits }) => {
    circuits[0]!.proofCount = 2 ** 40;
  }),
  edited('one proof more than there are', 'proof-count-differs', ({ circuits }) => {
    circuits[0]!.proofCount += 1;
  }),
  edited('one proof fewer than there are', 'proof-count-differs', ({ circuits }) => {
    circuits[3]!.proofCount -= 1;
  }),
];

export const READING_CASES: readonly BundleCase[] = [...spellings, ...inconsistencies, ...unread];
