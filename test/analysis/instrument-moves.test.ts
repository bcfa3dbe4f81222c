import { describe, expect, it } from 'vitest';

import { describeMove, type InstrumentMove } from '../../src/analysis/attribution/instrument-moves.js';
import type { SealedInstrument } from '../../src/analysis/instruments.js';

const DAY_NS = 86_400_000_000_000n;
const OPENS = '2026-01-30T00:00:00Z';
const OPENS_NS = BigInt(Date.parse(OPENS)) * 1_000_000n;
const PRICES = new Map([
  ['BTC', 90_000],
  ['USDT', 1],
  ['USD', 1],
]);

const CALL: SealedInstrument = {
  ...{ name: 'CALL', kind: 'option', underlying: 'BTC', settlementAsset: 'BTC', terms: 'CALL' },
  ...{ contractSize: 1, style: 'premium-paid', right: 'call', strike: 90_000, expiryNs: OPENS_NS },
  ...{
    mark: null,
    delivery: null,
    forward: { price: 90_000, asset: 'USD' },
    volatility: 0.5,
    isImplied: false,
  },
  ...{ rate: 0, yearNs: 365 * Number(DAY_NS), atNs: OPENS_NS },
};

/** What became of an instrument within a day. */
function move(
  opening: Partial<SealedInstrument>,
  closing: Partial<SealedInstrument>,
  prices = PRICES,
): InstrumentMove {
  const instrument = { ...CALL, ...opening };
  const end = { ...instrument, atNs: OPENS_NS + DAY_NS, ...closing };
  return describeMove({ instrument, prices: PRICES }, { instrument: end, prices });
}

function sumOf({ explained }: InstrumentMove): number {
  const { delta, gamma, vega, theta } = explained!;
  return delta + gamma + vega + theta;
}

/** The share of days' moves of one to three percent, up and down, at the money, that the opening Greeks leave. */
function shareLeft(days: number): number {
  const expiryNs = OPENS_NS + (DAY_NS * BigInt(Math.round(days * 10))) / 10n;
  const moves = [-0.03, -0.02, -0.01, 0.01, 0.02, 0.03].map((change) =>
    move({ expiryNs }, { forward: { price: 90_000 * (1 + change), asset: 'USD' } }),
  );
  const left = moves.reduce((sum, moved) => sum + Math.abs(moved.step! - sumOf(moved)), 0);
  return left / moves.reduce((sum, { step }) => sum + Math.abs(step!), 0);
}

describe('what the Greeks of the opening explain of an option', () => {
  it('is less and less of a day the nearer the expiry is', () => {
    const shares = [90, 30, 7, 2, 1.1].map(shareLeft);
    shares.reduce((before, share) => {
      expect(share).toBeGreaterThan(before);
      return share;
    }, 0);
    // What docs/attribution.md says.
    expect(shares.map((share) => `${(share * 100).toFixed(1)} %`)).toEqual([
      '0.1 %',
      '0.1 %',
      '0.5 %',
      '4.3 %',
      '16.3 %',
    ]);
  });

  it('is time up to the expiry and the way to the delivery price, where it expires in between', () => {
    const moved = move(
      { expiryNs: OPENS_NS + DAY_NS / 2n },
      { forward: null, volatility: null, delivery: { price: 92_700, asset: 'USD' } },
    );
    expect(moved.isExpired).toBe(true);
    expect(moved.step).toBeCloseTo(2700 / 92_700 - 0.0073826, 5);
    expect(moved.explained!.vega).toBe(0);
    // Half a day of −F·φ·σ/(2√T)/F a year.
    expect(moved.explained!.theta).toBeCloseTo(-0.00369, 4);
  });

  it('is not known without forward and volatility at both ends', () => {
    const expiryNs = OPENS_NS + 30n * DAY_NS;
    const mark = { price: 0.05, asset: 'BTC' };
    for (const [opening, closing] of [
      [{ volatility: null, mark }, {}],
      [{ mark }, { volatility: null, mark }],
      [{ mark }, { forward: null, mark }],
      [{ mark }, { forward: { price: 90_000, asset: 'USDT' } }],
    ] as const) {
      const moved = move({ expiryNs, ...opening }, closing);
      expect(moved.explained).toBeNull();
      expect(moved.step).not.toBeNull();
    }
  });
});

describe('what became of a future', () => {
  const FUTURE = { kind: 'future', right: null, strike: null, expiryNs: null } as const;
  const mark = (price: number, asset = 'USDT') => ({ mark: { price, asset } });

  it('is delta alone where it is linear', () => {
    const linear = { ...FUTURE, style: 'linear', settlementAsset: 'USDT', contractSize: 0.1 } as const;
    const moved = move({ ...linear, ...mark(90_000) }, mark(99_000));
    expect(moved).toMatchObject({ isLinear: true, ratio: 1, step: 900, explained: { delta: 900, gamma: 0 } });
  });

  it('is delta at the opening rate where its price is converted; the change of the rate is in none', () => {
    const linear = { ...FUTURE, style: 'linear', settlementAsset: 'USDT' } as const;
    const moved = move(
      { ...linear, ...mark(90_000, 'USD') },
      mark(99_000, 'USD'),
      new Map([...PRICES, ['USDT', 0.99]]),
    );
    expect(moved.isLinear).toBe(false);
    expect(moved.explained!.delta).toBe(9000);
    expect(moved.ratio).toBeCloseTo(1 / 0.99, 12);
    expect(moved.step).toBeCloseTo(9000 / 0.99, 8);
  });

  it('is delta and gamma of the coin where it is inverse, and the third order is left', () => {
    const inverse = { ...FUTURE, style: 'inverse', settlementAsset: 'BTC', contractSize: 100 } as const;
    const moved = move({ ...inverse, ...mark(90_000, 'USD') }, mark(99_000, 'USD'));
    expect(moved.step).toBeCloseTo(100 / 90_000 - 100 / 99_000, 15);
    // A tenth of a percent of notional for ten percent.
    expect(Math.abs(moved.step! - sumOf(moved)) / (100 / 90_000)).toBeCloseTo(0.1 ** 3 / 1.1, 12);
  });

  it('is not known where it is priced in another currency now, and nothing where it is there no more', () => {
    const linear = { ...FUTURE, style: 'linear', settlementAsset: 'USDT' } as const;
    expect(move({ ...linear, ...mark(90_000) }, mark(90_000, 'USD'))).toMatchObject({
      step: null,
      explained: null,
    });
    const future = { ...CALL, ...linear, ...FUTURE };
    const gone = describeMove({ instrument: future, prices: PRICES }, undefined, OPENS_NS + DAY_NS);
    expect(gone).toMatchObject({ isGone: true, isExpired: false, step: null });
  });
});
