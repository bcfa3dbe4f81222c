import { describe, expect, it } from 'vitest';

import {
  alignColumns,
  formatAmount,
  formatCount,
  formatInstant,
  formatMoney,
  formatNumber,
  formatValue,
  makePrintable,
  renderTable,
  toNumberColumn,
  typesetAmount,
} from '../../src/presentation/index.js';

describe('money', () => {
  it.each([
    ['0', 8, '0.00000000'],
    ['1', 8, '0.00000001'],
    ['7', 2, '0.07'],
    ['123450000000', 8, '1,234.50000000'],
    ['123456789012', 2, '1,234,567,890.12'],
    ['999', 0, '999'],
    ['1000', 0, '1,000'],
    ['-100000', 2, '-1,000.00'],
    ['-1', 8, '-0.00000001'],
    [(2n ** 108n - 1n).toString(), 18, '324,518,553,658,426.726783156020576255'],
  ])('of %s units of %i decimals is %s', (units, decimals, text) => {
    expect(formatMoney(units, decimals)).toBe(text);
  });

  it('has the digits that it is given, and more where they are asked for', () => {
    expect(formatAmount('-1234.5')).toBe('-1,234.5');
    expect(formatAmount('-123.5', 2)).toBe('-123.50');
    expect(formatAmount('0.123456789', 2)).toBe('0.123456789');
    expect(formatAmount('12')).toBe('12');
    expect(typesetAmount('-1234.5', 2)).toBe('−1,234.50');
    expect(typesetAmount('1234.5')).toBe('1,234.5');
  });

  it('is cut after two digits as a value, and never rounded', () => {
    expect(['646.4', '-0.999', '1000000', '1234.5678'].map(formatValue)).toEqual([
      '646.40',
      '-0.99',
      '1,000,000',
      '1,234.56',
    ]);
  });
});

describe('counts', () => {
  it('have their thousands apart, and a noun that goes with them', () => {
    expect([0, 999, 1000, 1_234_567].map((count) => formatNumber(count))).toEqual([
      '0',
      '999',
      '1,000',
      '1,234,567',
    ]);
    expect(formatNumber(2n ** 64n)).toBe('18,446,744,073,709,551,616');
    expect(formatNumber(1234.56, 1)).toBe('1,234.6');
    expect(formatCount(1, 'account')).toBe('1 account');
    expect(formatCount(2000, 'batch', 'batches')).toBe('2,000 batches');
  });
});

describe('instants', () => {
  it('are as people say them, with all of their digits', () => {
    expect(formatInstant('2026-01-31T00:00:00Z')).toBe('31 January 2026, 00:00:00 UTC');
    expect(formatInstant('2026-12-01T23:59:59.125Z')).toBe('1 December 2026, 23:59:59.125 UTC');
  });

  it('are left as they are where they are none', () => {
    expect(formatInstant('yesterday')).toBe('yesterday');
    expect(formatInstant('2026-13-01T00:00:00Z')).toBe('2026-13-01T00:00:00Z');
  });
});

describe('texts of others', () => {
  it('cannot steer a terminal, hide or reorder what is around them', () => {
    expect(makePrintable('a\u001b[2Jb')).toBe('a\\u{1b}[2Jb');
    expect(makePrintable('a\u202eb\u200bc\u2028d\ne')).toBe('a\\u{202e}b\\u{200b}c\\u{2028}d\\u{a}e');
    expect(makePrintable('Zürich, 東京 – 5 €')).toBe('Zürich, 東京 – 5 €');
  });
});

describe('a table in plain text', () => {
  it('has its numbers end at the same place, under a ruled heading', () => {
    const table = renderTable(
      [{ title: 'asset' }, toNumberColumn('equity')],
      [
        ['BTC', '1.5'],
        ['USDT', '20,000'],
      ],
    );
    expect(table).toBe('  asset  equity\n  ─────  ──────\n  BTC       1.5\n  USDT   20,000\n');
  });

  it('has no blanks at the end of its lines, and may be empty', () => {
    expect(
      alignColumns([
        ['long', ''],
        ['x', 'y'],
      ]),
    ).toEqual(['long', 'x     y']);
    expect(alignColumns([])).toEqual([]);
  });
});
