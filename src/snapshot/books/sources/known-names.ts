import { quoteText, type Scratch } from '../../database/scratch.js';
import type { SourceCode } from '../../reading/source-problems.js';
import type { BooksConfig } from '../config.js';
import { throwUnknownNames } from './find-problems.js';
import type { LoadedSource } from './load-source.js';
import { SOURCE_SHAPES } from './shapes.js';

/** One rule of what rows may name: the query that counts the others, and how they are named. */
type NameRule = {
  readonly query: string;
  readonly column: string;
  /** True of a typed row at fault. */
  readonly condition: string;
  readonly code: SourceCode;
};

const ACCOUNTS: NameRule = {
  query: 'count-unknown-accounts',
  column: 'account',
  condition: 'account NOT IN (SELECT account FROM book_account)',
  code: 'account-unknown',
};

const INSTRUMENTS: NameRule = {
  query: 'count-unknown-instruments',
  column: 'instrument',
  condition: 'instrument NOT IN (SELECT instrument FROM instrument)',
  code: 'instrument-unknown',
};

const POSITIONS: NameRule = {
  query: 'count-unknown-positions',
  column: 'position_id',
  condition:
    "position_id IS NOT NULL AND (account, position_id) NOT IN (SELECT (account, position_id) FROM open_position WHERE margin_mode = 'isolated')",
  code: 'position-unknown',
};

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
  for (const { query, column, condition, code } of rulesOf(loaded, priceAssets)) {
    if (columns[column] === undefined || (column === 'account' && !accountsAreListed)) continue;
    const [row] = await scratch.select(`books/sources/${query}`, { table, price_assets: priceAssets });
    if (row!.unknown !== 0n) await throwUnknownNames(scratch, loaded, { column, condition, code });
  }
}

function rulesOf({ source: { role } }: LoadedSource, priceAssets: string): NameRule[] {
  if (role === 'accounts' || role === 'instruments') return [];
  if (role === 'positions') return [ACCOUNTS, INSTRUMENTS];
  const prices: NameRule = {
    query: 'count-unknown-price-assets',
    column: 'price_asset',
    condition: `price_asset NOT IN (${priceAssets})`,
    code: 'price-asset-unknown',
  };
  return [ACCOUNTS, INSTRUMENTS, POSITIONS, prices];
}
