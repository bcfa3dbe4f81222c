import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { attributeSnapshots, PARTS, type AttributionSummary } from '../../src/analysis/index.js';
import { computeGreeks } from '../../src/analysis/greeks.js';
import { createSnapshotFromBooks } from '../../src/snapshot/index.js';
import { INSTANTS, writeBooks, type LedgerRow, type MadePosition } from './random-books.js';

let directory: string;
let summary: AttributionSummary;
type Parts = Readonly<Record<string, number>>;
const parts = new Map<string, Parts>();
const quotes = new Map<string, Parts>();
type Return = { readonly timeWeighted: number | null; readonly method: string | null };
const returns = new Map<string, Return>();

const BEFORE = '2026-01-27T00:00:00Z';
const [NOON, EVENING] = ['2026-01-29T12:00:00Z', '2026-01-29T18:00:00Z'];
const row = (account: string, asset: string, amount: string, kind = 'deposit', at = BEFORE): LedgerRow => ({
  ...{ account, asset, amount, kind, at },
});
const position = (account: string, instrument: string, quantity: string, entry: string): MadePosition => ({
  ...{ account, instrument, quantity, entry, id: `${account}-${instrument}`, margin: null },
});
/** Prices at noon and in the evening: 99,000 and 88,000 of BTC; ETH has none between the snapshots. */
const BETWEEN = {
  prices: ['11:59:30', '17:59:30'].flatMap((time, at) => [
    `BTC,${[99_000, 88_000][at]!},2026-01-29T${time}Z`,
    `USDT,1,2026-01-29T${time}Z`,
  ]),
  marks: ['11:59:40', '17:59:40'].flatMap((time, at) => [
    `LINEAR,mark,${[99_010, 88_010][at]!},USDT,2026-01-29T${time}Z`,
    `CALL,forward,${[99_900, 88_900][at]!},USD,2026-01-29T${time}Z`,
    `CALL,volatility,${[0.51, 0.54][at]!},,2026-01-29T${time}Z`,
  ]),
};

const LEDGER: readonly LedgerRow[] = [
  row('assigned', 'BTC', '1'),
  row('assigned', 'BTC', '-0.05', 'settlement', NOON),
  row('holder', 'BTC', '1'),
  row('delisted', 'OLD', '100'),
  row('resized', 'USDT', '10000'),
  row('appears', 'USDT', '500.5', 'deposit', '2026-01-29T10:00:00Z'),
  row('leaves', 'USDT', '300'),
  row('leaves', 'USDT', '-300', 'withdrawal', NOON),
  row('passing', 'USDT', '100'),
  row('passing', 'USDT', '12.5', 'realised', NOON),
  row('passing', 'USDT', '-0.75', 'fee', NOON),
  row('settled', 'BTC', '1'),
  row('settled', 'BTC', '0.02', 'settlement', '2026-01-29T08:00:00Z'),
  row('unsettled', 'BTC', '1'),
  row('below', 'BTC', '1'),
  row('marked', 'BTC', '1'),
  ...['mixed', 'carrying', 'opening', 'stale'].flatMap((account) => [
    row(account, 'BTC', '1'),
    row(account, account === 'stale' ? 'ETH' : 'USDT', '10000'),
    row(account, 'BTC', '0.5', 'deposit', NOON),
    row(account, 'BTC', '-0.25', 'withdrawal', EVENING),
    row(account, 'USDT', '-100', 'fee', '2026-01-29T15:00:00Z'),
  ]),
  row('coin', 'BTC', '1'),
  row('coin', 'BTC', '3', 'deposit', NOON),
  row('coin', 'BTC', '-2', 'withdrawal', EVENING),
  row('starts', 'BTC', '1', 'deposit', NOON),
  row('still', 'BTC', '2'),
];
const HELD = [
  position('holder', 'PUT', '2', '0.02'),
  position('unsettled', 'UNSETTLED', '3', '0.01'),
  position('below', 'BELOW', '4', '0.3'),
  position('marked', 'MARKED', '4', '0.01'),
  position('carrying', 'LINEAR', '2', '88000'),
  position('carrying', 'CALL', '-0.5', '0.03'),
];
const OPENED = [
  position('assigned', 'PUT', '-2', '0.02'),
  position('resized', 'RESIZED', '5', '2990'),
  position('settled', 'SETTLED', '3', '0.01'),
];
const CLOSED = [
  position('appears', 'LINEAR', '2', '95000'),
  position('resized', 'RESIZED', '50', '2990'),
  position('opening', 'LINEAR', '1', '90000'),
];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-changes-'));
  const root = (name: string) => join(directory, name);
  const positions = [[...HELD, ...OPENED], [...HELD, ...CLOSED], []];
  const accounts = [...new Set(LEDGER.map(({ account }) => account))];
  const configPaths = await writeBooks(directory, { accounts, ledger: LEDGER, positions, between: BETWEEN });
  for (const at of [0, 1]) {
    const outDirectory = root(`snapshot-${at}`);
    await createSnapshotFromBooks({ configPath: configPaths[at]!, takenAt: INSTANTS[at]!, outDirectory });
  }
  summary = await attributeSnapshots({
    ...{ before: root('snapshot-0'), after: root('snapshot-1'), configPath: configPaths[1]! },
    ...{ outDirectory: root('attribution'), account: 'mixed' },
  });
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const read = async (sql: string) => (await connection.run(sql)).getRowObjectsJS();
  const nothing = Object.fromEntries(PARTS.map((part) => [part, 0]));
  const rows = await read(
    `SELECT account || ' ' || asset AS key, part, amount::DOUBLE AS amount, quote_amount::DOUBLE AS quote FROM '${root('attribution/attribution.parquet')}'`,
  );
  for (const { key, part, amount, quote } of rows as Record<string, string & number>[]) {
    parts.set(key!, { ...(parts.get(key!) ?? nothing), [part!]: amount! });
    quotes.set(key!, { ...(quotes.get(key!) ?? nothing), [part!]: quote! });
  }
  for (const { account, time_weighted: timeWeighted, method } of await read(
    `FROM '${root('attribution/performance.parquet')}'`,
  ))
    returns.set(account as string, {
      timeWeighted: timeWeighted as number | null,
      method: method as string | null,
    });
  await rm(root('snapshot-0'), { recursive: true });
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** The parts of an account that are not nothing, in proof units. */
function partsOf(key: string): Parts {
  return Object.fromEntries(Object.entries(parts.get(key)!).filter(([, amount]) => amount !== 0));
}
const sumOf = (key: string, ...names: string[]) =>
  names.reduce((sum, name) => sum + parts.get(key)![name]!, 0);
