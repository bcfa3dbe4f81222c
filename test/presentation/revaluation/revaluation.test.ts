import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  approximateBlack76,
  approximateNormal,
  deriveGreeks,
  findCoverEnds,
  implyVolatility,
  measureCover,
  prepareLines,
  type ApproximateTerms,
} from '../../../src/presentation/index.js';
import { priceBlack76, toRational } from '../../../src/protocol/valuation/index.js';
import {
  amountLine,
  EVERY_POSITION,
  markAt,
  OPTION,
  PERPETUAL,
  positionLine,
  PUBLISHED,
} from '../../protocol/valuation/lines.js';

const LINES = EVERY_POSITION.map(([, line]) => line);
const UNCHANGED = { asset: 'BTC', factor: 1, volatilityShift: 0 };
const ASSETS = PUBLISHED.assets.map(({ symbol, price }) => ({ symbol, price, collateralRatio: '0.9' }));

/** Six digits behind the point, which a double and the exact price read alike. */
const six = (value: number) => BigInt(Math.round(value * 1e6));
const exactOf = ({ isCall, ...terms }: ApproximateTerms): number =>
  Number(
    priceBlack76({
      right: isCall ? 'call' : 'put',
      inCoin: false,
      forward: toRational(six(terms.forward), 6),
      strike: toRational(six(terms.strike), 6),
      volatility: toRational(six(terms.volatility), 6),
      rate: toRational(six(terms.rate), 6),
      years: toRational(six(terms.years), 6),
    })!.coefficient,
  ) / 1e18;
const millionths = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((units) => units / 1e6);
const terms = fc
  .record({
    isCall: fc.boolean(),
    forward: millionths(1_000_000, 2_000_000_000),
    moneyness: millionths(300_000, 3_000_000),
    volatility: millionths(50_000, 3_000_000),
    rate: millionths(-50_000, 200_000),
    years: millionths(3_000, 3_000_000),
  })
  .map(({ moneyness, ...drawn }) => ({
    ...drawn,
    strike: Number(six(drawn.forward * moneyness)) / 1e6,
  }));

