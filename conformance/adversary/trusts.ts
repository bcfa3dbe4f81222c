import {
  deriveCircuitTag,
  encodeJsonLine,
  utf8ToBytes,
  type RowLayout,
  type SchemaCode,
  type JsonCode,
  type Trust,
} from '../../src/protocol/index.js';
import { platform } from './case.js';
import { makeCeremony } from './platform.js';

/** A trust file that no reader may take, and the code that it must be refused with when it is read. */
export type TrustCase = {
  readonly name: string;
  readonly code: SchemaCode | JsonCode;
  readonly bytes: Uint8Array;
};

const changed = (name: string, change: (trust: Trust) => void): TrustCase => {
  const trust = structuredClone(platform.trust);
  change(trust);
  return { name, code: 'schema-violated', bytes: encodeJsonLine(trust) };
};

const respelled = (name: string, code: TrustCase['code'], respell: (text: string) => string): TrustCase => ({
  name,
  code,
  bytes: utf8ToBytes(respell(new TextDecoder().decode(encodeJsonLine(platform.trust)))),
});

/** The same circuit under another number of index bits. */
const withIndexBits = (parameters: RowLayout, indexBits: number) => {
  const other = { ...parameters, indexBits };
  return { parameters: other, tag: deriveCircuitTag(other).toString() };
};

export const TRUST_CASES: readonly TrustCase[] = [
  changed('keys of a ceremony for any platform', (trust) => {
    trust.platform = null;
    trust.circuits[0]!.provenance = makeCeremony();
  }),
  changed('two numbers of index bits', ({ circuits: [, second] }) => {
    Object.assign(second!, withIndexBits(second!.parameters, 4));
  }),
  changed('other index bits than its circuits', (trust) => {
    trust.indexBits = 4;
  }),
  changed('a circuit twice', ({ circuits }) => circuits.push(circuits[0]!)),
  changed('two circuits of one tag', ({ circuits: [first, second] }) => {
    second!.tag = first!.tag;
  }),
  changed('no circuit', (trust) => {
    trust.circuits = [];
  }),
  changed('a layout of more slots than totals stay below 2^108 for', ({ circuits: [first] }) => {
    first!.parameters = { ...first!.parameters, rows: 1 << 18 };
  }),
  changed('a signing key in upper case', (trust) => {
    trust.signingKey = 'AB'.repeat(32);
  }),
  changed('a platform that is empty', (trust) => {
    trust.platform = '';
  }),
  changed('a field more', (trust) => {
    Object.assign(trust, { manifestHash: 'ab'.repeat(32) });
  }),
  respelled('the version before', 'format-unknown', (text) => text.replace('trust/v2', 'trust/v1')),
  respelled('a manifest in its place', 'format-unknown', (text) => text.replace('trust/v2', 'manifest/v2')),
  respelled('another spelling', 'json-not-canonical', (text) => text.replace(':', ': ')),
  respelled('no line feed', 'json-not-canonical', (text) => text.trimEnd()),
  respelled('something behind it', 'json-malformed', (text) => `${text.trimEnd()}{}\n`),
  respelled('more than it may have', 'json-too-large', (text) => `"${'x'.repeat(70_000)}"${text}`),
];
