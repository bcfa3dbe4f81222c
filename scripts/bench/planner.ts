/**
 * Processor time of cutting made-up accounts into rows, and how many rows of each circuit they take: at 64 and 1,024
 * assets, with debtors as the generator makes them and with debtors who owe all that their collateral covers.
 */
import { renderTable } from '../../src/presentation/index.js';
import {
  computeNetValue,
  derivePriceTable,
  parseDecimal,
  scaleUp,
  type Holding,
  type PriceTable,
  groupRowsFor,
  NET_BITS,
  type RowLayout,
} from '../../src/protocol/index.js';
import { AccountPlanner, countBatches, RowCounter } from '../../src/plan/index.js';
import { describeScript, parseEach, parseFrom, parseSeed } from '../command-line.js';
import { AccountGenerator, type GeneratedAccount } from '../generate/accounts.js';
import { listMarket, type MarketAsset } from '../generate/market.js';
import { SeededRandom } from '../generate/random.js';

/** By how much collateral exceeds debt: as generated, by less than a unit of a debt, by one more, or by a millionth. */
const SLACKS = ['random', 'zero', 'unit', 'millionth'] as const;
type Slack = (typeof SLACKS)[number];

type Flags = { readonly accounts: number; readonly assets: readonly number[]; readonly seed: number };

const CHUNK_ACCOUNTS = 10_000;
const MAX_ASSETS = 1024;

const command = describeScript('node dist/scripts/bench/planner.js', {
  does: 'Measure how long it takes to cut accounts into rows, and how many rows that makes.',
  examples: ['', '--accounts 10000 --assets 16'],
})
  .option('--accounts <count>', 'accounts of each measurement', parseFrom(1, 1e8), 100_000)
  .option(
    '--assets <counts>',
    'sizes of the listing with commas between them',
    parseEach(parseFrom(2, MAX_ASSETS)),
    [64, MAX_ASSETS],
  )
  .option('--seed <number>', 'what the accounts are drawn from', parseSeed, 1);
const { accounts, assets, seed } = command.parse().opts<Flags>();

const columns = [
  'assets',
  'slack',
  'owe, %',
  'ms an account',
  ...['spot-1', 'spot-3', 'margin-3', 'wide'].map((name) => `${name} a user`),
  'batches',
].map((title) => ({ title, align: 'right' as const }));
const table = assets.flatMap((count) => SLACKS.map((slack) => measure(count, slack)));
process.stdout.write(renderTable(columns, table));

function measure(assetCount: number, slack: Slack): string[] {
  const market = listMarket(assetCount);
  const table = derivePriceTable(market);
  const generator = new AccountGenerator(market, new SeededRandom(seed), { mostHeld: assetCount });
  const layouts = listLayouts(assetCount);
  const planner = new AccountPlanner(layouts, { prices: table.prices, orderKey: new Uint8Array(32) });
  const rows = new RowCounter(layouts);
  let debtors = 0;
  let processorMs = 0;
  for (let done = 0; done < accounts; done += CHUNK_ACCOUNTS) {
    const chunk = Array.from({ length: Math.min(CHUNK_ACCOUNTS, accounts - done) }, () => {
      const holdings = readHoldings(generator.next(), market);
      return slack === 'random' ? holdings : oweMost(holdings, { table, slack });
    });
    const before = process.cpuUsage();
    for (const holdings of chunk) rows.take(planner.plan(holdings));
    const { user, system } = process.cpuUsage(before);
    processorMs += (user + system) / 1000;
    debtors += chunk.filter((holdings) => holdings.some(({ debtUnits }) => debtUnits > 0n)).length;
  }
  return [
    String(assetCount),
    slack,
    ((100 * debtors) / accounts).toFixed(1),
    (processorMs / accounts).toFixed(4),
    ...rows.counts.map((count) => (count / accounts).toFixed(4)),
    countBatches(layouts, rows.counts).join(' + '),
  ];
}

/**
 * The circuits for listings of up to 1,024 assets. The wide row is the standard one where it holds every account, and
 * else one that does.
 */
function listLayouts(assetCount: number): readonly RowLayout[] {
  return [
    layout('spot', { slots: 1, rows: 2952 }),
    layout('spot', { slots: 3, rows: 995 }),
    layout('margin', { slots: 3, rows: 632 }),
    layout('margin', { slots: assetCount <= 64 ? 128 : 2048, rows: 1 }),
  ];
}

function readHoldings({ rows }: GeneratedAccount, market: readonly MarketAsset[]): Holding[] {
  return rows
    .map(({ asset, equity, debt }) => {
      const assetIndex = market.findIndex(({ symbol }) => symbol === asset);
      const { decimals } = market[assetIndex]!;
      const toUnits = (text: string) => scaleUp(parseDecimal(text), decimals);
      return { assetIndex, equityUnits: toUnits(equity), debtUnits: toUnits(debt) };
    })
    .filter(({ equityUnits, debtUnits }) => equityUnits + debtUnits > 0n)
    .sort((a, b) => a.assetIndex - b.assetIndex);
}

/** The account with its last debt so large that its slack is what is asked for. */
function oweMost(
  holdings: readonly Holding[],
  { table: { prices }, slack }: { table: PriceTable; slack: Slack },
): readonly Holding[] {
  const last = holdings.findLastIndex(({ debtUnits }) => debtUnits > 0n);
  if (last < 0) return holdings;
  const { full } = prices[holdings[last]!.assetIndex]!;
  const net = computeNetValue(prices, holdings);
  const spared =
    slack === 'unit' ? full : slack === 'millionth' ? (holdings[last]!.debtUnits * full) / 1_000_000n : 0n;
  const more = net > spared ? (net - spared) / full : 0n;
  return holdings.with(last, { ...holdings[last]!, debtUnits: holdings[last]!.debtUnits + more });
}

function layout(kind: 'spot' | 'margin', { slots, rows }: { slots: number; rows: number }): RowLayout {
  const netBits = kind === 'margin' ? NET_BITS : 0;
  return { kind, indexBits: 10, rows, slots, netBits, groupRows: groupRowsFor(rows) };
}