const MARKET = ['delta', 'gamma', 'vega', 'theta', 'remainder'];

describe('what became of', () => {
  it('an option that was assigned: paid by settlement, closed at the closing price, moved by its Greeks till then', () => {
    expect(parts.get('assigned BTC')!.settlement).toBe(-5_000_000);
    // The holder of as many has at the closing price what the assigned account got rid of.
    const held = parts.get('holder BTC')!.closing! - 100_000_000;
    expect(held).toBeGreaterThan(0);
    expect(Math.abs(parts.get('assigned BTC')!.trade! - held)).toBeLessThanOrEqual(1);
    const [sold, bought] = [sumOf('assigned BTC', ...MARKET), sumOf('holder BTC', ...MARKET)];
    expect(Math.abs(sold + bought)).toBeLessThanOrEqual(2);
    expect(parts.get('assigned BTC')!.closing).toBe(95_000_000);
  });

  it('an asset that was delisted: nothing in its own units, all of its worth by delta', () => {
    expect(partsOf('delisted OLD')).toEqual({ opening: 1_000_000, closing: 1_000_000 });
    const { opening, delta, closing } = quotes.get('delisted OLD')!;
    expect([opening, delta, closing]).toEqual([250, -250, 0]);
  });

  it('a contract whose size changed: the market’s part by the old size, nothing by trade where the stake is the same', () => {
    // 5 contracts of 1 ETH are 50 of 0.1: 5 · (3101 − 3001) won, and neither bought nor sold.
    expect(partsOf('resized USDT')).toEqual({
      ...{ opening: 10_055_000_000, delta: 500_000_000, closing: 10_555_000_000 },
    });
  });

  it('an account that appears, with a position that it opened', () => {
    expect(partsOf('appears USDT')).toEqual({
      deposit: 500_500_000,
      trade: 204_000_000,
      closing: 704_500_000,
    });
  });

  it('an account that takes all of it away', () => {
    expect(partsOf('leaves USDT')).toEqual({ opening: 300_000_000, withdrawal: -300_000_000 });
  });

  it('a position that was opened and closed in between: what the ledger says of it', () => {
    expect(partsOf('passing USDT')).toEqual({
      ...{ opening: 100_000_000, trade: 12_500_000, fee: -750_000, closing: 111_750_000 },
    });
  });

  it('an option that expired and was settled: out and in under one part', () => {
    const { opening, settlement, closing } = parts.get('settled BTC')!;
    expect(sumOf('settled BTC', ...MARKET, 'trade')).toBe(0);
    expect(closing).toBe(102_000_000);
    expect(settlement).toBe(closing! - opening!);
  });

  it('an option that expired and is not settled: to the delivery price, without vega', () => {
    const { opening, vega, closing } = parts.get('unsettled BTC')!;
    // 3 · (91,000 − 90,500)/91,000, rounded up.
    expect(closing).toBe(100_000_000 + Math.ceil(((3 * 500) / 91_000) * 1e8));
    expect(vega).toBe(0);
    expect(sumOf('unsettled BTC', ...MARKET)).toBe(closing! - opening!);
  });

  it('an option whose mark implies no volatility: all in the remainder, by name', () => {
    expect(partsOf('below BTC')).toEqual({
      opening: 220_000_000,
      remainder: 20_000_000,
      closing: 240_000_000,
    });
    expect(summary.withoutGreeks).toEqual(['BELOW']);
  });

  it('an option with nothing but a mark: the Greeks of the volatility that it implies', () => {
    const { opening, closing, remainder, delta } = parts.get('marked BTC')!;
    expect(closing! - opening!).toBe(2_000_000);
    expect(delta).toBeGreaterThan(0);
    // A move of seven percent beside a volatility of another day: what they do together is of the second order.
    expect(Math.abs(remainder! / 2_000_000)).toBeLessThan(0.2);
    expect(summary.impliedVolatility).toEqual(['MARKED']);
  });
});

