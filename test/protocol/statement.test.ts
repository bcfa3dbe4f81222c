import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  COMPONENT_KINDS,
  formatSignedDecimal,
  sumStatement,
  type NetLine,
} from '../../src/protocol/index.js';

const ASSETS = [
  { symbol: 'BTC', decimals: 8 },
  { symbol: 'ETH', decimals: 18 },
  { symbol: 'JPY', decimals: 0 },
];

const line = (changes: Partial<NetLine> = {}): NetLine => ({
  account: 'a-1',
  asset: 'BTC',
  bucket: 'cross',
  kind: 'cash',
  reference: '',
  value: '1',
  ...changes,
});
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

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

  it.each<[string, readonly NetLine[]]>([
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
