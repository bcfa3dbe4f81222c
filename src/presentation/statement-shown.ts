import {
  type ComponentKind,
  type StatementLine,
  CROSS_BUCKET,
  formatSignedDecimal,
  parseSignedDecimal,
  formatDecimal,
  parseInstantNs,
} from '../protocol/index.js';
import {
  assetOfPrice,
  assetOfQuote,
  priceModel,
  type PositionQuote,
  type PositionValuation,
} from '../protocol/valuation/index.js';
import { formatAmount, formatPlain } from './durations.js';
import { say, type PlainSentence } from './language.js';

/** The lines that are netted with each other: of one account, bucket and asset. */
export type StatementNet = {
  readonly account: string;
  /** The isolated position that the lines are of; null where they are netted with the rest of the account. */
  readonly isolated: string | null;
  readonly asset: string;
  readonly lines: readonly StatementLine[];
  /** Their sum in whole units of the asset; positive ones are held, negative ones owed. */
  readonly net: string;
};

/** Lines as they are netted, in their order. */
export function netStatement(lines: readonly StatementLine[]): StatementNet[] {
  const groups = new Map<string, StatementLine[]>();
  for (const line of lines) {
    const key = JSON.stringify([line.account, line.bucket, line.asset]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return [...groups.values()].map((group) => {
    const { account, bucket, asset } = group[0]!;
    const isolated = bucket === CROSS_BUCKET ? null : bucket;
    return { account, isolated, asset, lines: group, net: addValues(group) };
  });
}

/** What is netted, in one text: `BTC of main-1`, `BTC of main-1, isolated p-17`. */
export function describeNet({ account, isolated, asset }: StatementNet): string {
  return isolated === null
    ? say('{asset} of {account}', { asset, account })
    : say('{asset} of {account}, isolated {isolated}', { asset, account, isolated });
}

function addValues(lines: readonly StatementLine[]): string {
  const values = lines.map(({ value }) => parseSignedDecimal(value));
  const fractionDigits = Math.max(...values.map((value) => value.fractionDigits));
  const coefficient = values.reduce(
    (sum, value) => sum + value.coefficient * 10n ** BigInt(fractionDigits - value.fractionDigits),
    0n,
  );
  return formatSignedDecimal({ coefficient, fractionDigits });
}

/** What is shown of a line besides its kind and value. Null where there is nothing to show. */
export type ShownLine = {
  /** The name of the instrument. */
  readonly instrument: string | null;
  /** In contracts. */
  readonly quantity: string | null;
  readonly entryPrice: string | null;
  /** The mark, the delivery price, or what the model makes of its inputs. */
  readonly price: string | null;
  readonly priceAsset: string | null;
  readonly priceSource: string | null;
  /** The instant of the price, or of the older of a model's observed inputs. */
  readonly pricedAt: string | null;
};

const NOTHING: ShownLine = {
  instrument: null,
  quantity: null,
  entryPrice: null,
  price: null,
  priceAsset: null,
  priceSource: null,
  pricedAt: null,
};

/** What a position line says in the words of its reader; nothing of all other lines. */
export function showLine({ valuation }: StatementLine): ShownLine {
  if (valuation.of !== 'position') return NOTHING;
  const { instrument, quantity, entryPrice } = valuation;
  return { instrument: instrument.name, quantity, entryPrice, ...showPrice(valuation) };
}

type ShownPrice = Pick<ShownLine, 'price' | 'priceAsset' | 'priceSource' | 'pricedAt'>;

function showPrice({ instrument, quote }: PositionValuation): ShownPrice {
  if (quote.kind !== 'black-76') {
    const priceSource =
      quote.kind === 'settlement' ? say('settlement: {source}', { source: quote.source }) : quote.source;
    return { price: quote.price, priceAsset: assetOfQuote(quote), priceSource, pricedAt: quote.at };
  }
  const price = priceModel(instrument, quote);
  return {
    price: price === undefined ? null : formatDecimal(price),
    priceAsset: assetOfPrice({ instrument, quote }),
    priceSource: describeModel(quote),
    pricedAt: findOlder(quote.forward.at, quote.volatility.at),
  };
}

function describeModel({
  forward,
  volatility,
  rate,
  dayCount,
}: Extract<PositionQuote, { kind: 'black-76' }>): string {
  const inputs = [
    say('forward {price} {asset} ({source})', { ...forward, price: formatPlain(forward.price) }),
    say('volatility {value} ({source})', { ...volatility, value: formatPlain(volatility.value) }),
    say('rate {rate} {dayCount}', { rate: formatPlain(rate), dayCount }),
  ];
  return `black-76: ${inputs.join(', ')}`;
}

function findOlder(a: string, b: string): string {
  return parseInstantNs(a) < parseInstantNs(b) ? a : b;
}

const KINDS: Readonly<Record<ComponentKind, PlainSentence>> = {
  cash: 'Balance',
  'open-orders': 'Held by open orders',
  'collateral-posted': 'Collateral posted',
  'collateral-received': 'Collateral received',
  loan: 'Loan',
  interest: 'Interest',
  realised: 'Realised result',
  funding: 'Funding',
  'withdrawal-in-flight': 'Withdrawal on its way',
  'deposit-in-flight': 'Deposit on its way',
  'isolated-margin': 'Isolated margin',
  futures: 'Futures',
  options: 'Options',
  'isolated-loss-limit': 'Loss beyond the margin, let go of',
  'write-off': 'Debt written off',
};

/** What a kind of line is called before its reader. */
export function nameKind(kind: ComponentKind): string {
  return say(KINDS[kind]);
}

/** What a line of a statement is, with the platform's reference: `Futures BTC-PERP (p-17)`. */
export function describeLine(line: StatementLine): string {
  const { kind, reference } = line;
  const { instrument } = showLine(line);
  const named = instrument === null ? nameKind(kind) : `${nameKind(kind)} ${instrument}`;
  return reference === '' ? named : `${named} (${reference})`;
}

/**
 * The price of a line and what its position was entered at, `61,234.5 USDT, entered at 60,000`; nothing without one.
 * @param write how an amount is written where it is shown.
 */
export function describePrice(
  { price, priceAsset, entryPrice }: Pick<ShownLine, 'price' | 'priceAsset' | 'entryPrice'>,
  write: (decimal: string) => string = formatAmount,
): string {
  if (price === null) return '';
  const now = `${write(price)}${priceAsset === null ? '' : ` ${priceAsset}`}`;
  return entryPrice === null
    ? now
    : say('{price}, entered at {entry}', { price: now, entry: write(entryPrice) });
}

/**
 * Where a price is from, and of when where that is stated; nothing where no source is.
 * @param write how an instant is written where it is shown.
 */
export function describePriceSource(
  { priceSource, pricedAt }: { readonly priceSource: string | null; readonly pricedAt: string | null },
  write: (instant: string) => string = String,
): string {
  return [priceSource, pricedAt === null ? null : write(pricedAt)].filter((part) => part !== null).join(', ');
}