describe('an approximate model price', () => {
  it('is the exact one to 10^-9 of the forward, and far closer', () => {
    fc.assert(
      fc.property(terms, (drawn) => {
        const difference = Math.abs(approximateBlack76(drawn) - exactOf(drawn));
        expect(difference).toBeLessThan(1e-12 * drawn.forward);
        expect(difference).toBeLessThan(1e-9 * Math.max(1, exactOf(drawn)));
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('has Greeks that differences of exact prices come to', () => {
    fc.assert(
      fc.property(terms, (drawn) => {
        const { delta, gamma, vega, theta } = deriveGreeks(drawn);
        // Steps of whole millionths, so that both prices are of exactly these numbers.
        const step = Number(six(drawn.forward * 1e-4)) / 1e6;
        const at = (changes: Partial<ApproximateTerms>) => exactOf({ ...drawn, ...changes });
        const [up, down] = [at({ forward: drawn.forward + step }), at({ forward: drawn.forward - step })];
        expect((up - down) / (2 * step)).toBeCloseTo(delta, 3);
        expect(((up - 2 * at({}) + down) / step ** 2) * drawn.forward).toBeCloseTo(gamma * drawn.forward, 1);
        const [more, less] = [
          at({ volatility: drawn.volatility + 1e-5 }),
          at({ volatility: drawn.volatility - 1e-5 }),
        ];
        expect((more - less) / 2e-5 / drawn.forward).toBeCloseTo(vega / drawn.forward, 4);
        const [later, sooner] = [at({ years: drawn.years + 1e-5 }), at({ years: drawn.years - 1e-5 })];
        expect((sooner - later) / 2e-5 / drawn.forward).toBeCloseTo(theta / drawn.forward, 3);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('is found again from the volatility that it implies', () => {
    const drawn = { isCall: true, forward: 61234.5, strike: 60000, rate: 0, years: 0.1 };
    const price = approximateBlack76({ ...drawn, volatility: 0.62 });
    expect(implyVolatility(drawn, price)).toBeCloseTo(0.62, 10);
    expect(implyVolatility(drawn, 1000)).toBeUndefined();
    expect(implyVolatility(drawn, 61235)).toBeUndefined();
  });

  it('has the tails of the normal on both sides', () => {
    expect(approximateNormal(0)).toBeCloseTo(0.5, 15);
    expect(approximateNormal(1.96)).toBeCloseTo(0.9750021048517795, 14);
    expect(approximateNormal(-10) / 7.61985302416053e-24).toBeCloseTo(1, 6);
    expect([approximateNormal(40), approximateNormal(-40)]).toEqual([1, 0]);
  });
});

describe('lines that are revalued', () => {
  it('are worth what they state where nothing moves, but for their rounding', () => {
    for (const { line, revalue } of prepareLines(LINES, PUBLISHED)) {
      const { decimals } = PUBLISHED.assets.find(({ symbol }) => symbol === line.asset)!;
      expect(Math.abs(revalue(UNCHANGED) - Number(line.value))).toBeLessThan(1.000001 * 10 ** -decimals);
    }
  });

  it('move with the price of their underlying, and with that of what they are converted to', () => {
    const scenario = { asset: 'BTC', factor: 1.1, volatilityShift: 0 };
    const line = (name: string) => EVERY_POSITION.find(([stated]) => stated.startsWith(name))![1];
    const worth = (name: string) => prepareLines([line(name)], PUBLISHED)[0]!.revalue(scenario);
    // 3 · 0.01 · (67100.55 - 60000.25), and -1000/(50000 ... 68750).
    expect(worth('a linear perpetual')).toBeCloseTo(213.009, 9);
    expect(worth('an inverse future')).toBeCloseTo(-1000 * (1 / 50000 - 1 / 68750), 12);
    // 20 USD of a quanto on ETH are fewer coins.
    expect(worth('a quanto')).toBeCloseTo(20 / 55000, 12);
    // What has expired pays the same coins.
    expect(worth('an expired call')).toBeCloseTo(-0.2, 12);
  });

  it('move with volatility where they are options, at a mark too', () => {
    const scenario = { asset: 'BTC', factor: 1, volatilityShift: 0.1 };
    const moved = prepareLines(LINES, PUBLISHED).map(
      ({ line, revalue }) => [line.kind, revalue(scenario) - revalue(UNCHANGED)] as const,
    );
    expect(moved.filter(([kind]) => kind === 'futures').every(([, by]) => by === 0)).toBe(true);
    expect(moved.filter(([kind, by]) => kind === 'options' && by !== 0)).toHaveLength(4);
  });

  it('keep a mark that no volatility explains', () => {
    const line = positionLine({ instrument: OPTION, quantity: '1', quote: markAt('2', 'BTC') }, '2');
    const [prepared] = prepareLines([line], PUBLISHED);
    expect(prepared!.revalue({ asset: 'BTC', factor: 2, volatilityShift: 1 })).toBe(2);
    expect(prepared!.greeks).toBeNull();
  });
});

describe('cover', () => {
  const loan = amountLine('-40000', '-40000', { kind: 'loan' });
  const coin = amountLine('1', '1', { asset: 'BTC' });

  it('is what is held at collateral prices less what is owed at full ones', () => {
    const lines = prepareLines([coin, loan], PUBLISHED);
    // 0.9 · 50000 - 40000 · 0.8.
    expect(measureCover(lines, ASSETS, UNCHANGED)).toBeCloseTo(13000, 9);
  });

  it('ends at the price where it is nothing, and is not there where it has ended already', () => {
    const lines = prepareLines([coin, loan], PUBLISHED);
    expect(findCoverEnds(lines, ASSETS, 'BTC')).toEqual({
      below: expect.closeTo(32 / 45, 9) as number,
      above: null,
    });
    expect(findCoverEnds(lines, ASSETS, 'ETH')).toEqual({ below: null, above: null });
    const owed = prepareLines([loan], PUBLISHED);
    expect(findCoverEnds(owed, ASSETS, 'BTC')).toEqual({ below: 1, above: 1 });
  });

  it('of a short future ends above', () => {
    const short = positionLine(
      { instrument: PERPETUAL, quantity: '-100', entryPrice: '50000', quote: markAt('50000', 'USDT') },
      '0',
    );
    const cash = amountLine('10000', '10000', { kind: 'cash' });
    const { below, above } = findCoverEnds(prepareLines([cash, short], PUBLISHED), ASSETS, 'BTC');
    // 10000 = 1 · (price - 50000), netted before the haircut.
    expect([below, above]).toEqual([null, expect.closeTo(1.2, 9)]);
  });
});
