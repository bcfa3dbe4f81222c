import { parseDecimal, scaleDown } from '../../../src/protocol/index.js';

/** An instrument of the made-up venue. Decimals are texts; instants are RFC 3339. */
export type MadeInstrument = {
  readonly instrument: string;
  readonly kind: 'future' | 'perpetual' | 'option';
  readonly underlying: string;
  readonly settlementAsset: string;
  /** Units of the underlying; of the quote currency where the contract is inverse. */
  readonly contractSize: string;
  readonly style: 'linear' | 'inverse' | 'premium-paid' | 'futures-style';
  readonly strike?: string;
  readonly expiry?: string;
  readonly right?: 'call' | 'put';
  readonly netted: boolean;
  /** The least quantity that is traded, in contracts. */
  readonly quantityStep: string;
  /** What one contract puts at stake, in the quote currency: its notional, or what its short side owes at most. */
  readonly stake: string;
  /** The price around which positions are entered. */
  readonly entry: string;
  /** How exactly entry prices are stated. */
  readonly tick: string;
  readonly series: readonly MadeSeries[];
};

/** A series of marks; one that settles has a single row, at the expiry. */
export type MadeSeries = {
  readonly kind: 'mark' | 'settlement' | 'forward' | 'volatility';
  readonly price: string;
  readonly priceAsset: string | null;
};

/** The instant whose books the venue writes. */
export const VENUE_INSTANT = '2026-01-31T00:00:00Z';
/** The instant a day before, whose books it writes as well where it is asked to. */
export const EARLIER_INSTANT = '2026-01-30T00:00:00Z';

const MARCH = '2026-03-27T08:00:00Z';
const FEBRUARY = '2026-02-27T08:00:00Z';
const SEPTEMBER = '2026-09-25T08:00:00Z';
/** Before the instant: these are not settled yet. */
const EXPIRED = '2026-01-30T08:00:00Z';

const LINEAR = {
  style: 'linear',
  contractSize: '0.001',
  quantityStep: '1',
  tick: '0.1',
  netted: true,
} as const;
const INVERSE = { style: 'inverse', quantityStep: '1', tick: '0.5', netted: true } as const;
const OPTION = { kind: 'option', contractSize: '1', quantityStep: '0.0001', netted: true } as const;
const COIN_SETTLED = { ...OPTION, style: 'premium-paid', tick: '0.0005' } as const;

const marked = (price: string, priceAsset: string): readonly MadeSeries[] => [
  { kind: 'mark', price, priceAsset },
];
/** What an option's Greeks follow from: its mark is the model price of these. */
const modelled = (forward: string, volatility: string, priceAsset = 'USD'): readonly MadeSeries[] => [
  { kind: 'forward', price: forward, priceAsset },
  { kind: 'volatility', price: volatility, priceAsset: null },
];

/**
 * Perpetuals and dated futures, linear and inverse; options settled in the coin and futures-style ones, all with forward and
 * volatility. One option has no mark but these; a future and an option have expired and are not settled; one perpetual is hedged
 * elsewhere, so that its longs and shorts differ.
 */
