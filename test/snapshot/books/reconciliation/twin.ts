import type { Books, Break, LedgerRow } from './books.js';

const FRACTION_DIGITS = 18;

/** A decimal of at most 18 fraction digits in units of 10^-18. */
export function parseFine(text: string): bigint {
  const [whole, fraction = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole! + fraction.padEnd(FRACTION_DIGITS, '0'));
  return text.startsWith('-') ? -size : size;
}

/** Units of 10^-18 as a canonical decimal. */
export function formatFine(fine: bigint): string {
  const digits = (fine < 0n ? -fine : fine).toString().padStart(FRACTION_DIGITS + 1, '0');
  const fraction = digits.slice(-FRACTION_DIGITS).replace(/0+$/, '');
  const whole = digits.slice(0, -FRACTION_DIGITS);
  return `${fine < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

type Pair = {
  readonly account: string;
  readonly assetIndex: number;
  opening: bigint;
  readonly rows: LedgerRow[];
  stated: bigint;
};

/**
 * The breaks between ledger, balances and control accounts, worked out pair by pair in bigints, in the order in which
 * breaks are listed.
 */
export function deriveBreaks(
  books: Required<Pick<Books, 'assets' | 'opening' | 'ledger' | 'balances' | 'control'>>,
): Break[] {
  const pairs = new Map<string, Pair>();
  const pairOf = (account: string, assetIndex: number): Pair => {
    const key = `${assetIndex} ${account}`;
    const pair = pairs.get(key) ?? { account, assetIndex, opening: 0n, rows: [], stated: 0n };
    pairs.set(key, pair);
    return pair;
  };
  for (const [account, asset, amount] of books.opening) pairOf(account, asset).opening += parseFine(amount);
  for (const row of books.ledger) pairOf(row[0], row[1]).rows.push(row);
  for (const [account, asset, amount] of books.balances) pairOf(account, asset).stated += parseFine(amount);
  const recorded = new Set([...books.opening, ...books.ledger].map(([account]) => account));
  const stated = new Set(books.balances.map(([account]) => account));
  const breaks = [...pairs.values()]
    .filter((pair) => sumRecorded(pair) !== pair.stated)
    .map((pair): Break => {
      const known = recorded.has(pair.account) ? 'balance-differs' : 'account-missing-in-ledger';
      return {
        kind: stated.has(pair.account) ? known : 'account-missing-in-balances',
        account: pair.account,
        asset: books.assets[pair.assetIndex]!,
        instrument: null,
        ...compare(sumRecorded(pair), pair.stated),
        first_differing: findFirstDiffering(pair),
      };
    });
  return [...breaks, ...deriveControlBreaks([...pairs.values()], books)].sort(compareBreaks);
}

function deriveControlBreaks(
  pairs: readonly Pair[],
  { assets, control }: Pick<Books, 'control'> & { assets: readonly string[] },
): Break[] {
  return assets.flatMap((asset, index): Break[] => {
    const row = control!.find(([assetIndex]) => assetIndex === index);
    const expected = row === undefined ? 0n : parseFine(row[1]);
    const found = pairs
      .filter(({ assetIndex }) => assetIndex === index)
      .reduce((sum, { stated }) => sum + stated, 0n);
    const kind = row === undefined ? 'control-missing' : 'control-differs';
    const named = { kind, account: null, asset, instrument: null, first_differing: null } as const;
    return expected === found ? [] : [{ ...named, ...compare(expected, found) }];
  });
}

function sumRecorded({ opening, rows }: Pair): bigint {
  return rows.reduce((sum, [, , amount]) => sum + parseFine(amount), opening);
}

function findFirstDiffering({ opening, rows }: Pair): string | null {
  const instants = [...new Set(rows.map(([, , , atNs]) => atNs))].sort((a, b) => a - b);
  let balance = opening;
  for (const instant of instants) {
    const together = rows.filter(([, , , atNs]) => atNs === instant);
    for (const [, , amount] of together) balance += parseFine(amount);
    const known = together.every(([, , , , , after]) => after !== undefined);
    const agrees = together.some(([, , , , , after]) => after !== undefined && parseFine(after) === balance);
    if (known && !agrees) return together.map(([, , , , reference]) => reference).sort(compareText)[0]!;
  }
  return null;
}

function compare(expected: bigint, found: bigint) {
  return {
    expected: formatFine(expected),
    found: formatFine(found),
    difference: formatFine(found - expected),
  };
}

function compareBreaks(a: Break, b: Break): number {
  return (
    compareText(a.kind, b.kind) ||
    compareText(a.account ?? '', b.account ?? '') ||
    compareText(a.asset ?? '', b.asset ?? '')
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
