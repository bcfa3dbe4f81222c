import {
  derivePriceTable,
  formatDecimal,
  MAX_FRACTION_DIGITS,
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
import { parseHeader, type Header } from '../reading/column-names.js';
import { ProblemList } from '../reading/source-problems.js';
import {
  adviseDecimals,
  findPriceRange,
  type OpenDecimals,
  type PricedUnit,
} from '../units/choose-decimals.js';
import { describeSpelling, formatSpelling, plainDecimal } from '../reading/spelling.js';

const COLUMNS = {
  required: ['symbol', 'decimals', 'price', 'collateral_ratio'],
  optional: ['unit'],
};
/** What to do about a column of a balance file or asset file that nothing reads. */
export const IGNORE_ADVICE = 'remove the column, or name it with --ignore-columns';
/** Assets of one snapshot; the largest circuit has fewer. */
export const MAX_ASSETS = 1024;

/** An asset as assets.csv states it. */
export type StatedAsset = Omit<PricedAsset, 'decimals'> & {
  readonly line: number;
  /** Null where they are chosen by prices and balances. */
  readonly decimals: number | null;
  /** Whether there is a price; without one it is 0, and nobody may hold the asset. */
  readonly hasPrice: boolean;
  /** Amounts of the asset are counted in units of 10^-unit of a whole one. */
  readonly unit: number;
};

/** The assets of a snapshot, with the price table that follows from them. */
export type AssetList = {
  /** In the order of the file, which is the order of asset indexes; decimals in canonical form. */
  readonly assets: readonly PricedAsset[];
  readonly priceTable: PriceTable;
};

/** An assets.csv that was read. */
export type LoadedAssets = {
  readonly assets: readonly StatedAsset[];
  /** The columns that were passed over. */
  readonly ignoredColumns: readonly string[];
};

type PriceFault =
  | PriceCode
  | DecimalCode
  | 'price-negative'
  | 'amount-not-finite'
  | 'amount-too-large'
  | 'amount-too-precise';

/** What is wrong with a price only beside its decimals or the other prices. */
const DEPENDENT_CODES: readonly PriceFault[] = ['price-too-small', 'price-too-large'];

/** Digits before the point that any amount or price of a source may have. */
const MAX_WHOLE_DIGITS = 20;

const MESSAGES: Partial<Record<PriceFault, string>> = {
  'amount-not-finite': 'expected a decimal, got NaN or infinity: find out what it was and write that',
  'amount-too-large': `expected at most ${MAX_WHOLE_DIGITS} digits before the point, got more: correct it`,
  'amount-too-precise': `expected at most ${MAX_FRACTION_DIGITS} digits behind the point, got more: correct it`,
  'price-negative': 'expected the price of one whole unit, 0 or above, got a minus: correct it',
  'collateral-ratio-out-of-range': 'expected a ratio from 0 to 1, like 0.85, got another',
};

/** Decimals that the price table finds. */
const AUTO = 'auto';

/**
 * Reads assets.csv: `symbol,decimals,price,collateral_ratio[,unit]`, in the order of the file.
 * @param file the name that problems are reported under.
 * @param ignored the columns that are passed over, besides those that are read.
 * @throws SourceError with every problem of the file, but for prices where decimals are still to be chosen; SolventError
 * `file-unreadable`.
 */
export async function loadAssets(
  path: string,
  file: string,
  ignored: readonly string[] = [],
): Promise<LoadedAssets> {
  const problems = new ProblemList(file);
  const { rows, header } = await readRows(path, { problems, ignored });
  if (rows.length === 0 && problems.count === 0) {
    const message = 'expected at least one asset, got no rows below the header';
    problems.add(1, null, { code: 'rows-missing', message });
  }
  const decided = rows.flatMap((row) => decide(row) ?? []);
  if (decided.length === rows.length) derivePrices(decided, problems);
  problems.throwIfAny();
  return { assets: rows, ignoredColumns: header.ignored };
}

/** An asset with the decimals of its proof unit. */
export type DecidedAsset = StatedAsset & {
  readonly decimals: number;
  /** Whether they were chosen. */
  readonly hasOpenDecimals: boolean;
};

function decide({ decimals, ...asset }: StatedAsset): DecidedAsset | undefined {
  return decimals === null ? undefined : { ...asset, decimals, hasOpenDecimals: false };
}

/**
 * The price table of assets whose decimals are all decided. One of price 0 is no collateral, whatever its ratio.
 * @throws SourceError with each price that has no place in one table with the others, and one of the quote currency that is
 * not 1.
 */
export function priceStatedAssets(
  rows: readonly DecidedAsset[],
  { file, quote }: { readonly file: string; readonly quote: string },
): AssetList {
  const problems = new ProblemList(file);
  const priceTable = derivePrices(rows, problems);
  for (const { line } of rows.filter(({ symbol, price }) => symbol === quote && price !== '1')) {
    const message =
      'expected the price 1 of the quote currency, got another: correct it, or name another --quote';
    problems.add(line, 'price', { code: 'quote-price-not-one', message });
  }
  problems.throwIfAny();
  const assets = rows.map(({ symbol, decimals, price, collateralRatio }) => ({
    symbol,
    decimals,
    price,
    collateralRatio: price === '0' ? '0' : collateralRatio,
  }));
  return { assets, priceTable: priceTable! };
}

async function readRows(
  path: string,
  { problems, ignored }: { problems: ProblemList; ignored: readonly string[] },
): Promise<{ readonly rows: readonly StatedAsset[]; readonly header: Header }> {
  const known = { ...COLUMNS, ignored, advice: IGNORE_ADVICE };
  const rows: StatedAsset[] = [];
  const firstLines = new Map<string, number>();
  let header: Header | undefined;
  for await (const records of readCsvRecords(path)) {
    for (const record of records) {
      if (header === undefined) header = parseHeader(record, known, problems);
      else if ('fault' in record) problems.add(record.line, null, record.fault);
      else {
        const values = new Map([...header.indexes].map(([name, index]) => [name, record.fields[index]!]));
        const asset = parseAsset(record.line, values, problems);
        if (asset !== undefined && isNew(asset.symbol, record.line, firstLines, problems)) {
          rows.push(asset);
        }
      }
      if (rows.length > MAX_ASSETS) {
        const message = `expected at most ${MAX_ASSETS} assets, got more: list only those that are held`;
        problems.add(record.line, null, { code: 'assets-too-many', message });
        return { rows, header };
      }
    }
  }
  header ??= parseHeader(undefined, known, problems);
  return { rows, header };
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
): StatedAsset | undefined {
  const before = problems.count;
  const symbol = values.get('symbol')!;
  if (!primitives.assetSymbol.safeParse(symbol).success) {
    const message =
      'expected a symbol of 1 to 32 letters, digits or . _ : - that starts with a letter or digit, got another text';
    problems.add(line, 'symbol', { code: 'symbol-malformed', message });
  }
  const decimals = values.get('decimals')!;
  if (decimals !== AUTO && !isDigitCount(decimals)) {
    const message = `expected the decimals of the proof unit, a whole number from 0 to ${MAX_UNIT_DECIMALS} or auto, got another text`;
    problems.add(line, 'decimals', { code: 'decimals-malformed', message });
  }
  const unit = values.get('unit') ?? '';
  if (unit !== '' && !isDigitCount(unit)) {
    const message = `expected the decimals of the unit that amounts are counted in, a whole number from 0 to ${MAX_UNIT_DECIMALS} or nothing, got another text`;
    problems.add(line, 'unit', { code: 'decimals-malformed', message });
  }
  const stated = values.get('price')!;
  const price = parseValue({ line, column: 'price', stated: stated === '' ? '0' : stated }, problems);
  const ratio = values.get('collateral_ratio')!;
  const collateralRatio = parseValue({ line, column: 'collateral_ratio', stated: ratio }, problems);
  if (price === undefined || collateralRatio === undefined || problems.count > before) return undefined;
  const decided = decimals === AUTO ? null : Number(decimals);
  if (
    decided !== null &&
    !isPriceable(line, { symbol, decimals: decided, price, collateralRatio }, problems)
  ) {
    return undefined;
  }
  const hasPrice = stated !== '';
  return { line, symbol, decimals: decided, price, hasPrice, collateralRatio, unit: Number(unit) };
}

function isDigitCount(text: string): boolean {
  return /^[0-9]{1,2}$/.test(text) && Number(text) <= MAX_UNIT_DECIMALS;
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
  const digitFault = findDigitFault(plain);
  if (digitFault === undefined && (refusal === undefined || DEPENDENT_CODES.includes(refusal.code))) {
    return formatDecimal(parseDecimal(plain));
  }
  const outside = column === 'price' ? 'price-negative' : 'collateral-ratio-out-of-range';
  const code = /^-[0-9]+(?:\.[0-9]+)?$/.test(stated) ? outside : (digitFault ?? refusal!.code);
  const spelled = formatSpelling('a decimal like 12.5', describeSpelling('amount', stated));
  const message = code === 'decimal-malformed' ? spelled : (MESSAGES[code] ?? refusal!.message);
  problems.add(line, column, { code, message });
  return undefined;
}

/** The fault that every reader finds in a number by its digits alone. */
function findDigitFault(plain: string): PriceFault | undefined {
  if (/^[-+]?(?:nan|inf|infinity)$/i.test(plain)) return 'amount-not-finite';
  const [, whole = '', fraction = ''] = /^([0-9]+)(?:\.([0-9]+))?$/.exec(plain) ?? [];
  if (whole.length > MAX_WHOLE_DIGITS) return 'amount-too-large';
  return fraction.length > MAX_FRACTION_DIGITS ? 'amount-too-precise' : undefined;
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
 * The price table of all rows, with a problem for each asset whose price is too small beside the largest. Taking such
 * an asset out leaves the scale as it is: the largest price sets it.
 */
function derivePrices(rows: readonly DecidedAsset[], problems: ProblemList): PriceTable | undefined {
  let left = rows;
  const refused: [DecidedAsset, PriceFault, string][] = [];
  for (;;) {
    const refusal = refusalOf(left);
    if (refusal === undefined) break;
    const row = left.find(({ symbol }) => symbol === refusal.details.asset)!;
    refused.push([row, refusal.code, refusal.message]);
    left = left.filter((other) => other !== row);
  }
  for (const [row, code, message] of refused) {
    const advised = code === 'price-too-small' ? describeSmallPrice(row, left) : message;
    problems.add(row.line, 'price', { code, message: advised });
  }
  return left.length === 0 ? undefined : derivePriceTable(left);
}

/** That a price is too small beside others, and with how many decimals it would not be. */
function describeSmallPrice(asset: DecidedAsset, others: readonly DecidedAsset[]): string {
  const range = findPriceRange(parseDecimal(asset.price), others.map(readUnit));
  return `expected a price of one proof unit that rounding leaves as it is beside the others, got a smaller one for ${asset.symbol}: ${adviseDecimals(range, findOpenDecimals(asset, others))}`;
}

/** Which of the decimals of an asset and of the others are chosen already. */
export function findOpenDecimals(asset: DecidedAsset, others: readonly DecidedAsset[]): OpenDecimals {
  const isOpen = asset.hasOpenDecimals;
  return { isOpen, areAllOpen: isOpen && others.every(({ hasOpenDecimals }) => hasOpenDecimals) };
}

/** What of an asset decides about decimals. */
export function readUnit({ price, decimals }: DecidedAsset): PricedUnit {
  return { price: parseDecimal(price), decimals };
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
