import {
  derivePriceTable,
  formatDecimal,
  MAX_UNIT_DECIMALS,
  parseDecimal,
  primitives,
  SolventError,
  type DecimalCode,
  type PriceCode,
  type PricedAsset,
  type PriceTable,
} from '../../protocol/index.js';
import { readCsvRecords } from '../reading/csv-records.js';
import { parseHeader, type Columns } from '../reading/header.js';
import { ProblemList } from '../reading/source-problems.js';
import { describeSpelling, formatSpelling, plainDecimal } from '../reading/spelling.js';

const COLUMNS: Columns = { required: ['symbol', 'decimals', 'price', 'collateral_ratio'], optional: [] };
/** Assets of one snapshot; the largest circuit has fewer. */
export const MAX_ASSETS = 1024;

/** What assets.csv says, with the price table that follows from it. */
export type AssetList = {
  /** In the order of the file, which is the order of asset indexes; decimals in canonical form. */
  readonly assets: readonly PricedAsset[];
  readonly priceTable: PriceTable;
};

type PriceFault = PriceCode | DecimalCode;

/** What is wrong with a price only beside its decimals or the other prices. */
const DEPENDENT_CODES: readonly PriceFault[] = ['price-too-small', 'price-too-large'];

const MESSAGES: Partial<Record<PriceFault, string>> = {
  'price-not-positive': 'expected the price of one whole unit, above 0, got another',
  'collateral-ratio-out-of-range': 'expected a ratio from 0 to 1, like 0.85, got another',
};

type AssetRow = { readonly line: number; readonly asset: PricedAsset };

/**
 * Reads assets.csv: `symbol,decimals,price,collateral_ratio`.
 * @param file the name that problems are reported under.
 * @throws SourceError with every problem of the file; SolventError `file-unreadable`.
 */
export async function loadAssets(path: string, file: string): Promise<AssetList> {
  const problems = new ProblemList(file);
  const rows = await readRows(path, problems);
  if (rows.length === 0 && problems.count === 0) {
    const message = 'expected at least one asset, got no rows below the header';
    problems.add(1, null, { code: 'rows-missing', message });
  }
  const priceTable = derivePrices(rows, problems);
  problems.throwIfAny();
  return { assets: rows.map(({ asset }) => asset), priceTable: priceTable! };
}

async function readRows(path: string, problems: ProblemList): Promise<AssetRow[]> {
  const rows: AssetRow[] = [];
  const firstLines = new Map<string, number>();
  let columns: readonly string[] | undefined;
  for await (const records of readCsvRecords(path)) {
    for (const record of records) {
      if (columns === undefined) columns = parseHeader(record, COLUMNS, problems);
      else if ('fault' in record) problems.add(record.line, null, record.fault);
      else {
        const values = new Map(columns.map((name, index) => [name, record.fields[index]!]));
        const asset = parseAsset(record.line, values, problems);
        if (asset !== undefined && isNew(asset.symbol, record.line, firstLines, problems)) {
          rows.push({ line: record.line, asset });
        }
      }
      if (rows.length > MAX_ASSETS) {
        const message = `expected at most ${MAX_ASSETS} assets, got more: list only those that are held`;
        problems.add(record.line, null, { code: 'assets-too-many', message });
        return rows;
      }
    }
  }
  if (columns === undefined) parseHeader(undefined, COLUMNS, problems);
  return rows;
}

function isNew(
  symbol: string,
  line: number,
  firstLines: Map<string, number>,
  problems: ProblemList,
): boolean {
  const first = firstLines.get(symbol);
  if (first === undefined) {
    firstLines.set(symbol, line);
    return true;
  }
  const message = `expected each symbol once, got the one of line ${first} again: remove one of the two`;
  problems.add(line, 'symbol', { code: 'asset-doubled', message });
  return false;
}

