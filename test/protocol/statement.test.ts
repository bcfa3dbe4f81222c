import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  COMPONENT_KINDS,
  encodeCanonicalJson,
  formatSignedDecimal,
  hashStatement,
  hashStatementJson,
  MAX_STATEMENT_LINES,
  parseStatement,
  STATEMENT_FORMAT,
  sumStatement,
  utf8ToBytes,
  type AccountStatement,
  type PositionQuote,
  type PositionValuation,
  type StatementLine,
} from '../../src/protocol/index.js';

const ASSETS = [
  { symbol: 'BTC', decimals: 8 },
  { symbol: 'ETH', decimals: 18 },
  { symbol: 'JPY', decimals: 0 },
];

const line = (changes: Partial<StatementLine> = {}): StatementLine => ({
  account: 'a-1',
  asset: 'BTC',
  bucket: 'cross',
  kind: 'cash',
  reference: '',
  valuation: { of: 'amount', quantity: '1', rounding: 'up' },
  value: '1',
  ...changes,
});
const POSITION: PositionValuation = {
  of: 'position',
  instrument: {
    kind: 'perpetual',
    name: 'BTC-PERP',
    underlying: 'BTC',
    settlementAsset: 'BTC',
    contractSize: '1',
    style: 'inverse',
  },
  quantity: '-2.5',
  entryPrice: '60000.5',
  quote: { kind: 'mark', price: '61000', asset: 'USD', at: '2026-01-31T00:00:00Z', source: 'index "A"' },
  conversion: null,
  rounding: 'up',
};
const future = line({
  kind: 'futures',
  reference: 'p-17',
  valuation: POSITION,
  value: '-0.00000001',
});
const statementOf = (...lines: StatementLine[]): AccountStatement => ({ format: STATEMENT_FORMAT, lines });
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('a statement', () => {
  it('reads back from its canonical JSON, empty references and missing prices included', () => {
    const statement = statementOf(line(), future);
    expect(parseStatement(encodeCanonicalJson(statement))).toEqual(statement);
    expect(parseStatement(encodeCanonicalJson(statementOf()))).toEqual(statementOf());
  });

  it.each<[string, Partial<Record<keyof StatementLine, unknown>>]>([
    ['an empty account', { account: '' }],
    ['an account of 257 bytes', { account: 'é'.repeat(128) + 'x' }],
    ['a bucket with a line feed', { bucket: 'a\nb' }],
    ['an asset that is no symbol', { asset: 'B C' }],
    ['a kind of its own', { kind: 'bonus' }],
    ['a minus before 0', { value: '-0' }],
    ['a plus', { value: '+1' }],
    ['a zero at the end', { value: '1.50' }],
    ['an exponent', { value: '1e3' }],
    ['a number', { value: 1 }],
    ['no value', { value: null }],
    ['a value with 31 digits', { value: '1'.repeat(31) }],
    ['a price with a zero before it', { valuation: { ...POSITION, entryPrice: '01' } }],
    [
      'an instant in another zone',
      { valuation: { ...POSITION, quote: { ...POSITION.quote, at: '2026-01-31T00:00:00+00:00' } } },
    ],
    ['a quantity of 21 digits', { valuation: { ...POSITION, quantity: '1'.repeat(21) } }],
    [
      'a quantity with 19 digits behind the point',
      { valuation: { ...POSITION, quantity: `0.${'1'.repeat(19)}` } },
    ],
    ['a valuation of nothing', { valuation: null }],
    ['an unknown field', { note: '' } as object],
  ])('is refused with %s', (_, changes) => {
    const bytes = encodeCanonicalJson({
      format: STATEMENT_FORMAT,
      lines: [{ ...future, ...changes }],
    });
    expect(() => parseStatement(bytes)).toThrow(refusal('schema-violated'));
  });

  it('is refused in another spelling or version, and with more lines or bytes than it may have', () => {
    const bytes = encodeCanonicalJson(statementOf(line()));
    expect(() => parseStatement(Uint8Array.of(...bytes, 0x0a))).toThrow(refusal('json-not-canonical'));
    const other = encodeCanonicalJson({ ...statementOf(), format: 'solvent/statement/v1' });
    expect(() => parseStatement(other)).toThrow(refusal('format-unknown'));
    const most = new Array<StatementLine>(MAX_STATEMENT_LINES).fill(line({ account: 'a' }));
    expect(parseStatement(encodeCanonicalJson(statementOf(...most))).lines).toHaveLength(MAX_STATEMENT_LINES);
    const wide = most.map((one) => ({
      ...one,
      reference: 'é'.repeat(128),
      bucket: 'é'.repeat(128),
      account: 'é'.repeat(128),
    }));
    expect(() => parseStatement(encodeCanonicalJson(statementOf(...wide)))).toThrow(
      refusal('json-too-large'),
    );
    expect(() => parseStatement(encodeCanonicalJson(statementOf(...most, line())))).toThrow(
      refusal('schema-violated'),
    );
  });
});

