import { BIGINT, DOUBLE, VARCHAR } from '@duckdb/node-api';

import type { BooksConfig, LoadedPeriod, ResultRow, Scratch, Snapshot } from '../../snapshot/index.js';
import {
  implyMissing,
  listPrices,
  loadInstruments,
  type Prices,
  type SealedInstrument,
} from '../instruments.js';
import { describeMove } from './instrument-moves.js';

type Run = {
  readonly before: Snapshot;
  readonly config: BooksConfig;
  readonly period: LoadedPeriod;
};

/** Fills the table `performance`: returns of all accounts, between flows where their values are known there. */
export async function computeReturns(scratch: Scratch, { before, config, period }: Run): Promise<void> {
  const run = (name: string) => scratch.run(`analysis/performance/${name}`);
  await scratch.set('quote', config.quote);
  await scratch.set('max_mark_age_ns', config.maxMarkAgeNs);
  await run('create-price-age');
  const ages = config.assets.map(({ symbol, maxPriceAgeNs }) => [symbol, maxPriceAgeNs]);
  await scratch.append('price_age', [VARCHAR, BIGINT], [ages]);
  await run('create-slot-price');
  await run('create-external-flow');
  await run('create-account-worth');
  await run('create-flowing-account');
  await period.stepLedger('flowing_account');
  for (const name of ['create-flow-slot', 'create-flow-cash', 'create-flow-position', 'create-slot-move'])
    await run(name);
  await loadSlotMoves(scratch, before);
  await run('create-linked-return');
  await run('create-performance');
}

/** Values the instruments that accounts with flows are in, at the end of the parts of the period with these flows. */
async function loadSlotMoves(scratch: Scratch, before: Snapshot): Promise<void> {
  const opened = await loadInstruments(scratch, before);
  const opening = listPrices(before);
  const pricesAt = groupPrices(await scratch.select('analysis/performance/select-slot-prices'), before.quote);
  const marks = groupMarks(await scratch.select('analysis/performance/select-flow-marks'));
  const rows = marks.flatMap(({ name, slot, stated }) => {
    const instrument = opened.get(name);
    const prices = pricesAt.get(slot);
    if (instrument === undefined || prices === undefined) return [];
    const last = implyMissing(
      { ...instrument, ...stated, isImplied: false },
      { prices, quote: before.quote },
    );
    const { ratio, step } = describeMove({ instrument, prices: opening }, { instrument: last, prices });
    return step === null ? [] : [[name, slot, ratio, step]];
  });
  await scratch.append('slot_move', [VARCHAR, BIGINT, DOUBLE, DOUBLE], [rows]);
}

function groupPrices(rows: readonly ResultRow[], quote: string): ReadonlyMap<bigint, Prices> {
  const found = new Map<bigint, Map<string, number>>();
  for (const { slot, symbol, price } of rows) {
    const prices = found.get(slot as bigint) ?? new Map<string, number>();
    found.set(slot as bigint, prices.set(symbol as string, price as number));
  }
  for (const prices of found.values()) prices.set(quote, 1);
  return found;
}

type StatedPrices = Pick<SealedInstrument, 'mark' | 'delivery' | 'forward' | 'volatility' | 'atNs'>;
type SlotMarks = { readonly name: string; readonly slot: bigint; readonly stated: StatedPrices };

/** What is stated of each instrument at the end of each part of the period; rows of one are next to each other. */
function groupMarks(rows: readonly ResultRow[]): SlotMarks[] {
  const found = new Map<string, SlotMarks>();
  for (const { instrument, slot, ends_ns: atNs, kind, price, price_asset: asset } of rows) {
    const name = instrument as string;
    const key = `${(slot as bigint).toString()} ${name}`;
    const none: StatedPrices = {
      ...{ mark: null, delivery: null, forward: null, volatility: null, atNs: atNs as bigint },
    };
    const { stated } = found.get(key) ?? { stated: none };
    const value =
      price === null || kind === 'volatility' ? price : { price: price as number, asset: asset as string };
    const column = kind === 'settlement' ? 'delivery' : (kind as string);
    found.set(key, { name, slot: slot as bigint, stated: { ...stated, [column]: value } });
  }
  return [...found.values()];
}
