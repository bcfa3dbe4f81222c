import { describe, expect, it } from 'vitest';

import {
  encodeCanonicalJson,
  parseStatement,
  STATEMENT_FORMAT,
  type PositionValuation,
  type StatementLine,
} from '../../../src/protocol/index.js';
import { recomputeLines } from '../../../src/protocol/valuation/index.js';
import {
  amountLine,
  deliveryAt,
  EVERY_POSITION,
  expired,
  INVERSE,
  markAt,
  MODEL,
  netLine,
  OPTION,
  PERPETUAL,
  positionLine,
  PUBLISHED,
} from './lines.js';

const refusal = (code: string, line = 1) =>
  expect.objectContaining({ code, errorClass: 'verification', details: { line } }) as Error;

const unitsOf = (...lines: StatementLine[]) => recomputeLines(lines, PUBLISHED).map(({ units }) => units);

/** The same line with its value one proof unit higher or lower. */
function shift(line: StatementLine, by: bigint): StatementLine {
  const { decimals } = PUBLISHED.assets.find(({ symbol }) => symbol === line.asset)!;
  const [whole = '', fraction = ''] = line.value.replace('-', '').split('.');
  const sign = line.value.startsWith('-') ? -1n : 1n;
  const units = sign * BigInt(whole + fraction.padEnd(decimals, '0')) + by;
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  const value = decimals === 0 ? text : text.replace(/\.?0+$/, '');
  return { ...line, value: units < 0n ? `-${value}` : value };
}

describe('the value of a line', () => {
  it.each(EVERY_POSITION)('is made again for %s', (_, line) => {
    const bytes = encodeCanonicalJson({ format: STATEMENT_FORMAT, lines: [line] });
    const [recomputed] = recomputeLines(parseStatement(bytes).lines, PUBLISHED);
    expect(recomputed!.line).toEqual(line);
    expect(recomputed!.priced).not.toBeNull();
  });

  it.each(EVERY_POSITION)('is refused where it is one proof unit off, for %s', (_, line) => {
    for (const by of [1n, -1n]) {
      expect(() => unitsOf(shift(line, by))).toThrow(refusal('statement-line-differs'));
    }
    expect(unitsOf(shift(shift(line, 1n), -1n))).toHaveLength(1);
  });

  it('is an amount, rounded up to the proof unit for either sign', () => {
    expect(unitsOf(amountLine('12.345', '12.35'), amountLine('-12.345', '-12.34', { kind: 'loan' }))).toEqual(
      [1235n, -1234n],
    );
    const dust = '-0.000000000000000001';
    expect(unitsOf(amountLine(dust, '0'))).toEqual([0n]);
    expect(() => unitsOf(amountLine('12.345', '12.34'))).toThrow(refusal('statement-line-differs'));
    expect(() => unitsOf(amountLine('0', '0'), amountLine('1', '0.99'))).toThrow(
      refusal('statement-line-differs', 2),
    );
  });

  it('is of a listed asset, and a whole number of its proof units', () => {
    const line = amountLine('1', '1', { asset: 'DOGE' });
    expect(() => unitsOf(line)).toThrow(expect.objectContaining({ code: 'statement-asset-not-listed' }));
    const fine = amountLine('0.001', '0.001');
    expect(() => unitsOf(fine)).toThrow(expect.objectContaining({ code: 'statement-value-too-fine' }));
  });
});

type Change = readonly [field: string, change: (stated: PositionValuation) => unknown];

/** What a number becomes that is larger by one of its last digit. */
const next = (decimal: string) =>
  decimal.replace(/[0-9](?=[^0-9]*$)/, (digit) => (digit === '9' ? '8' : String(Number(digit) + 1)));

