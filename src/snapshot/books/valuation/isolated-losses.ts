import type { DuckDBValue } from '@duckdb/node-api';

import type { Scratch } from '../../database/scratch.js';
import type { BooksConfig } from '../config.js';
import type { AssetPrices } from './asset-prices.js';
import { COMPONENT_TYPES } from './position-components.js';
import { parseRational } from '../../../protocol/valuation/index.js';

/** Isolated positions that have lost more than their margin. */
export type IsolatedLosses = {
  /** `limited`: their buckets are worth nothing. `recourse`: their accounts owe what is beyond the margin. */
  readonly policy: BooksConfig['isolatedLoss'];
  readonly positions: number;
  /** What was added to their buckets to make them worth nothing, or would have been, per asset that it was not 0 for. */
  readonly lifted: readonly { readonly asset: string; readonly units: bigint }[];
};

/** One asset of an isolated bucket, in proof units. */
type Net = { readonly assetIndex: number; readonly units: bigint };
type IsolatedBucket = {
  readonly account: string;
  readonly positionId: string;
  readonly nets: readonly Net[];
};

/** Fraction digits of prices in the books. */
const PRICE_FRACTION_DIGITS = 18;

/**
 * Finds the isolated buckets whose nets, at the prices in force without a haircut, add up to less than nothing. Where
 * losses are limited to the margin, a component for each asset of such a bucket takes it to 0: nothing of it is owed
 * either way. Call it when all other components are in place.
 */
export async function limitIsolatedLosses(
  scratch: Scratch,
  config: BooksConfig,
  prices: AssetPrices,
): Promise<IsolatedLosses> {
  await scratch.run('books/valuation/create-isolated-net');
  const unitPrices = deriveUnitPrices(config, prices);
  const lifted = new Map<number, bigint>();
  let positions = 0;
  async function* limits(): AsyncGenerator<DuckDBValue[][]> {
    for await (const buckets of readIndebtedBuckets(scratch)) {
      const lost = buckets.filter(({ nets }) => isLoss(nets, unitPrices));
      positions += lost.length;
      for (const { assetIndex, units } of lost.flatMap(({ nets }) => nets)) {
        lifted.set(assetIndex, (lifted.get(assetIndex) ?? 0n) - units);
      }
      if (config.isolatedLoss === 'limited') yield lost.flatMap(makeComponents);
    }
  }
  await scratch.append('component', COMPONENT_TYPES, limits());
  return {
    policy: config.isolatedLoss,
    positions,
    lifted: [...lifted]
      .filter(([, units]) => units !== 0n)
      .sort(([a], [b]) => a - b)
      .map(([assetIndex, units]) => ({ asset: config.assets[assetIndex]!.symbol, units })),
  };
}

/** Prices of one proof unit of each asset, all scaled by the same power of ten, so that they are integers. */
function deriveUnitPrices(config: BooksConfig, prices: AssetPrices): bigint[] {
  const decimals = config.assets.map((asset) => asset.decimals);
  const scale = PRICE_FRACTION_DIGITS + Math.max(...decimals);
  return config.assets.map(({ symbol }, index) => {
    // Nobody has an asset without a price.
    const { numerator, denominator } = parseRational(prices.get(symbol) ?? '0');
    return (numerator * 10n ** BigInt(scale - decimals[index]!)) / denominator;
  });
}

function isLoss(nets: readonly Net[], unitPrices: readonly bigint[]): boolean {
  return nets.reduce((worth, { assetIndex, units }) => worth + units * unitPrices[assetIndex]!, 0n) < 0n;
}

/** A few thousand buckets at a time. */
async function* readIndebtedBuckets(scratch: Scratch): AsyncGenerator<IsolatedBucket[]> {
  let last: { account: string; positionId: string; nets: Net[] } | undefined;
  for await (const rows of scratch.stream('books/valuation/select-isolated-nets')) {
    const finished: IsolatedBucket[] = [];
    for (const [account, bucket, assetIndex, units] of rows) {
      if (last?.account !== account || last?.positionId !== bucket) {
        if (last !== undefined) finished.push(last);
        last = { account: account as string, positionId: bucket as string, nets: [] };
      }
      last!.nets.push({ assetIndex: assetIndex as number, units: units as bigint });
    }
    yield finished;
  }
  if (last !== undefined) yield [last];
}

function makeComponents({ account, positionId, nets }: IsolatedBucket): DuckDBValue[][] {
  const nothing = [null, null, null];
  return nets.map(({ assetIndex, units }) => {
    const position = [account, positionId, assetIndex, 'isolated-loss-limit', positionId];
    return [...position, ...nothing, -units, 0n];
  });
}
