import { computeGreeks, computeInverseGreeks } from '../greeks.js';
import {
  convertAsset,
  findPrice,
  hasExpired,
  readOptionInputs,
  type Prices,
  type SealedInstrument,
} from '../instruments.js';

/** Changes of prices and of volatilities: −0.1 is ten percent less, 0.05 five percentage points more. */
export const PRICE_CHANGES = [
  -0.5, -0.4, -0.3, -0.2, -0.15, -0.1, -0.05, 0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5,
] as const;
export const VOLATILITY_SHIFTS = [-0.2, -0.15, -0.1, -0.05, 0, 0.05, 0.1, 0.2, 0.3] as const;

/** Volatilities stay above 0. */
const LEAST_VOLATILITY = 0.01;

/** One cell of the grid. */
export type Shock = {
  /** What the prices of the assets that move are multiplied by. */
  readonly factor: number;
  readonly volatilityShift: number;
  readonly moving: ReadonlySet<string>;
};

/** What a position is worth in a cell: `value · ratio + contracts · step`, in whole units of the settlement asset. */
export type Revaluation = { readonly ratio: number; readonly step: number };

const UNCHANGED: Revaluation = { ratio: 1, step: 0 };

/** The prices of a snapshot under a shock. */
export function shockPrices(prices: Prices, { factor, moving }: Shock): Prices {
  return new Map([...prices].map(([asset, price]) => [asset, moving.has(asset) ? price * factor : price]));
}

/** Whether a shock can be put to an instrument: an option needs forward and volatility, whatever has expired is over. */
export function isShockable(instrument: SealedInstrument): boolean {
  if (hasExpired(instrument)) return false;
  return instrument.kind === 'option' ? readOptionInputs(instrument) !== undefined : instrument.mark !== null;
}

/**
 * What a position in an instrument is worth under a shock. An option moves from its own mark by what its model price moves; a
 * future by its mark. What has expired, and an option without forward or volatility, keeps its price in the settlement
 * asset.
 */
export function revalue(instrument: SealedInstrument, prices: Prices, shock: Shock): Revaluation {
  const price = findPrice(instrument, prices);
  if (price === undefined || !isShockable(instrument)) return UNCHANGED;
  const shocked = shockPrices(prices, shock);
  const { contractSize: size, settlementAsset, style, underlying } = instrument;
  if (instrument.kind === 'option') return revalueOption(instrument, { prices, shocked, shock });
  const factor = shock.moving.has(underlying) ? shock.factor : 1;
  const moved = price.price * factor;
  if (style === 'inverse') return { ratio: 1, step: size * (1 / price.price - 1 / moved) };
  const conversion = convertAsset(shocked, price.asset, settlementAsset);
  return {
    ratio: price.conversion === 0 ? 1 : conversion / price.conversion,
    step: size * (moved - price.price) * conversion,
  };
}

function revalueOption(
  instrument: SealedInstrument,
  { prices, shocked, shock }: { readonly prices: Prices; readonly shocked: Prices; readonly shock: Shock },
): Revaluation {
  const { contractSize: size, settlementAsset, forward, underlying, style } = instrument;
  const inputs = readOptionInputs(instrument)!;
  const moved = {
    ...inputs,
    forward: inputs.forward * (shock.moving.has(underlying) ? shock.factor : 1),
    volatility: Math.max(LEAST_VOLATILITY, inputs.volatility + shock.volatilityShift),
  };
  const change = computeGreeks(moved).price - computeGreeks(inputs).price;
  if (inputs.inCoin) return { ratio: 1, step: size * change };
  const [from, to] = [prices, shocked].map((at) => convertAsset(at, forward!.asset, settlementAsset));
  if (style === 'futures-style') return { ratio: from === 0 ? 1 : to! / from!, step: size * change * to! };
  // Of what was paid for the whole value is converted.
  return { ratio: from === 0 ? 1 : to! / from!, step: size * change * to! };
}

/**
 * The Greeks of one contract by the price of the underlying: delta and gamma of the value in the currency of the price,
 * vega for one percentage point, theta for one calendar day. A contract that is settled in the coin also has those of
 * the value in the coin.
 */
export type ContractGreeks = {
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
  readonly coin: {
    readonly delta: number;
    readonly gamma: number;
    readonly vega: number;
    readonly theta: number;
  } | null;
};

const NS_PER_DAY = 86_400_000_000_000;

/** Undefined for what has expired, and for options without forward or volatility. */
export function findContractGreeks(instrument: SealedInstrument): ContractGreeks | undefined {
  if (!isShockable(instrument)) return undefined;
  const { contractSize: size, style, mark } = instrument;
  const scale = (greeks: { delta: number; gamma: number; vega: number; theta: number }) => ({
    delta: size * greeks.delta,
    gamma: size * greeks.gamma,
    vega: (size * greeks.vega) / 100,
    theta: (size * greeks.theta * NS_PER_DAY) / instrument.yearNs,
  });
  const inputs = readOptionInputs(instrument);
  if (inputs !== undefined) {
    const coin = inputs.inCoin ? scale(computeGreeks(inputs)) : null;
    return { ...scale(computeGreeks({ ...inputs, inCoin: false })), coin };
  }
  const none = { gamma: 0, vega: 0, theta: 0 };
  if (style !== 'inverse') return { delta: size, ...none, coin: null };
  // In the currency of the price at the mark: what the coins are worth, their own change aside.
  return { delta: size / mark!.price, ...none, coin: scale(computeInverseGreeks(mark!.price)) };
}