/** Each field that the value follows from, changed by one unit of what it is stated in: at a mark no strike counts. */
const CHANGES: readonly Change[] = [
  ['quantity', (stated) => ({ quantity: next(stated.quantity) })],
  ['entry price', (stated) => ({ entryPrice: stated.entryPrice && next(stated.entryPrice) })],
  [
    'contract size',
    ({ instrument }) => ({ instrument: { ...instrument, contractSize: next(instrument.contractSize) } }),
  ],
  [
    'strike',
    ({ instrument, quote }) => ({
      instrument:
        instrument.kind === 'option' && quote.kind !== 'mark'
          ? { ...instrument, strike: next(instrument.strike) }
          : instrument,
    }),
  ],
  [
    'right',
    ({ instrument, quote }) => ({
      instrument:
        instrument.kind === 'option' && quote.kind !== 'mark'
          ? { ...instrument, right: instrument.right === 'call' ? 'put' : 'call' }
          : instrument,
    }),
  ],
  [
    'price',
    ({ quote }) => ({ quote: quote.kind === 'black-76' ? quote : { ...quote, price: next(quote.price) } }),
  ],
  [
    'forward',
    ({ quote }) => ({
      quote:
        quote.kind === 'black-76'
          ? { ...quote, forward: { ...quote.forward, price: next(quote.forward.price) } }
          : quote,
    }),
  ],
  [
    'volatility',
    ({ quote }) => ({
      quote:
        quote.kind === 'black-76'
          ? { ...quote, volatility: { ...quote.volatility, value: next(quote.volatility.value) } }
          : quote,
    }),
  ],
  [
    'rate',
    ({ quote }) => ({ quote: quote.kind === 'black-76' ? { ...quote, rate: next(quote.rate) } : quote }),
  ],
  [
    'day count',
    ({ quote }) => ({ quote: quote.kind === 'black-76' ? { ...quote, dayCount: 'act/360' } : quote }),
  ],
  [
    'expiry by a second',
    ({ instrument, quote }) => ({
      instrument:
        quote.kind === 'black-76' && instrument.kind === 'option'
          ? { ...instrument, expiry: '2026-02-27T00:00:01Z' }
          : instrument,
    }),
  ],
  [
    'price to convert from',
    ({ conversion }) => ({
      conversion: conversion && { ...conversion, fromPrice: next(conversion.fromPrice) },
    }),
  ],
  [
    'price to convert to',
    ({ conversion }) => ({ conversion: conversion && { ...conversion, toPrice: next(conversion.toPrice) } }),
  ],
];

describe('a line that is changed by one unit in', () => {
  it.each(CHANGES)('its %s is refused, whatever it is of', (_, change) => {
    const outcomes = EVERY_POSITION.map(([name, line]) => {
      // So many contracts that the last digit of each field shows in whole proof units.
      const many = grow(line);
      const { valuation } = many as { valuation: PositionValuation };
      const changed = { ...valuation, ...(change(valuation) as Partial<PositionValuation>) };
      if (JSON.stringify(changed) === JSON.stringify(valuation)) return undefined;
      expect(unitsOf(many), name).toHaveLength(1);
      try {
        unitsOf({ ...many, valuation: changed });
        return 'nothing';
      } catch (error) {
        return (error as { code: string }).code;
      }
    }).filter((outcome) => outcome !== undefined);
    expect(outcomes.length).toBeGreaterThan(0);
    // What pays nothing pays nothing at a price that is a little different.
    const refused = outcomes.filter((outcome) => outcome !== 'nothing');
    expect(outcomes.length - refused.length).toBeLessThanOrEqual(1);
    expect(new Set(refused).size).toBe(1);
  });
});

/** The same line with a million times as many contracts, at the value that follows. */
function grow(line: StatementLine): StatementLine {
  const valuation = line.valuation as PositionValuation;
  const grown = { ...valuation, quantity: `${valuation.quantity}000000` };
  const { decimals } = PUBLISHED.assets.find(({ symbol }) => symbol === line.asset)!;
  const exact = twinValue(grown);
  return { ...line, valuation: grown, value: toText(ceilUnits(exact, decimals), decimals) };
}

describe('every line of a statement', () => {
  it('is that of a slow twin in fractions of plain integers', () => {
    for (const [name, line] of EVERY_POSITION) {
      const { decimals } = PUBLISHED.assets.find(({ symbol }) => symbol === line.asset)!;
      const twin = ceilUnits(twinValue(line.valuation as PositionValuation), decimals);
      expect(unitsOf(line), name).toEqual([twin]);
    }
  });

  it('has the price of its instrument that the lines before have', () => {
    const [, first] = EVERY_POSITION[0]!;
    const other = positionLine(
      { instrument: PERPETUAL, quantity: '1', entryPrice: '61000', quote: markAt('61000.5', 'USDT') },
      '0.01',
    );
    expect(unitsOf(first, { ...other, reference: 'p-2' })).toEqual([3001n, 1n]);
    const moved = positionLine(
      { instrument: PERPETUAL, quantity: '1', entryPrice: '61000', quote: markAt('61000.6', 'USDT') },
      '0.01',
    );
    expect(() => unitsOf(first, moved)).toThrow(refusal('statement-instrument-differs', 2));
  });
});