/** One row with its decimals in canonical form; undefined, and a problem for each fault, where it has any. */
function parseAsset(
  line: number,
  values: ReadonlyMap<string, string>,
  problems: ProblemList,
): PricedAsset | undefined {
  const before = problems.count;
  const symbol = values.get('symbol')!;
  if (!primitives.assetSymbol.safeParse(symbol).success) {
    const message =
      'expected a symbol of 1 to 32 letters, digits or . _ : - that starts with a letter or digit, got another text';
    problems.add(line, 'symbol', { code: 'symbol-malformed', message });
  }
  const decimals = values.get('decimals')!;
  if (!/^[0-9]{1,2}$/.test(decimals) || Number(decimals) > MAX_UNIT_DECIMALS) {
    const message = `expected the decimals of the proof unit, a whole number from 0 to ${MAX_UNIT_DECIMALS}, got another text`;
    problems.add(line, 'decimals', { code: 'decimals-malformed', message });
  }
  const price = parseValue({ line, column: 'price', stated: values.get('price')! }, problems);
  const ratio = values.get('collateral_ratio')!;
  const collateralRatio = parseValue({ line, column: 'collateral_ratio', stated: ratio }, problems);
  if (price === undefined || collateralRatio === undefined || problems.count > before) return undefined;
  const asset = { symbol, decimals: Number(decimals), price, collateralRatio };
  return isPriceable(line, asset, problems) ? asset : undefined;
}

type PriceColumn = 'price' | 'collateral_ratio';

const NEUTRAL: PricedAsset = { symbol: 'NONE', decimals: 0, price: '1', collateralRatio: '1' };

/** One decimal in canonical form, held to the rules of the price table whatever the rest of its row is. */
function parseValue(
  { line, column, stated }: { line: number; column: PriceColumn; stated: string },
  problems: ProblemList,
): string | undefined {
  const plain = plainDecimal(stated);
  const asset = column === 'price' ? { ...NEUTRAL, price: plain } : { ...NEUTRAL, collateralRatio: plain };
  const refusal = refusalOf([asset]);
  if (refusal === undefined || DEPENDENT_CODES.includes(refusal.code)) {
    return formatDecimal(parseDecimal(plain));
  }
  const outside = column === 'price' ? 'price-not-positive' : 'collateral-ratio-out-of-range';
  const code = /^-[0-9]+(?:\.[0-9]+)?$/.test(stated) ? outside : refusal.code;
  const spelled = formatSpelling('a decimal like 12.5', describeSpelling('amount', stated));
  const message = code === 'decimal-malformed' ? spelled : (MESSAGES[code] ?? refusal.message);
  problems.add(line, column, { code, message });
  return undefined;
}

/** Whether an asset has a price table of its own, whatever the others are. */
function isPriceable(line: number, asset: PricedAsset, problems: ProblemList): boolean {
  const refusal = refusalOf([asset]);
  if (refusal === undefined) return true;
  const column = refusal.code === 'collateral-ratio-out-of-range' ? 'collateral_ratio' : 'price';
  problems.add(line, column, { code: refusal.code, message: refusal.message });
  return false;
}

/**
 * The price table of all rows, with a problem for each asset whose price is too small beside the largest: taking one
 * out leaves the scale, which the largest price sets, as it is.
 */
function derivePrices(rows: readonly AssetRow[], problems: ProblemList): PriceTable | undefined {
  let left = rows;
  for (;;) {
    const assets = left.map(({ asset }) => asset);
    const refusal = refusalOf(assets);
    if (refusal === undefined) return left.length === 0 ? undefined : derivePriceTable(assets);
    const refused = left.find(({ asset }) => asset.symbol === refusal.details.asset)!;
    problems.add(refused.line, 'price', { code: refusal.code, message: refusal.message });
    left = left.filter((row) => row !== refused);
  }
}

function refusalOf(assets: readonly PricedAsset[]): SolventError<PriceFault> | undefined {
  try {
    derivePriceTable(assets);
    return undefined;
  } catch (error) {
    if (error instanceof SolventError) return error as SolventError<PriceFault>;
    throw error;
  }
}
