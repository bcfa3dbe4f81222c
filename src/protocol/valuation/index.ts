export {
  countYears,
  DAY_COUNTS,
  hasModelPrice,
  MODEL_PRICE_DIGITS,
  priceBlack76,
  type Black76Terms,
  type DayCount,
  type OptionRight,
} from './black-76.js';
export * from './rational.js';
export { PublishedPrices, type PublishedValuation } from './published-prices.js';
export { recomputeLines, type RecomputedLine } from './recompute-lines.js';
export type { LineCode } from './refuse-line.js';
export {
  assetOfPrice,
  intrinsicInCoin,
  intrinsicOf,
  priceInstrument,
  priceModel,
  readModelTerms,
  valuePosition,
  type InstrumentPosition,
  type PricedInstrument,
  type PricingFault,
} from './value-position.js';
export {
  assetOfQuote,
  comesOutInCoin,
  type Instrument,
  type PositionQuote,
  type PositionValuation,
  type Valuation,
} from '../formats/valuation.js';
