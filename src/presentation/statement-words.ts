import type { ComponentKind, StatementLine } from '../protocol/index.js';
import { formatAmount } from './money.js';
import { showLine, type ShownLine } from './statement-shown.js';

const KINDS: Readonly<Record<ComponentKind, string>> = {
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
  return KINDS[kind];
}

/** What a line of a statement is, with the platform's reference: `Futures BTC-PERP (p-17)`. */
export function describeLine(line: StatementLine): string {
  const { kind, reference } = line;
  const { instrument } = showLine(line);
  const named = instrument === null ? KINDS[kind] : `${KINDS[kind]} ${instrument}`;
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
  return entryPrice === null ? now : `${now}, entered at ${write(entryPrice)}`;
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
