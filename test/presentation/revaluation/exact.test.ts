import { describe, expect, it } from 'vitest';

import { prepareLines, type Scenario } from '../../../src/presentation/index.js';
import { formatDecimal, multiplyDecimals, parseDecimal } from '../../../src/protocol/index.js';
import {
  parseRational,
  priceInstrument,
  valuePosition,
  ZERO,
  type PositionValuation,
} from '../../../src/protocol/valuation/index.js';
import { EVERY_POSITION, MODEL, OPTION, positionLine, PUBLISHED } from '../../protocol/valuation/lines.js';

const FACTORS = ['0.1', '0.55', '0.99', '1', '1.01', '1.75', '3'];
const SHIFTS = ['0', '0.25'];

const times = (price: string, factor: string) =>
  formatDecimal(multiplyDecimals(parseDecimal(price), parseDecimal(factor)));

/** The same position where the price of an asset is another: what the exact formulas are given. */
function move(
  stated: PositionValuation,
  { asset, factor, shift }: { asset: string; factor: string; shift: string },
) {
  const of = (symbol: string, price: string) => (symbol === asset ? times(price, factor) : price);
  const { instrument, quote, conversion } = stated;
  const quoteAsset = quote.kind === 'black-76' ? quote.forward.asset : quote.asset;
  const moved =
    quote.kind === 'settlement'
      ? quote
      : quote.kind === 'mark'
        ? { ...quote, price: of(instrument.underlying, quote.price) }
        : {
            ...quote,
            forward: { ...quote.forward, price: of(instrument.underlying, quote.forward.price) },
            volatility: {
              ...quote.volatility,
              value:
                instrument.underlying === asset
                  ? addDecimals(quote.volatility.value, shift)
                  : quote.volatility.value,
            },
          };
  return {
    ...stated,
    quote: moved,
    conversion: conversion && {
      fromPrice: of(quoteAsset, conversion.fromPrice),
      toPrice: of(instrument.settlementAsset, conversion.toPrice),
    },
  };
}

const addDecimals = (a: string, b: string) => String(Math.round((Number(a) + Number(b)) * 1e6) / 1e6);

/** The exact worth as the nearest double. */
function exactly(stated: PositionValuation): number {
  const priced = priceInstrument(stated);
  if (typeof priced === 'string') throw new Error(priced);
  const entry = stated.entryPrice === null ? ZERO : parseRational(stated.entryPrice);
  const { numerator, denominator } = valuePosition(stated.instrument, priced, {
    quantity: parseRational(stated.quantity),
    entry,
  });
  const scaled = (numerator * 10n ** 30n) / denominator;
  return Number(scaled) / 1e30;
}

/** An option at a mark moves by a volatility that no exact formula has: its model is looked at instead. */
const isMarkedOption = ({ instrument, quote }: PositionValuation) =>
  instrument.kind === 'option' && quote.kind === 'mark';

const PUT = positionLine(
  {
    instrument: { ...OPTION, right: 'put', settlementAsset: 'USDT' },
    quantity: '-7',
    quote: MODEL,
    conversion: { fromPrice: '1', toPrice: '0.8' },
  },
  '0',
);
const POSITIONS: readonly (readonly [string, PositionValuation])[] = [
  ...EVERY_POSITION,
  ['a put', PUT] as const,
].flatMap(([name, { valuation }]) =>
  valuation.of === 'position' && !isMarkedOption(valuation) ? [[name, valuation] as const] : [],
);

describe('a revalued line is the exact value to 10^-9 of what it is the difference of, at every price that a slider has', () => {
  it.each(POSITIONS)('%s', (_, stated) => {
    const line = positionLine(stated, '0');
    const [prepared] = prepareLines([line], PUBLISHED);
    let compared = 0;
    for (const asset of ['BTC', 'USDT', 'ETH']) {
      for (const factor of FACTORS) {
        for (const shift of SHIFTS) {
          const scenario: Scenario = { asset, factor: Number(factor), volatilityShift: Number(shift) };
          const exact = exactly(move(stated, { asset, factor, shift }));
          const scale = Math.max(prepared!.exposure, Math.abs(exact));
          expect(Math.abs(prepared!.revalue(scenario) - exact)).toBeLessThanOrEqual(1e-9 * scale);
          compared += 1;
        }
      }
    }
    expect(compared).toBe(42);
  });

  it('and is not another line’s', () => {
    const [, stated] = POSITIONS[0]!;
    const [prepared] = prepareLines([positionLine(stated, '0')], PUBLISHED);
    const other = exactly({ ...stated, quantity: '4' });
    const { revalue, exposure } = prepared!;
    expect(Math.abs(revalue({ asset: '', factor: 1, volatilityShift: 0 }) - other)).toBeGreaterThan(
      1e-9 * exposure,
    );
  });
});