describe('a price', () => {
  const line = (stated: Partial<PositionValuation>) =>
    positionLine(
      { instrument: PERPETUAL, quantity: '1', entryPrice: '60000', quote: markAt('60000', 'USD'), ...stated },
      '0',
    );

  it('that a line converts with is the published one', () => {
    expect(unitsOf(line({ conversion: { fromPrice: '1', toPrice: '0.8' } }))).toEqual([0n]);
    for (const conversion of [
      { fromPrice: '1.000001', toPrice: '0.8' },
      { fromPrice: '1', toPrice: '0.800001' },
    ])
      expect(() => unitsOf(line({ conversion }))).toThrow(refusal('statement-price-differs'));
    const quote = markAt('60000', 'DOGE');
    expect(() => unitsOf(line({ quote, conversion: { fromPrice: '1', toPrice: '0.8' } }))).toThrow(
      refusal('statement-price-differs'),
    );
    const worthless = { quote: markAt('60000', 'DEAD'), conversion: { fromPrice: '1', toPrice: '0.8' } };
    expect(() => unitsOf(line(worthless))).toThrow(refusal('statement-price-differs'));
  });

  it('of an inverse contract is in a published currency', () => {
    const inverse = positionLine(
      { instrument: INVERSE, quantity: '1', entryPrice: '60000', quote: markAt('60000', 'DOGE') },
      '0',
    );
    expect(() => unitsOf(inverse)).toThrow(refusal('statement-price-differs'));
  });

  it.each<[string, PositionValuation['instrument'], PositionValuation['quote']]>([
    ['a mark after the expiry', expired(INVERSE), markAt('60000', 'USD')],
    ['a delivery price before the expiry', INVERSE, deliveryAt('60000', 'USD')],
    [
      'a delivery price from before the expiry',
      expired(INVERSE),
      { ...deliveryAt('60000', 'USD'), at: '2026-01-30T22:59:59.999999999Z' } as PositionValuation['quote'],
    ],
    [
      'a mark from after the instant',
      INVERSE,
      { ...markAt('60000', 'USD'), at: '2026-01-31T00:00:00.000000001Z' } as PositionValuation['quote'],
    ],
    ['a model price after the expiry', expired(OPTION), MODEL],
    ['a model price of another instant', OPTION, { ...MODEL, valuedAt: '2026-01-30T23:59:59Z' }],
    [
      'a forward from after the instant',
      OPTION,
      { ...MODEL, forward: { ...MODEL.forward, at: '2026-01-31T00:00:01Z' } },
    ],
    [
      'a volatility older than the published age by a nanosecond',
      OPTION,
      { ...MODEL, volatility: { ...MODEL.volatility, at: '2026-01-30T23:49:59.999999999Z' } },
    ],
  ])('is refused that is %s', (_, instrument, quote) => {
    const entryPrice = instrument.kind === 'option' ? null : '60000';
    const stated = { instrument, quote, entryPrice, quantity: '1' };
    expect(() => unitsOf(positionLine(stated, '0'))).toThrow(refusal('statement-quote-unfit'));
  });

  it.each<[string, Partial<typeof MODEL>]>([
    ['a rate beyond the model', { rate: '1.5' }],
    ['a volatility beyond it', { volatility: { ...MODEL.volatility, value: '101' } }],
  ])('is refused with %s', (_, changes) => {
    const stated = { instrument: OPTION, quote: { ...MODEL, ...changes }, quantity: '1' };
    expect(() => unitsOf(positionLine(stated, '0'))).toThrow(refusal('statement-model-unfit'));
  });
});

