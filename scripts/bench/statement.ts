/**
 * How long it takes to make a statement of 100 lines again, 20 of them priced by the model, and to revalue it for one frame
 * of a slider. Every run prices other forwards, so that nothing is remembered.
 */
import { prepareLines, renderTable, measureCover, findCoverEnds } from '../../src/presentation/index.js';
import {
  encodeCanonicalJson,
  formatSignedDecimal,
  parseStatement,
  STATEMENT_FORMAT,
  type PositionValuation,
  type StatementLine,
} from '../../src/protocol/index.js';
import {
  parseRational,
  priceInstrument,
  recomputeLines,
  roundUpToUnits,
  valuePosition,
  ZERO,
  type PublishedValuation,
} from '../../src/protocol/valuation/index.js';
import { describeScript } from '../command-line.js';

const command = describeScript('node dist/scripts/bench/statement.js', {
  does: 'Measure how long it takes to make a statement again, and to revalue it.',
  examples: ['', '--lines 1000 --modelled 200'],
})
  .option('--lines <count>', 'lines of the statement', Number, 100)
  .option('--modelled <count>', 'how many of them are options that the model prices', Number, 20)
  .option('--runs <count>', 'statements that are made again', Number, 50);
const {
  lines: lineCount,
  modelled,
  runs,
} = command.parse().opts<{
  lines: number;
  modelled: number;
  runs: number;
}>();

const TAKEN_AT = '2026-01-31T00:00:00Z';
const PUBLISHED: PublishedValuation = {
  assets: [
    { symbol: 'BTC', decimals: 8, price: '61234.5' },
    { symbol: 'USDT', decimals: 6, price: '0.9998' },
  ],
  quote: 'USD',
  takenAt: TAKEN_AT,
  maxMarkAgeMs: 600_000,
};
const OBSERVED = { at: '2026-01-30T23:59:00Z', source: 'index of three venues' };

function makeOption(position: number, run: number): PositionValuation {
  return {
    of: 'position',
    instrument: {
      kind: 'option',
      name: `BTC-OPTION-${position}`,
      underlying: 'BTC',
      settlementAsset: 'BTC',
      contractSize: '1',
      style: 'premium-paid',
      right: position % 2 === 0 ? 'call' : 'put',
      strike: String(30_000 + 3_000 * (position % 30)),
      expiry: `2026-${String(2 + (position % 11)).padStart(2, '0')}-27T08:00:00Z`,
    },
    quantity: '12.5',
    entryPrice: null,
    quote: {
      kind: 'black-76',
      forward: { price: `612${(run % 90) + 10}.5`, asset: 'USD', ...OBSERVED },
      volatility: { value: '0.6225', ...OBSERVED },
      rate: '0.04',
      dayCount: 'act/365',
      valuedAt: TAKEN_AT,
    },
    conversion: null,
    rounding: 'up',
  };
}

function makeFuture(position: number): PositionValuation {
  return {
    of: 'position',
    instrument: {
      kind: 'perpetual',
      name: `BTC-PERP-${position}`,
      underlying: 'BTC',
      settlementAsset: 'USDT',
      contractSize: '0.001',
      style: 'linear',
    },
    quantity: '-125',
    entryPrice: '60000.5',
    quote: { kind: 'mark', price: '61230.25', asset: 'USD', ...OBSERVED },
    conversion: { fromPrice: '1', toPrice: '0.9998' },
    rounding: 'up',
  };
}

function makeLine(position: number, run: number): StatementLine {
  const valuation = position < modelled ? makeOption(position, run) : makeFuture(position);
  const { instrument, quantity, entryPrice } = valuation;
  const priced = priceInstrument(valuation);
  if (typeof priced === 'string') throw new Error(`expected a price, got ${priced}`);
  const worth = valuePosition(instrument, priced, {
    quantity: parseRational(quantity),
    entry: entryPrice === null ? ZERO : parseRational(entryPrice),
  });
  const decimals = instrument.settlementAsset === 'BTC' ? 8 : 6;
  const value = { coefficient: roundUpToUnits(worth, decimals).units, fractionDigits: decimals };
  return {
    account: 'main',
    asset: instrument.settlementAsset,
    bucket: 'cross',
    kind: instrument.kind === 'option' ? 'options' : 'futures',
    reference: `p-${position}`,
    valuation,
    value: formatSignedDecimal(value),
  };
}

const statements = Array.from({ length: runs }, (_, run) =>
  encodeCanonicalJson({
    format: STATEMENT_FORMAT,
    lines: Array.from({ length: lineCount }, (_line, position) => makeLine(position, run)),
  }),
);

/** The median of so many milliseconds. */
function measure(task: (run: number) => void): string {
  const times = Array.from({ length: runs }, (_, run) => {
    const start = performance.now();
    task(run);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[runs >> 1]!.toFixed(2);
}

const parsed = statements.map((bytes) => parseStatement(bytes).lines);
const prepared = prepareLines(parsed[0]!, PUBLISHED);
const assets = PUBLISHED.assets.map((asset) => ({ ...asset, collateralRatio: '0.95' }));
const scenario = (run: number) => ({ asset: 'BTC', factor: 0.5 + run / runs, volatilityShift: 0.1 });
const rows = [
  ['read a statement from its bytes', measure((run) => parseStatement(statements[run]!))],
  ['make every line again', measure((run) => recomputeLines(parsed[run]!, PUBLISHED))],
  ['make lines ready for a slider', measure((run) => prepareLines(parsed[run]!, PUBLISHED))],
  [
    'one frame: every line and the cover',
    measure((run) => {
      for (const { revalue } of prepared) revalue(scenario(run));
      measureCover(prepared, assets, scenario(run));
    }),
  ],
  ['the prices at which cover ends', measure(() => findCoverEnds(prepared, assets, 'BTC'))],
];
process.stdout.write(
  `${lineCount} lines, ${modelled} of them by the model, ${statements[0]!.length} bytes; medians of ${runs}\n`,
);
process.stdout.write(renderTable([{ title: 'what' }, { title: 'ms', align: 'right' }], rows));
