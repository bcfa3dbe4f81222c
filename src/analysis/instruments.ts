import { join } from 'node:path';

import {
  addStages,
  escapePattern,
  INSTRUMENTS_FILE,
  type Scratch,
  type Snapshot,
} from '../snapshot/index.js';
import { parseInstantNs } from '../protocol/index.js';
import { implyVolatility } from '../presentation/index.js';
import { computeGreeks, type PositionGreeks, type OptionInputs } from './greeks.js';

/** The queries of this room, below `analysis/`. */
addStages('analysis', new URL('./sql', import.meta.url));

/** A price of an instrument in force, and the asset that it is in. */
type PriceIn = { readonly price: number; readonly asset: string };

/** The terms of an instrument and its prices in force at the instant of a snapshot, in floating point. */
export type SealedInstrument = {
  readonly name: string;
  readonly kind: 'future' | 'perpetual' | 'option';
  readonly underlying: string;
  readonly settlementAsset: string;
  /** What its terms are, exactly: two instruments of one name and other terms are not the same. */
  readonly terms: string;
  readonly contractSize: number;
  readonly style: 'linear' | 'inverse' | 'premium-paid' | 'futures-style';
  readonly right: 'call' | 'put' | null;
  readonly strike: number | null;
  readonly expiryNs: bigint | null;
  readonly mark: PriceIn | null;
  readonly delivery: PriceIn | null;
  readonly forward: PriceIn | null;
  readonly volatility: number | null;
  /** Whether the volatility, and the forward where there was none, are not stated but implied: see `implyMissing`. */
  readonly isImplied: boolean;
  readonly rate: number;
  /** Nanoseconds of a year. */
  readonly yearNs: number;
  /** The instant of the snapshot, nanoseconds since 1970 UTC. */
  readonly atNs: bigint;
};

/** What one unit of the underlying, or an option on one, was valued at, and what converts that to the settlement asset. */
type InstrumentPrice = {
  readonly price: number;
  readonly asset: string;
  readonly conversion: number;
};

/** Prices of whole units in the quote currency, by symbol, the quote currency itself included. */
export type Prices = ReadonlyMap<string, number>;

const NS_PER_DAY = 86_400_000_000_000;
const YEAR_DAYS: Readonly<Record<string, number>> = { 'act/365': 365, 'act/365.25': 365.25, 'act/360': 360 };

/** The prices of a snapshot. */
export function listPrices({ assets, quote }: Snapshot): Prices {
  return new Map([
    ...assets.map(({ symbol, price }): [string, number] => [symbol, Number(price)]),
    [quote, 1],
  ]);
}

/** The instruments of a snapshot, by name. */
export async function loadInstruments(
  scratch: Scratch,
  snapshot: Snapshot,
): Promise<ReadonlyMap<string, SealedInstrument>> {
  await scratch.set('instruments_pattern', escapePattern(join(snapshot.directory, INSTRUMENTS_FILE)));
  const atNs = parseInstantNs(snapshot.takenAt);
  const rows = await scratch.select('analysis/instruments/select-instruments');
  const instruments = rows.map((row): SealedInstrument => {
    const settlementAsset = snapshot.assets[row.settlement_index as number]!.symbol;
    const priceIn = (name: string): PriceIn | null =>
      row[`${name}_price`] === null
        ? null
        : { price: row[`${name}_price`] as number, asset: row[`${name}_asset`] as string };
    return {
      name: row.instrument as string,
      kind: row.kind as SealedInstrument['kind'],
      underlying: row.underlying as string,
      settlementAsset,
      terms: `${row.exact_terms as string} ${settlementAsset}`,
      contractSize: row.contract_size as number,
      style: row.style as SealedInstrument['style'],
      right: row.option_right as SealedInstrument['right'],
      strike: row.strike as number | null,
      expiryNs: row.expiry_ns as bigint | null,
      mark: priceIn('mark'),
      delivery: priceIn('delivery'),
      forward: priceIn('forward'),
      volatility: row.volatility as number | null,
      isImplied: false,
      rate: row.rate as number,
      yearNs: YEAR_DAYS[row.day_count as string]! * NS_PER_DAY,
      atNs,
    };
  });
  const prices = listPrices(snapshot);
  return new Map(
    instruments.map((instrument) => [
      instrument.name,
      implyMissing(instrument, { prices, quote: snapshot.quote }),
    ]),
  );
}

/**
 * An option that has a mark and no volatility in force, with the volatility at which its model price is the mark. Where
 * its forward is missing, the price of the underlying stands for it. The same instrument where there is none between 0
 * and 100, as for a mark below what exercise would pay, and whatever else lacks an input.
 */