describe('a line that follows from other lines', () => {
  const isolated = { bucket: 'p-1' };
  const margin = amountLine('100', '100', { ...isolated, kind: 'isolated-margin' });
  const loss = (quantity: string, value: string) =>
    amountLine(quantity, value, { ...isolated, kind: 'funding' });
  const limit = (value: string, changes: Partial<StatementLine> = {}) =>
    netLine('isolated-loss-limit', value, { ...isolated, ...changes });

  it('takes an isolated position that lost more than its margin to nothing', () => {
    expect(unitsOf(loss('-150', '-150'), margin, limit('50'))).toEqual([-15000n, 10000n, 5000n]);
  });

  it.each<[string, readonly StatementLine[], number]>([
    ['by a unit less', [loss('-150', '-150'), margin, limit('49.99')], 3],
    ['by a unit more', [loss('-150', '-150'), margin, limit('50.01')], 3],
    ['where the margin covers the loss', [loss('-50', '-50'), margin, limit('-50')], 3],
    [
      'in one of two assets alone',
      [
        loss('-150', '-150'),
        margin,
        limit('50'),
        amountLine('-1', '-1', { ...isolated, kind: 'funding', asset: 'ETH' }),
      ],
      3,
    ],
    [
      'in the cross account',
      [amountLine('-50', '-50', { kind: 'loan' }), netLine('isolated-loss-limit', '50')],
      2,
    ],
  ])('is refused %s', (_, lines, index) => {
    expect(() => unitsOf(...lines)).toThrow(refusal('statement-line-differs', index));
  });

  it('is no limit where another asset of the position covers the loss at the published prices', () => {
    const coin = amountLine('0.01', '0.01', { ...isolated, asset: 'BTC', kind: 'isolated-margin' });
    const taken = limit('-0.01', { asset: 'BTC' });
    const forgiven = limit('600');
    // 0.01 BTC are 500 USD; 600 USDT are 480 USD, and 650 are 520.
    expect(() => unitsOf(coin, taken, loss('-600', '-600'), forgiven)).toThrow(
      refusal('statement-line-differs', 2),
    );
    expect(unitsOf(coin, taken, loss('-650', '-650'), limit('650'))).toHaveLength(4);
  });

  it('writes a debt off, and nothing but a debt', () => {
    const loan = amountLine('-7', '-7', { kind: 'loan' });
    expect(unitsOf(loan, netLine('write-off', '7'))).toEqual([-700n, 700n]);
    for (const value of ['6.99', '7.01', '-7'])
      expect(() => unitsOf(loan, netLine('write-off', value))).toThrow(refusal('statement-line-differs', 2));
    expect(() => unitsOf(amountLine('7', '7'), netLine('write-off', '-7'))).toThrow(
      refusal('statement-line-differs', 2),
    );
  });
});

type Fraction = readonly [bigint, bigint];

/** The value of a position as the table of the books writes it, by plain fractions. */
function twinValue({ instrument, quantity, entryPrice, quote, conversion }: PositionValuation): Fraction {
  const read = (text: string): Fraction => {
    const [whole, fraction = ''] = text.split('.');
    return [BigInt(whole! + fraction), 10n ** BigInt(fraction.length)];
  };
  const times = (a: Fraction, b: Fraction): Fraction => [a[0] * b[0], a[1] * b[1]];
  const over = (a: Fraction, b: Fraction): Fraction => [a[0] * b[1], a[1] * b[0]];
  const minus = (a: Fraction, b: Fraction): Fraction => [a[0] * b[1] - b[0] * a[1], a[1] * b[1]];
  const inCoin = instrument.kind === 'option' && instrument.underlying === instrument.settlementAsset;
  let mark: Fraction;
  // By mpmath 1.3.0 with 60 digits: the same inputs as in the tests of the model.
  if (quote.kind === 'black-76') mark = read(inCoin ? '0.076794429583251437' : '4702.468498315610142333');
  else mark = read(quote.price);
  if (instrument.kind === 'option' && quote.kind === 'settlement') {
    const [s, k] = [mark, read(instrument.strike)];
    const pays = instrument.right === 'call' ? minus(s, k) : minus(k, s);
    mark = pays[0] > 0n ? pays : [0n, 1n];
    if (inCoin) mark = over(mark, s);
  }
  const size = times(read(quantity), read(instrument.contractSize));
  const entry = read(entryPrice ?? '0');
  const one: Fraction = [1n, 1n];
  if (instrument.style === 'inverse') return times(size, minus(over(one, entry), over(one, mark)));
  const rate = conversion === null ? one : over(read(conversion.fromPrice), read(conversion.toPrice));
  return times(times(size, minus(mark, entry)), rate);
}

function ceilUnits([numerator, denominator]: Fraction, decimals: number): bigint {
  const scaled = numerator * 10n ** BigInt(decimals);
  const cut = scaled / denominator;
  return cut * denominator < scaled ? cut + 1n : cut;
}

function toText(units: bigint, decimals: number): string {
  return shift({ ...amountLine('0', '0'), asset: symbolOf(decimals), value: '0' }, units).value;
}

function symbolOf(decimals: number): string {
  return PUBLISHED.assets.find((asset) => asset.decimals === decimals)!.symbol;
}
