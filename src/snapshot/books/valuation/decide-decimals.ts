import { parseDecimal, type Decimal } from '../../../protocol/index.js';
import type { Scratch } from '../../database/scratch.js';
import { chooseDecimals } from '../../units/choose-decimals.js';
import type { BooksConfig } from '../config.js';
import { priceAssets } from './asset-prices.js';

const NOTHING: Decimal = { coefficient: 0n, fractionDigits: 0 };

/**
 * Chooses the decimals that the configuration leaves to be chosen, by the prices in force and the largest amounts of
 * the books, and puts them into the table `book_asset`. Call it when all sources are loaded, and before anything is valued.
 * @param atNs the instant, nanoseconds since 1970 UTC.
 * @returns the configuration with them.
 */
export async function decideDecimals(
  scratch: Scratch,
  config: BooksConfig,
  atNs: bigint,
): Promise<BooksConfig> {
  if (!config.assets.some(({ hasOpenDecimals }) => hasOpenDecimals === true)) return config;
  const largest = await readLargestAmounts(scratch);
  const prices = await priceAssets(scratch, config, atNs);
  const decimals = chooseDecimals(
    config.assets.map(({ decimals: stated, hasOpenDecimals }, index) => ({
      price: parseDecimal(prices[index]!.price),
      decimals: hasOpenDecimals === true ? null : stated,
      largest: largest.get(index) ?? NOTHING,
    })),
  );
  for (const [index, digits] of decimals.entries()) {
    const parts = { asset_index: String(index), decimals: String(digits) };
    await scratch.run('books/valuation/set-decimals', parts);
  }
  return {
    ...config,
    assets: config.assets.map((asset, index) => ({ ...asset, decimals: decimals[index]! })),
  };
}

/** By asset index, a whole number of whole units that no user has and none is likely to have after valuation. */
export async function readLargestAmounts(scratch: Scratch): Promise<ReadonlyMap<number, Decimal>> {
  const rows = await scratch.select('books/valuation/select-largest-amounts');
  return new Map(
    rows.map(({ asset_index: index, largest }): [number, Decimal] => [
      index as number,
      { coefficient: largest as bigint, fractionDigits: 0 },
    ]),
  );
}
