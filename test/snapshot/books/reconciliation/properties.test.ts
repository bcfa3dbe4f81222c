import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findBreaks, type Amount, type Books, type LedgerRow } from './books.js';
import { deriveBreaks, formatFine, parseFine } from './twin.js';

const SEED = 20260131;
const ASSETS = ['A0', 'A1', 'A2', 'A3'];
const ROWS = 100_000;
const ACCOUNTS = 4000;

type RandomRow = { account: number; asset: number; amount: bigint; atNs: number; fate: number };

const row = fc.record<RandomRow>({
  account: fc.nat(ACCOUNTS - 1),
  asset: fc.nat(ASSETS.length - 1),
  amount: fc.bigInt(-(10n ** 24n), 10n ** 24n),
  // Few instants, so that rows of one account share some.
  atNs: fc.nat(500),
  fate: fc.nat(9999),
});

type AgreeingBooks = Required<Pick<Books, 'assets' | 'opening' | 'ledger' | 'balances' | 'control'>>;

/** Books that agree: the ledger knows its balances, the balances are its sums, and so are the control accounts. */
function makeBooks(rows: readonly RandomRow[]): AgreeingBooks {
  const opening: Amount[] = [];
  const balances = new Map<string, bigint>();
  const control = ASSETS.map(() => 0n);
  const ledger = [...rows]
    .sort((a, b) => a.atNs - b.atNs)
    .map(({ account, asset, amount, atNs }, at): LedgerRow => {
      const key = `${asset} u${account}`;
      if (!balances.has(key) && account % 3 === 0) {
        opening.push([`u${account}`, asset, '7.5']);
        balances.set(key, parseFine('7.5'));
        control[asset]! += parseFine('7.5');
      }
      const after = (balances.get(key) ?? 0n) + amount;
      balances.set(key, after);
      control[asset]! += amount;
      return [`u${account}`, asset, formatFine(amount), atNs, `row-${at}`, formatFine(after)];
    });
  return {
    assets: ASSETS,
    opening,
    ledger,
    balances: [...balances].map(([key, amount]): Amount => {
      const [asset, account] = key.split(' ');
      return [account!, Number(asset), formatFine(amount)];
    }),
    control: control.map((amount, index) => [index, formatFine(amount)] as const),
  };
}

/** The same books with some rows dropped, doubled and changed on either side, by their fate. */
function breakBooks(books: AgreeingBooks, fates: readonly number[]): AgreeingBooks {
  const change = <Entry extends Amount | LedgerRow>(entry: Entry, fate: number): Entry[] => {
    if (fate < 5) return [];
    if (fate < 10) return [entry, entry];
    if (fate >= 15) return [entry];
    const changed = [...entry] as unknown as [string, number, string];
    changed[2] = formatFine(parseFine(entry[2]) + 1n);
    return [changed as unknown as Entry];
  };
  const fateOf = (at: number) => fates[at % fates.length]!;
  const lost = new Set(['u5', 'u6']);
  return {
    ...books,
    ledger: books.ledger
      .filter(([account]) => account !== 'u7')
      .flatMap((entry, at) => change(entry, fateOf(at))),
    opening: books.opening.filter(([, , amount], at) => amount !== '7.5' || at % 500 !== 0),
    balances: books.balances
      .filter(([account]) => !lost.has(account))
      .flatMap((entry, at) => change(entry, fateOf(at + 31_337))),
    control: books.control.filter(([assetIndex]) => assetIndex !== 2),
  };
}

describe('books of 100,000 random ledger rows', () => {
  const rows = fc.sample(row, { seed: SEED, numRuns: ROWS });
  const books = makeBooks(rows);

  it('have no break where they are made to agree', async () => {
    expect(books.balances.length).toBeGreaterThan(ACCOUNTS * 3);
    expect(await findBreaks(books)).toEqual([]);
  });

  it('have just the breaks that bigints say where they are damaged', async () => {
    const broken = breakBooks(
      books,
      rows.map(({ fate }) => fate),
    );
    const expected = deriveBreaks(broken);
    const counts = new Map<string, number>();
    for (const { kind } of expected) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    expect(counts.get('balance-differs')).toBeGreaterThan(100);
    expect([...counts.keys()].sort()).toEqual([
      'account-missing-in-balances',
      'account-missing-in-ledger',
      'balance-differs',
      'control-differs',
      'control-missing',
    ]);
    expect(expected.filter(({ first_differing }) => first_differing !== null).length).toBeGreaterThan(50);
    expect(await findBreaks(broken)).toEqual(expected);
  });
});
