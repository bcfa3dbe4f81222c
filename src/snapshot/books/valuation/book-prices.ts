import {
  derivePriceTable,
  parseDecimal,
  SolventError,
  type PriceCode,
  type PricedAsset,
  type PriceTable,
} from '../../../protocol/index.js';
import { adviseDecimals, findPriceRange } from '../../units/price-window.js';

/**
 * The price table of the assets of books.
 * @throws SolventError as `derivePriceTable`; one that is too small says which decimals its asset may have.
 */
export function deriveBookPrices(assets: readonly PricedAsset[]): PriceTable {
  try {
    return derivePriceTable(assets);
  } catch (error) {
    if (!(error instanceof SolventError) || error.code !== 'price-too-small') throw error;
    const symbol = error.details.asset as string;
    const asset = assets.find((other) => other.symbol === symbol)!;
    const others = assets.filter((other) => other !== asset);
    const range = findPriceRange(
      parseDecimal(asset.price),
      others.map(({ price, decimals }) => ({ price: parseDecimal(price), decimals })),
    );
    throw new SolventError<PriceCode>(
      'source',
      'price-too-small',
      `expected a price of one proof unit that rounding leaves as it is beside the others, got a smaller one for ${symbol}: ${adviseDecimals(range)}`,
      { details: { asset: symbol }, cause: error },
    );
  }
}