export const INSTRUMENTS: readonly MadeInstrument[] = [
  {
    ...LINEAR,
    ...{ instrument: 'BTC-USDT-PERP', kind: 'perpetual', underlying: 'BTC', settlementAsset: 'USDT' },
    ...{ stake: '97.3', entry: '97260', series: marked('97261.5', 'USDT') },
  },
  {
    ...LINEAR,
    ...{ instrument: 'ETH-USDC-PERP', kind: 'perpetual', underlying: 'ETH', settlementAsset: 'USDC' },
    ...{ stake: '3.42', entry: '3413', netted: false, series: marked('3413.05', 'USDC') },
  },
  {
    ...LINEAR,
    ...{ instrument: 'BTC-USDT-27MAR26', kind: 'future', underlying: 'BTC', settlementAsset: 'USDT' },
    ...{ expiry: MARCH, stake: '98.5', entry: '98420', series: marked('98424', 'USDT') },
  },
  {
    ...INVERSE,
    ...{ instrument: 'BTC-USD-PERP', kind: 'perpetual', underlying: 'BTC', settlementAsset: 'BTC' },
    ...{ contractSize: '10', stake: '10', entry: '97255', series: marked('97256.5', 'USD') },
  },
  {
    ...INVERSE,
    ...{ instrument: 'ETH-USD-27MAR26', kind: 'future', underlying: 'ETH', settlementAsset: 'ETH' },
    ...{ contractSize: '1', expiry: MARCH, stake: '1', entry: '3453', series: marked('3453.25', 'USD') },
  },
  {
    ...LINEAR,
    ...{ instrument: 'BTC-USDT-30JAN26', kind: 'future', underlying: 'BTC', settlementAsset: 'USDT' },
    ...{ expiry: EXPIRED, stake: '96.9', entry: '96800' },
    series: [...marked('97010', 'USDT'), { kind: 'settlement', price: '96842.37', priceAsset: 'USDT' }],
  },
  {
    ...COIN_SETTLED,
    ...{ instrument: 'BTC-27FEB26-100000-C', underlying: 'BTC', settlementAsset: 'BTC' },
    ...{ strike: '100000', expiry: FEBRUARY, right: 'call', stake: '3550', entry: '0.0365' },
    series: [...marked('0.0365', 'BTC'), ...modelled('97850', '0.42406830')],
  },
  {
    ...COIN_SETTLED,
    ...{ instrument: 'BTC-27FEB26-90000-P', underlying: 'BTC', settlementAsset: 'BTC' },
    ...{ strike: '90000', expiry: FEBRUARY, right: 'put', stake: '2085', entry: '0.0214' },
    series: [...marked('2081.4', 'USD'), ...modelled('97850', '0.49725633')],
  },
  {
    ...COIN_SETTLED,
    ...{ instrument: 'ETH-27FEB26-3600-C', underlying: 'ETH', settlementAsset: 'ETH' },
    ...{ strike: '3600', expiry: FEBRUARY, right: 'call', stake: '162', entry: '0.0475' },
    series: [...marked('0.0472', 'ETH'), ...modelled('3432', '0.61845620')],
  },
  {
    ...OPTION,
    ...{ instrument: 'BTC-USDT-27MAR26-105000-C', underlying: 'BTC', settlementAsset: 'USDT' },
    ...{ style: 'futures-style', strike: '105000', expiry: MARCH, right: 'call', tick: '5' },
    ...{ stake: '4100', entry: '4060' },
    series: [...marked('4055', 'USDT'), ...modelled('98424', '0.43569916', 'USDT')],
  },
  {
    ...COIN_SETTLED,
    ...{ instrument: 'BTC-25SEP26-120000-C', underlying: 'BTC', settlementAsset: 'BTC' },
    ...{ strike: '120000', expiry: SEPTEMBER, right: 'call', stake: '15000', entry: '0.1' },
    series: modelled('101350', '0.5425'),
  },
  {
    ...COIN_SETTLED,
    ...{ instrument: 'BTC-30JAN26-95000-C', underlying: 'BTC', settlementAsset: 'BTC' },
    ...{ strike: '95000', expiry: EXPIRED, right: 'call', stake: '1900', entry: '0.019' },
    series: [
      ...marked('0.021', 'BTC'),
      ...modelled('97100', '0.55'),
      { kind: 'settlement', price: '96842.37', priceAsset: 'USD' },
    ],
  },
];

/** A decimal as an integer of 10^-digits. */
export function scaleText(text: string, digits: number): bigint {
  const { units, exact } = scaleDown(parseDecimal(text), digits);
  if (!exact) throw new RangeError(`expected a decimal of at most ${digits} fraction digits, got ${text}`);
  return units;
}