describe('the hash of a statement', () => {
  it('is the first 248 bits of SHA-256 of its label and its canonical JSON', () => {
    const text =
      '{"format":"solvent/statement/v2","lines":[{"account":"a-1","asset":"BTC","bucket":"cross","kind":"cash",' +
      '"reference":"","valuation":{"of":"amount","quantity":"1","rounding":"up"},"value":"1"}]}';
    const digest = createHash('sha256').update(`solvent/statement/v2\0${text}`).digest('hex');
    expect(hashStatement(statementOf(line()))).toBe(BigInt(`0x${digest.slice(0, 62)}`));
    expect(hashStatementJson(utf8ToBytes(text))).toBe(hashStatement(statementOf(line())));
  });

  it('differs for each field of a line, for another order, and for none', () => {
    const changes: Partial<StatementLine>[] = [
      { account: 'a-2' },
      { asset: 'ETH' },
      { bucket: 'p-17' },
      { kind: 'options' },
      { reference: 'p-18' },
      { valuation: { ...POSITION, entryPrice: '60000' } },
      { valuation: { ...POSITION, instrument: { ...POSITION.instrument, name: 'ETH-PERP' } } },
      { valuation: { ...POSITION, quantity: '2.5' } },
      { valuation: { ...POSITION, quote: { ...POSITION.quote, source: 'index B' } as PositionQuote } },
      { value: '0.00000001' },
    ];
    expect(new Set(changes.flatMap(Object.keys))).toEqual(new Set(Object.keys(future)));
    const statements = [
      statementOf(),
      statementOf(future),
      statementOf(future, line()),
      statementOf(line(), future),
      ...changes.map((change) => statementOf({ ...future, ...change })),
    ];
    expect(new Set(statements.map(hashStatement)).size).toBe(statements.length);
  });
});