/** Of stretches, each from what was invested to what that was worth. */
const link = (...stretches: readonly (readonly [number, number])[]) =>
  stretches.reduce((grown, [invested, worth]) => (grown * worth) / invested, 1) - 1;

describe('a time-weighted return', () => {
  it('is that of the coin, whatever came and went, of an account with nothing else', () => {
    expect(returns.get('coin')!.method).toBe('sub-periods');
    expect(returns.get('coin')!.timeWeighted).toBeCloseTo(96_000 / 90_000 - 1, 12);
    expect(returns.get('still')).toEqual({ timeWeighted: 6000 / 90_000, method: 'sub-periods' });
  });

  it('multiplies the returns between flows, at the prices in force at each', () => {
    // 100 USDT of fees in the afternoon.
    const expected = link(
      [100_000, 109_000],
      [109_000 + 49_500, 1.5 * 88_000 + 9_900],
      [1.25 * 88_000 + 9_900, 1.25 * 96_000 + 9_900 * 0.9995],
    );
    expect(returns.get('mixed')!.method).toBe('sub-periods');
    expect(returns.get('mixed')!.timeWeighted).toBeCloseTo(expected, 9);
    // What Modified Dietz makes of the same.
    const [opening, closing] = [100_000, 1.25 * 96_000 + 9_900 * 0.9995];
    const dietz = (closing - opening - 49_500 + 22_000) / (opening + 49_500 / 2 - 22_000 / 4);
    expect(Math.abs(expected - dietz)).toBeGreaterThan(0.01);
    expect(summary.account!.performance!.method).toBe('sub-periods');
  });

  it('values the positions that were held throughout at their marks, and by the model', () => {
    const expiry = Date.parse('2026-03-27T08:00:00Z');
    const worth = (coins: number, usdt: number, at: Readonly<Record<string, number | string>>) => {
      const years = (expiry - Date.parse(String(at.time))) / (365 * 86_400_000);
      const { price } = computeGreeks({
        ...{ right: 'call', strike: 100_000, rate: 0.04, inCoin: true, years },
        ...{ forward: Number(at.forward), volatility: Number(at.volatility) },
      });
      const won = 2 * 0.1 * (Number(at.mark) - 88_000);
      return (coins - 0.5 * price) * Number(at.btc) + (usdt + won) * Number(at.usdt);
    };
    // The ends of the 1024ths of the day that the flows are in.
    const [noon, evening] = ['2026-01-29T12:00:56.25Z', '2026-01-29T18:00:28.125Z'];
    const at = [
      { time: INSTANTS[0], btc: 90_000, usdt: 1, mark: 90_010.5, forward: 90_900, volatility: 0.52 },
      { time: noon, btc: 99_000, usdt: 1, mark: 99_010, forward: 99_900, volatility: 0.51 },
      { time: evening, btc: 88_000, usdt: 1, mark: 88_010, forward: 88_900, volatility: 0.54 },
      { time: INSTANTS[1], btc: 96_000, usdt: 0.9995, mark: 96_020, forward: 96_950, volatility: 0.5 },
    ] as const;
    const expected = link(
      [worth(1, 10_000, at[0]), worth(1, 10_000, at[1])],
      [worth(1.5, 10_000, at[1]), worth(1.5, 9_900, at[2])],
      [worth(1.25, 9_900, at[2]), worth(1.25, 9_900, at[3])],
    );
    expect(returns.get('carrying')!.method).toBe('sub-periods');
    expect(returns.get('carrying')!.timeWeighted).toBeCloseTo(expected, 6);
  });

  it('begins with the first flow where there was nothing before', () => {
    expect(returns.get('starts')!.method).toBe('sub-periods');
    expect(returns.get('starts')!.timeWeighted).toBeCloseTo(96_000 / 99_000 - 1, 12);
  });

  it.each([
    ['an asset has no price of the time', 'stale'],
    ['a position was opened', 'opening'],
  ])('is that of Modified Dietz, and says so, where %s', (_, account) => {
    expect(returns.get(account)!.method).toBe('modified-dietz');
    expect(returns.get(account)!.timeWeighted).not.toBeNull();
  });

  it('is said in the report with how it was made', async () => {
    const report = await readFile(join(directory, 'attribution/report.html'), 'utf8');
    expect(report).toContain('of the returns between flows');
    const { withReturn, linked } = summary.performance;
    expect(withReturn - linked).toBe(
      [...returns.values()].filter(({ method }) => method === 'modified-dietz').length,
    );
    expect(report).toContain(`${withReturn - linked} that of Modified Dietz`);
  });
});
