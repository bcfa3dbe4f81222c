import { assembleExpression } from '../../database/queries.js';
import { quoteText, type Scratch } from '../../database/scratch.js';
import type { SourceCode } from '../../reading/source-problems.js';
import type { BooksConfig, SourceRole } from '../config.js';
import { throwUnknownNames } from './find-problems.js';
import type { LoadedSource } from './load-source.js';
import { SOURCE_SHAPES } from './shapes.js';

/** One rule of what rows may name: which queries count the others and tell them from a row, and the code of such a row. */
type NameRule = { readonly names: string; readonly column: string; readonly code: SourceCode };

const ACCOUNTS: NameRule = { names: 'accounts', column: 'account', code: 'account-unknown' };
const INSTRUMENTS: NameRule = { names: 'instruments', column: 'instrument', code: 'instrument-unknown' };
const POSITIONS: NameRule = { names: 'positions', column: 'position_id', code: 'position-unknown' };
const PRICES: NameRule = { names: 'price-assets', column: 'price_asset', code: 'price-asset-unknown' };

const SQL = 'books/sources';

/**
 * Makes sure that a source names only what other sources define: accounts, where a source lists them; instruments;
 * isolated positions of the same account; assets that marks are priced in.
 * @throws SourceError: `account-unknown`, `instrument-unknown`, `position-unknown`, `price-asset-unknown`.
 */
export async function assertNamesKnown(
  scratch: Scratch,
  loaded: LoadedSource,
  { config, accountsAreListed }: { config: BooksConfig; accountsAreListed: boolean },
): Promise<void> {
  const { role } = loaded.source;
  const { columns, table } = SOURCE_SHAPES[role];
  const priceAssets = [...config.assets.map(({ symbol }) => symbol), config.quote].map(quoteText).join(', ');
  const parts = { table, price_assets: priceAssets };
  for (const { names, column, code } of rulesOf(role)) {
    if (columns[column] === undefined || (column === 'account' && !accountsAreListed)) continue;
    const [row] = await scratch.select(`${SQL}/count-unknown-${names}`, parts);
    if (row!.unknown === 0n) continue;
    const condition = assembleExpression(`${SQL}/unknown-${names}`, parts);
    await throwUnknownNames(scratch, loaded, { column, condition, code });
  }
}

function rulesOf(role: SourceRole): readonly NameRule[] {
  if (role === 'accounts' || role === 'instruments') return [];
  if (role === 'positions') return [ACCOUNTS, INSTRUMENTS];
  return [ACCOUNTS, INSTRUMENTS, POSITIONS, PRICES];
}
