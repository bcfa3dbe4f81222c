import { BOOLEAN, DOUBLE, VARCHAR, type DuckDBValue } from '@duckdb/node-api';

import { parseInstantNs } from '../../protocol/index.js';
import type { Scratch, Snapshot } from '../../snapshot/index.js';
import { computeInverseGreeks, type PositionGreeks } from '../greeks.js';
import {
  convertAsset,
  countDaysToExpiry,
  findGreeks,
  findPrice,
  hasExpired,
  listPrices,
  loadInstruments,
  type Prices,
  type SealedInstrument,
} from '../instruments.js';

/** What became of one contract of an instrument between two snapshots, in whole units of its settlement asset. */
export type InstrumentMove = {
  readonly isGone: boolean;
  readonly isExpired: boolean;
  readonly isChanged: boolean;
  readonly isLinear: boolean;
  /** What was worth 1 in the beginning is worth so much in the end, for the currency that it is priced in. */
  readonly ratio: number;
  /** What one contract won; null where that is not known. */
  readonly step: number | null;
  /** What each Greek of the beginning explains of it; null where there are none. */
  readonly explained: Omit<PositionGreeks, 'price'> | null;
  readonly daysToExpiry: number | null;
};

/** One of the two ends of a move. */
type End = { readonly instrument: SealedInstrument; readonly prices: Prices };

/** Options by name: those without Greeks, and those whose volatility one of two snapshots does not state but its mark implies. */
export type UnstatedOptions = { readonly withoutGreeks: string[]; readonly implied: string[] };

/** Fills the table `instrument_move` with the instruments of the first of two snapshots. */
export async function loadMoves(
  scratch: Scratch,
  before: Snapshot,
  after: Snapshot,
  decimals: ReadonlyMap<string, number>,
): Promise<UnstatedOptions> {
  const opened = await loadInstruments(scratch, before);
  const closed = await loadInstruments(scratch, after);
  const [openingPrices, closingPrices] = [listPrices(before), listPrices(after)];
  const unstated: UnstatedOptions = { withoutGreeks: [], implied: [] };
  const rows = [...opened.values()].map((instrument) => {
    const end = closed.get(instrument.name);
    const move = describeMove(
      { instrument, prices: openingPrices },
      end === undefined ? undefined : { instrument: end, prices: closingPrices },
      parseInstantNs(after.takenAt),
    );
    if (!move.isGone && move.explained === null) unstated.withoutGreeks.push(instrument.name);
    else if (instrument.isImplied || end?.isImplied === true) unstated.implied.push(instrument.name);
    return toRow(instrument.name, move, 10 ** decimals.get(instrument.settlementAsset)!);
  });
  const types = [VARCHAR, BOOLEAN, BOOLEAN, BOOLEAN, BOOLEAN, ...Array.from({ length: 7 }, () => DOUBLE)];
  await scratch.append('instrument_move', types, [rows]);
  return unstated;
}

function toRow(name: string, move: InstrumentMove, unit: number): DuckDBValue[] {
  const scale = (amount: number | undefined | null) =>
    amount === undefined || amount === null ? null : amount * unit;
  const { delta, gamma, vega, theta } = move.explained ?? {};
  return [
    ...[name, move.isGone, move.isExpired, move.isChanged, move.isLinear, move.ratio, scale(move.step)],
    ...[scale(delta), scale(gamma), scale(vega), scale(theta), move.daysToExpiry],
  ];
}

/**
 * What became of one contract. The Greeks are those of the opening, in the asset that the instrument pays in; a change of
 * the price of that asset's currency is in none of them.
 * @param close undefined where the later snapshot has not the instrument.
 * @param untilNs the later instant, which says whether an instrument that is there no more has expired.
 */
export function describeMove(
  open: End,
  close: End | undefined,
  untilNs = close?.instrument.atNs ?? 0n,
): InstrumentMove {
  const { instrument } = open;
  const isExpired = instrument.expiryNs !== null && instrument.expiryNs <= untilNs;
  const common = {
    isExpired,
    daysToExpiry: instrument.kind === 'option' ? countDaysToExpiry(instrument) : null,
  };
  const nothing = { isChanged: false, isLinear: false, ratio: 1, step: null, explained: null };
  if (close === undefined) return { ...common, ...nothing, isGone: true };
  const [from, to] = [findPrice(instrument, open.prices), findPrice(close.instrument, close.prices)];
  const isChanged = instrument.terms !== close.instrument.terms;
  const moved = { ...common, ...nothing, isGone: false, isChanged };
  if (from === undefined || to === undefined) return moved;
  const size = instrument.contractSize;
  if (instrument.kind === 'option') {
    const explained = explainOption(open, close);
    if (instrument.style === 'premium-paid') {
      const step = size * (to.price * to.conversion - from.price * from.conversion);
      return { ...moved, step, explained };
    }
    return { ...moved, ...gainLinear(from, to, size), explained };
  }
  if (from.asset !== to.asset) return moved;
  if (instrument.style === 'inverse') {
    const step = size * (1 / from.price - 1 / to.price);
    return {
      ...moved,
      step,
      explained: expand(computeInverseGreeks(from.price), to.price - from.price, size),
    };
  }
  const isLinear = from.conversion === to.conversion;
  const delta = size * (to.price - from.price) * from.conversion;
  const explained = { delta, gamma: 0, vega: 0, theta: 0 };
  return { ...moved, ...gainLinear(from, to, size), isLinear, explained };
}

type Priced = NonNullable<ReturnType<typeof findPrice>>;

/** The gain of `size·(mark − entry)·conversion`, whose entry is in the currency of the mark. */
function gainLinear(from: Priced, to: Priced, size: number): Pick<InstrumentMove, 'ratio' | 'step'> {
  if (from.asset !== to.asset) return { ratio: 1, step: null };
  const ratio = from.conversion === 0 ? 1 : to.conversion / from.conversion;
  return { ratio, step: size * (to.price - from.price) * to.conversion };
}

/** By the price alone: first and second order. */
function expand(
  { delta, gamma }: PositionGreeks,
  change: number,
  size: number,
): Omit<PositionGreeks, 'price'> {
  return { delta: size * delta * change, gamma: (size * gamma * change ** 2) / 2, vega: 0, theta: 0 };
}

/**
 * What the Greeks of the opening explain of one contract: by the forward to second order, by the volatility and by time to
 * first. Once it has expired its delivery price stands for the forward, its volatility has not changed, and time has
 * passed up to the expiry alone.
 */
function explainOption(open: End, close: End): Omit<PositionGreeks, 'price'> | null {
  const { instrument, prices } = open;
  const found = findGreeks(instrument);
  const last = close.instrument;
  const isOver = hasExpired(last);
  const forward = isOver ? last.delivery : last.forward;
  const volatility = isOver ? instrument.volatility : last.volatility;
  if (found === undefined || forward === null || volatility === null) return null;
  if (forward.asset !== instrument.forward!.asset) return null;
  const { greeks, asset } = found;
  const scale = instrument.contractSize * convertAsset(prices, asset, instrument.settlementAsset);
  const untilNs = isOver ? instrument.expiryNs! : last.atNs;
  const years = Number(untilNs - instrument.atNs) / instrument.yearNs;
  return {
    ...expand(greeks, forward.price - instrument.forward!.price, scale),
    vega: scale * greeks.vega * (volatility - instrument.volatility!),
    theta: scale * greeks.theta * years,
  };
}