describe('the sum of a statement', () => {
  it('nets within a bucket, and adds up positive and negative buckets apart', () => {
    const lines = [
      line({ value: '2' }),
      line({ kind: 'futures', value: '-0.5', reference: 'p-1' }),
      line({ asset: 'JPY', value: '1000' }),
      line({ asset: 'JPY', kind: 'loan', value: '-1500' }),
      line({ bucket: 'p-9', kind: 'isolated-margin', value: '0.25' }),
      line({ bucket: 'p-9', kind: 'futures', value: '-0.75' }),
      line({ bucket: 'p-9', kind: 'isolated-loss-limit', value: '0.5' }),
      line({ account: 'a-2', value: '-0.00000003' }),
      line({ account: 'a-2', asset: 'ETH', value: '0.000000000000000001' }),
    ];
    expect(sumStatement(lines, ASSETS)).toEqual([
      { assetIndex: 0, equityUnits: 150_000_000n, debtUnits: 3n },
      { assetIndex: 1, equityUnits: 1n, debtUnits: 0n },
      { assetIndex: 2, equityUnits: 0n, debtUnits: 500n },
    ]);
    expect(sumStatement([], ASSETS)).toEqual([]);
    expect(sumStatement([line(), line({ kind: 'loan', value: '-1' })], ASSETS)).toEqual([]);
  });

  it('is what a table of nets gives, for any lines', () => {
    type Row = { account: string; bucket: string; assetIndex: number; kindIndex: number };
    const text = fc.constantFrom('a', 'b', '\u{1f600}', '\uff5e');
    const lineArbitrary = fc.record({
      account: text,
      bucket: text,
      assetIndex: fc.nat(2),
      kindIndex: fc.nat(COMPONENT_KINDS.length - 1),
      units: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    });
    const keyOf = ({ account, bucket, assetIndex, kindIndex }: Row) =>
      Buffer.concat([Buffer.from(`${account}\0${bucket}\0`), Buffer.from([assetIndex, kindIndex])]);
    const lines = fc.uniqueArray(lineArbitrary, { selector: (row) => keyOf(row).toString('hex') });
    fc.assert(
      fc.property(lines, (rows) => {
        rows.sort((a, b) => Buffer.compare(keyOf(a), keyOf(b)));
        const nets = new Map<string, bigint>();
        for (const { account, bucket, assetIndex, units } of rows) {
          const key = `${assetIndex} ${account} ${bucket}`;
          nets.set(key, (nets.get(key) ?? 0n) + units);
        }
        const sum = (assetIndex: number, sign: bigint) =>
          [...nets]
            .filter(([key, net]) => key.startsWith(`${assetIndex} `) && net * sign > 0n)
            .reduce((total, [, net]) => total + net * sign, 0n);
        const expected = [0, 1, 2]
          .map((assetIndex) => ({
            assetIndex,
            equityUnits: sum(assetIndex, 1n),
            debtUnits: sum(assetIndex, -1n),
          }))
          .filter(({ equityUnits, debtUnits }) => equityUnits + debtUnits > 0n);
        const stated = rows.map(({ account, bucket, assetIndex, kindIndex, units }) =>
          line({
            account,
            bucket,
            asset: ASSETS[assetIndex]!.symbol,
            kind: COMPONENT_KINDS[kindIndex]!,
            value: formatSignedDecimal({ coefficient: units, fractionDigits: ASSETS[assetIndex]!.decimals }),
          }),
        );
        expect(sumStatement(stated, ASSETS)).toEqual(expected);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it.each<[string, readonly StatementLine[]]>([
    ['accounts', [line({ account: 'b' }), line({ account: 'a' })]],
    ['accounts by UTF-8', [line({ account: '\u{1f600}' }), line({ account: '\uff5e' })]],
    ['accounts of other lengths', [line({ account: 'ab' }), line({ account: 'a' })]],
    ['buckets', [line({ bucket: 'p-2' }), line({ bucket: 'p-10' })]],
    ['assets', [line({ asset: 'ETH' }), line()]],
    ['kinds', [line({ kind: 'loan' }), line()]],
    ['references', [line({ reference: 'r' }), line()]],
    ['lines, one of them twice', [line(), line()]],
    ['lines that differ in the value alone', [line(), line({ value: '2' })]],
  ])('is refused for another order of %s', (_, lines) => {
    expect(() => sumStatement(lines, ASSETS)).toThrow(refusal('statement-not-sorted'));
  });

  it('is refused for an asset that is not listed, and for a part of a proof unit', () => {
    expect(() => sumStatement([line({ asset: 'DOGE' })], ASSETS)).toThrow(
      refusal('statement-asset-not-listed'),
    );
    expect(() => sumStatement([line(), line({ asset: 'constructor' })], ASSETS)).toThrow(
      refusal('statement-asset-not-listed'),
    );
    expect(() => sumStatement([line({ asset: 'JPY', value: '0.5' })], ASSETS)).toThrow(
      refusal('statement-value-too-fine'),
    );
  });
});
