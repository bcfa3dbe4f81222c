import {
  derivePriceTable,
  parseDecimal,
  SolventError,
  type PricedAsset,
  type PriceTable,
  refuseProtocol,
} from '../../../protocol/index.js';
import { adviseDecimals, findPriceRange } from '../../units/price-window.js';
import type { BooksConfig } from '../config.js';

/**
 * The price table of the assets of books.
 * @param configured the same as the configuration has them: which decimals were to be chosen.
 * @throws SolventError as `derivePriceTable`; one that is too small says which decimals its asset may have.
 */
export function deriveBookPrices(
  assets: readonly PricedAsset[],
  configured: BooksConfig['assets'],
): PriceTable {
  try {
    return derivePriceTable(assets);
  } catch (error) {
    if (!(error instanceof SolventError) || error.code !== 'price-too-small') throw error;
    const symbol = error.details.asset as string;
    const asset = assets.find((other) => other.symbol === symbol)!;
    const others = assets.filter((other) => other !== asset);
    const open = configured.filter(({ hasOpenDecimals }) => hasOpenDecimals === true);
    const isOpen = open.some((other) => other.symbol === symbol);
    const areAllOpen = open.length === configured.length;
    const range = findPriceRange(
      parseDecimal(asset.price),
      others.map(({ price, decimals }) => ({ price: parseDecimal(price), decimals })),
    );
    throw refuseProtocol('price-too-small', {
      expected: 'a price of one proof unit that rounding leaves as it is beside the others',
      found: `a smaller one for ${symbol}`,
      advice: adviseDecimals(range, { isOpen, areAllOpen }),
      details: { asset: symbol },
      cause: error,
    });
  }
}
