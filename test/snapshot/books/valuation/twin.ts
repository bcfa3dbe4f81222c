import type { BooksConfig } from '../../../../src/snapshot/books/config.js';
import { toCoefficient, type Books } from './books.js';

/** What a user has in one asset: proof units, and the exact worth of all lines in units of 10^-30 of a proof unit. */
export type TwinHolding = { equity: bigint; debt: bigint; exactE30: bigint; lines: number };

type Fraction = readonly [bigint, bigint];
type Line = { account: string; bucket: string; assetIndex: number; value: Fraction };

const ONE = 10n ** 18n;

/**
 * Values books the slow way, line by line as the rules are written, all in fractions of plain integers.
 * @param prices of the assets, by symbol. Every instrument has one mark, and none has expired.
 */
export function valueTwin(
  books: Books,
  config: BooksConfig,
  prices: Readonly<Record<string, string>>,
): Map<string, TwinHolding> {
  const lines = [...listStated(books, config), ...listPositions(books, config, prices)];
  const accounts = new Map(books.book_account!.map(([account, user, kind]) => [account, { user, kind }]));
  const buckets = new Map<string, Map<number, { units: bigint; exactE30: bigint; lines: number }>>();
  for (const { account, bucket, assetIndex, value } of lines) {
    if (accounts.get(account)!.kind !== 'user' || value[0] === 0n) continue;
    const key = JSON.stringify([account, bucket]);
    const nets = buckets.get(key) ?? new Map<number, { units: bigint; exactE30: bigint; lines: number }>();
    buckets.set(key, nets);
    const net = nets.get(assetIndex) ?? { units: 0n, exactE30: 0n, lines: 0 };
    const scaled = value[0] * 10n ** BigInt(config.assets[assetIndex]!.decimals);
    net.units += -floorDivide(-scaled, value[1]);
    net.exactE30 += floorDivide(scaled * 10n ** 30n, value[1]);
    net.lines += 1;
    nets.set(assetIndex, net);
  }
  const holdings = new Map<string, TwinHolding>();
  for (const [key, nets] of buckets) {
    const [account, bucket] = JSON.parse(key) as [string, string];
    const worth = [...nets].reduce((sum, [index, { units }]) => {
      const { symbol, decimals } = config.assets[index]!;
      return sum + units * toCoefficient(prices[symbol]!) * 10n ** BigInt(24 - decimals);
    }, 0n);
    const lifted = bucket !== 'cross' && worth < 0n && config.isolatedLoss === 'limited';
    for (const [index, { units, exactE30, lines: count }] of nets) {
      const user = `${accounts.get(account)!.user as string} ${index}`;
      const holding = holdings.get(user) ?? { equity: 0n, debt: 0n, exactE30: 0n, lines: 0 };
      const net = lifted ? 0n : units;
      if (net > 0n) holding.equity += net;
      else holding.debt -= net;
      holding.exactE30 += lifted ? exactE30 - units * 10n ** 30n : exactE30;
      holding.lines += count;
      holdings.set(user, holding);
    }
  }
  return holdings;
}

function listStated(books: Books, config: BooksConfig): Line[] {
  const lines: Line[] = [];
  const isolated = new Set(
    books
      .open_position!.filter((row) => row[5] === 'isolated')
      .map((row) => `${row[0] as string} ${row[1] as string}`),
  );
  const add = (account: unknown, assetIndex: unknown, amount: bigint, position: unknown = null) => {
    const name = `${account as string} ${position as string}`;
    const bucket = isolated.has(name) ? (position as string) : 'cross';
    lines.push({
      account: account as string,
      bucket,
      assetIndex: assetIndex as number,
      value: [amount, ONE],
    });
  };
  const coefficient = (cell: unknown) => toCoefficient(cell as string);
  if (config.cash === 'ledger') {
    const sums = new Map<string, bigint>();
    for (const [account, asset, amount] of [...books.opening_balance!, ...books.ledger_sum!]) {
      const key = JSON.stringify([account, asset]);
      sums.set(key, (sums.get(key) ?? 0n) + coefficient(amount));
    }
    for (const [key, amount] of sums) {
      const [account, asset] = JSON.parse(key) as [string, number];
      add(account, asset, amount);
    }
  } else
    for (const [account, asset, amount] of books.stated_balance!) add(account, asset, coefficient(amount));
  if (config.cash === 'balances-available') {
    const holds = new Map<string, bigint>();
    for (const [account, , asset, reserved] of books.open_order!) {
      const key = JSON.stringify([account, asset]);
      holds.set(key, (holds.get(key) ?? 0n) + coefficient(reserved));
    }
    for (const [key, amount] of holds) {
      const [account, asset] = JSON.parse(key) as [string, number];
      add(account, asset, amount);
    }
  }
  for (const [account, asset, amount, direction, inCash] of books.collateral!) {
    const sign = direction === 'posted' ? 1n : -1n;
    if (inCash === false) add(account, asset, sign * coefficient(amount));
  }
  for (const [account, asset, , amount, inCash, , position] of books.settlement!) {
    if (inCash === false) add(account, asset, coefficient(amount), position);
  }
  for (const [account, , asset, principal, interest, , position] of books.loan!) {
    add(account, asset, -coefficient(principal), position);
    add(account, asset, -coefficient(interest), position);
  }
  return lines;
}

function listPositions(books: Books, config: BooksConfig, prices: Readonly<Record<string, string>>): Line[] {
  const lines: Line[] = [];
  const instruments = new Map(books.instrument!.map((row) => [row[0], row]));
  const marks = new Map(books.mark!.map((row) => [row[0], row]));
  const priceOf = (symbol: string) => (symbol === config.quote ? ONE : toCoefficient(prices[symbol]!));
  for (const row of books.open_position!) {
    const [account, id, name, quantity, entryPrice, mode, margin, outside] = row as string[];
    const [, kind, , settlement, size, style] = instruments.get(name) as [
      string,
      string,
      string,
      number,
      string,
      string,
    ];
    const [, , mark, markAsset] = marks.get(name) as string[];
    const bucket = mode === 'isolated' ? id! : 'cross';
    const [q, s, m, e] = [quantity, size, mark, entryPrice].map((text) => toCoefficient(text!)) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    const settled = priceOf(config.assets[settlement]!.symbol);
    let value: Fraction;
    if (style === 'inverse') value = [q * s * (m - e), ONE * e * m];
    else {
      const gain = style === 'premium-paid' ? m : m - e;
      value = [q * s * gain * priceOf(markAsset!), ONE ** 3n * settled];
    }
    expectKind(kind, style);
    lines.push({ account: account!, bucket, assetIndex: settlement, value });
    if (mode !== 'isolated') continue;
    const amount = toCoefficient(margin!);
    lines.push({ account: account!, bucket, assetIndex: settlement, value: [amount, ONE] });
    if ((outside as unknown) === false) {
      lines.push({ account: account!, bucket: 'cross', assetIndex: settlement, value: [-amount, ONE] });
    }
  }
  return lines;
}

function expectKind(kind: string, style: string): void {
  const isOption = style === 'premium-paid' || style === 'futures-style';
  if ((kind === 'option') !== isOption) throw new Error(`expected a ${kind} of its own style, got ${style}`);
}

function floorDivide(a: bigint, b: bigint): bigint {
  return a % b !== 0n && a < 0n !== b < 0n ? a / b - 1n : a / b;
}