export function implyMissing(
  instrument: SealedInstrument,
  { prices, quote }: { readonly prices: Prices; readonly quote: string },
): SealedInstrument {
  const { mark, underlying, settlementAsset } = instrument;
  if (instrument.kind !== 'option' || hasExpired(instrument) || mark === null) return instrument;
  if (instrument.forward !== null && instrument.volatility !== null) return instrument;
  const inCoin = isInCoin(instrument);
  const forward = instrument.forward ?? { price: prices.get(underlying) ?? 0, asset: quote };
  const inputs = readOptionInputs({ ...instrument, forward, volatility: 0 });
  if (inputs === undefined) return instrument;
  // What exercise would bring is in the currency of the forward, and a value in the coin is that divided by it.
  const worth = inCoin
    ? mark.price * convertAsset(prices, mark.asset, settlementAsset) * forward.price
    : mark.price * convertAsset(prices, mark.asset, forward.asset);
  const implied = implyVolatility({ ...inputs, isCall: inputs.right === 'call' }, worth);
  if (implied === undefined) return instrument;
  return { ...instrument, forward, volatility: implied, isImplied: true };
}

/** Whether it has expired at the instant of its snapshot. */
export function hasExpired({ expiryNs, atNs }: SealedInstrument): boolean {
  return expiryNs !== null && expiryNs <= atNs;
}

/** Whether an option pays in the asset that it is on. */
function isInCoin({ kind, underlying, settlementAsset }: SealedInstrument): boolean {
  return kind === 'option' && underlying === settlementAsset;
}

/** Calendar days from the instant of the snapshot to the expiry, below 0 behind it; null where it never expires. */
export function countDaysToExpiry({ expiryNs, atNs }: SealedInstrument): number | null {
  return expiryNs === null ? null : Number(expiryNs - atNs) / NS_PER_DAY;
}

/** The inputs of an option's Greeks; undefined where the snapshot has not all of them, or the option has expired. */
export function readOptionInputs(instrument: SealedInstrument): OptionInputs | undefined {
  const { right, strike, forward, volatility, rate, yearNs, expiryNs, atNs } = instrument;
  if (right === null || strike === null || forward === null || volatility === null) return undefined;
  if (forward.price <= 0 || expiryNs === null || expiryNs <= atNs) return undefined;
  return {
    ...{ right, forward: forward.price, strike, volatility, rate },
    years: Number(expiryNs - atNs) / yearNs,
    inCoin: isInCoin(instrument),
  };
}

/** The Greeks of an option on one unit, in the asset that they are in; undefined as `readOptionInputs`. */
export function findGreeks(
  instrument: SealedInstrument,
): { readonly greeks: PositionGreeks; readonly asset: string } | undefined {
  const inputs = readOptionInputs(instrument);
  if (inputs === undefined) return undefined;
  const asset = inputs.inCoin ? instrument.settlementAsset : instrument.forward!.asset;
  return { greeks: computeGreeks(inputs), asset };
}

/** What an instrument was valued at: its delivery price once it has expired, its mark, or for options a model price. */
export function findPrice(instrument: SealedInstrument, prices: Prices): InstrumentPrice | undefined {
  if (hasExpired(instrument)) return findDelivered(instrument, prices);
  if (instrument.mark !== null) return convertPrice(instrument, instrument.mark, prices);
  const modelled = findGreeks(instrument);
  if (modelled === undefined) return undefined;
  return convertPrice(instrument, { price: modelled.greeks.price, asset: modelled.asset }, prices);
}

function findDelivered(instrument: SealedInstrument, prices: Prices): InstrumentPrice | undefined {
  const { kind, delivery, right, strike, settlementAsset } = instrument;
  if (delivery === null) return undefined;
  if (kind !== 'option') return convertPrice(instrument, delivery, prices);
  const gain = right === 'call' ? delivery.price - strike! : strike! - delivery.price;
  const paid = Math.max(0, gain);
  if (isInCoin(instrument)) return { price: paid / delivery.price, asset: settlementAsset, conversion: 1 };
  return convertPrice(instrument, { price: paid, asset: delivery.asset }, prices);
}

function convertPrice(
  { style, settlementAsset }: SealedInstrument,
  { price, asset }: PriceIn,
  prices: Prices,
): InstrumentPrice {
  // The result of an inverse contract is in the coin as it is.
  const conversion = style === 'inverse' ? 1 : convertAsset(prices, asset, settlementAsset);
  return { price, asset, conversion };
}

/** How many whole units of one asset one whole unit of another is worth; 0 where either is worth nothing. */
export function convertAsset(prices: Prices, from: string, to: string): number {
  if (from === to) return 1;
  const [worth, unit] = [prices.get(from) ?? 0, prices.get(to) ?? 0];
  return unit === 0 ? 0 : worth / unit;
}
