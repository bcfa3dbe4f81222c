import { describe, expect, it } from 'vitest';

import { assertReconciled } from '../../../../src/snapshot/books/reconciliation/refuse-breaks.js';
import {
  findBreaks,
  reconcileBooks,
  type Amount,
  type Books,
  type LedgerRow,
  type Position,
} from './books.js';

/** Books that agree: opening and ledger are the balances, these the control accounts, and longs are shorts. */
const AGREEING: Required<Omit<Books, 'assets' | 'orders' | 'cash'>> = {
  opening: [['ann', 0, '1']],
  ledger: [
    ['ann', 0, '0.5', 10, 'l1', '1.5'],
    ['ann', 0, '-0.25', 20, 'l2', '1.25'],
    ['ann', 2, '1000', 30, 'l3', '1000'],
    ['bob', 0, '3', 40, 'l4', '3'],
    ['bob', 2, '7', 50, 'l5', '7'],
    ['bob', 2, '-7', 60, 'l6', '0'],
    ['fees', 2, '0.000000000000000001', 70, 'l7', '0.000000000000000001'],
  ],
  balances: [
    ['ann', 0, '1.25'],
    ['ann', 2, '1000'],
    ['bob', 0, '3'],
    ['fees', 2, '0.000000000000000001'],
    ['new', 1, '0'],
  ],
  control: [
    [0, '4.25'],
    [2, '1000.000000000000000001'],
  ],
  netted: ['BTC-PERP', 'BTC-C-100000'],
  notNetted: ['BTC-OTC'],
  positions: [
    ['ann', 'BTC-PERP', '5'],
    ['bob', 'BTC-PERP', '-2.5'],
    ['house', 'BTC-PERP', '-2.5'],
    ['ann', 'BTC-OTC', '9'],
  ],
};

const NONE = { account: null, asset: null, instrument: null, first_differing: null };

describe('books that agree', () => {
  it('have no break, and say how much was compared', async () => {
    const { compared, breaks } = await reconcileBooks(AGREEING);
    expect(breaks).toEqual([]);
    // Pairs: ann BTC and USDT, bob BTC and USDT, fees USDT, new ETH. Assets: all three. Netted with positions: one.
    expect(compared).toEqual({ balances: 6, control: 3, positions: 1 });
    expect(() => {
      assertReconciled({ compared, breaks }, null);
    }).not.toThrow();
  });

  it('may leave a balance of zero out on either side', async () => {
    expect(await findBreaks({ ledger: [], balances: [['ann', 0, '0']] })).toEqual([]);
    const emptied: LedgerRow[] = [
      ['bob', 0, '2', 1, 'l1'],
      ['bob', 0, '-2', 2, 'l2'],
    ];
    expect(await findBreaks({ ledger: emptied, balances: [] })).toEqual([]);
  });

  it('may have balances without what open orders hold', async () => {
    const books: Books = {
      ledger: [['ann', 0, '5', 1, 'l1']],
      balances: [['ann', 0, '3.5']],
      orders: [
        ['ann', 0, '1'],
        ['ann', 0, '0.5'],
      ],
      control: [[0, '5']],
    };
    expect(await findBreaks({ ...books, cash: 'balances-available' })).toEqual([]);
    expect((await findBreaks(books)).map(({ kind }) => kind)).toEqual(['balance-differs', 'control-differs']);
  });
});

describe('checks that need a source that is not there', () => {
  it('say that nothing was compared', async () => {
    const { ledger, balances, opening, positions, netted, notNetted, control } = AGREEING;
    const compare = async (books: Books) => (await reconcileBooks(books)).compared;
    expect(await compare({ balances })).toEqual({ balances: null, control: null, positions: null });
    expect(await compare({ ledger, opening })).toEqual({ balances: null, control: null, positions: null });
    expect(await compare({ ledger, opening, control })).toMatchObject({ balances: null, control: 2 });
    expect(await compare({ balances, positions, netted, notNetted })).toMatchObject({ positions: 1 });
  });

  it('hold the ledger against the control accounts where no balances are stated', async () => {
    const { ledger, opening, control } = AGREEING;
    expect(await findBreaks({ ledger, opening, control, cash: 'ledger' })).toEqual([]);
    expect(await findBreaks({ ledger, control, cash: 'ledger' })).toEqual([
      { ...NONE, kind: 'control-differs', asset: 'BTC', expected: '4.25', found: '3.25', difference: '-1' },
    ]);
  });
});

describe('each kind of break', () => {
  it('is found where a balance differs, by however little', async () => {
    const balances: Amount[] = [['ann', 0, '1.250000000000000001'], ...AGREEING.balances.slice(1)];
    const { opening, ledger } = AGREEING;
    expect(await findBreaks({ opening, ledger, balances })).toEqual([
      {
        ...NONE,
        kind: 'balance-differs',
        account: 'ann',
        asset: 'BTC',
        expected: '1.25',
        found: '1.250000000000000001',
        difference: '0.000000000000000001',
      },
    ]);
  });

  it('is found where one asset of an account is on one side alone', async () => {
    const books: Books = {
      ledger: [
        ['ann', 0, '1', 1, 'l1'],
        ['ann', 1, '2', 2, 'l2'],
      ],
      balances: [
        ['ann', 0, '1'],
        ['ann', 2, '3'],
      ],
    };
    const named = { ...NONE, kind: 'balance-differs', account: 'ann' };
    expect(await findBreaks(books)).toEqual([
      { ...named, asset: 'ETH', expected: '2', found: '0', difference: '-2' },
      { ...named, asset: 'USDT', expected: '0', found: '3', difference: '3' },
    ]);
  });

  it('is found where an account is missing in the balances, whatever its orders hold', async () => {
    const books: Books = {
      opening: [['cyd', 1, '4']],
      ledger: [
        ['ann', 0, '1', 1, 'l1'],
        ['bob', 0, '-2.5', 2, 'l2'],
      ],
      balances: [['ann', 0, '1']],
      orders: [['bob', 0, '1']],
      cash: 'balances-available',
    };
    const missing = { ...NONE, kind: 'account-missing-in-balances' };
    expect(await findBreaks(books)).toEqual([
      { ...missing, account: 'bob', asset: 'BTC', expected: '-2.5', found: '1', difference: '3.5' },
      { ...missing, account: 'cyd', asset: 'ETH', expected: '4', found: '0', difference: '-4' },
    ]);
  });

  it('is found where an account is missing in the ledger', async () => {
    const balances: Amount[] = [
      ['ann', 0, '1'],
      ['bob', 2, '12.30'],
    ];
    expect(await findBreaks({ ledger: [], opening: [['ann', 0, '1']], balances })).toEqual([
      {
        ...NONE,
        kind: 'account-missing-in-ledger',
        account: 'bob',
        asset: 'USDT',
        expected: '0',
        found: '12.3',
        difference: '12.3',
      },
    ]);
  });

  it('is found where a control account differs, is not there, or has what no account has', async () => {
    const balances: Amount[] = [
      ['ann', 0, '1'],
      ['house', 0, '-0.5'],
      ['bob', 1, '2'],
    ];
    const control: Books['control'] = [
      [0, '0.6'],
      [2, '9'],
    ];
    expect(await findBreaks({ balances, control })).toEqual([
      { ...NONE, kind: 'control-differs', asset: 'BTC', expected: '0.6', found: '0.5', difference: '-0.1' },
      { ...NONE, kind: 'control-differs', asset: 'USDT', expected: '9', found: '0', difference: '-9' },
      { ...NONE, kind: 'control-missing', asset: 'ETH', expected: '0', found: '2', difference: '2' },
    ]);
  });

  it('is found where longs are not shorts in an instrument that is declared netted', async () => {
    const positions: Position[] = [...AGREEING.positions, ['bob', 'BTC-C-100000', '-0.1']];
    const named = { ...NONE, kind: 'positions-not-netted', instrument: 'BTC-C-100000' };
    expect(await findBreaks({ ...AGREEING, positions })).toEqual([
      { ...named, expected: '0', found: '-0.1', difference: '-0.1' },
    ]);
  });
});

describe('the first ledger row after which the two sides differ', () => {
  const firstOf = async (ledger: readonly LedgerRow[], opening: readonly Amount[] = []) => {
    const [first] = await findBreaks({ ledger, opening, balances: [['ann', 0, '10']] });
    return first!.first_differing;
  };

  it.each([
    [
      'behind a row that was dropped',
      [
        ['ann', 0, '4', 10, 'l1', '4'],
        ['ann', 0, '3', 30, 'l3', '10'],
      ],
      'l3',
    ],
    [
      'that came twice',
      [
        ['ann', 0, '4', 10, 'l1', '4'],
        ['ann', 0, '3', 20, 'l2', '7'],
        ['ann', 0, '3', 20, 'l2', '7'],
        ['ann', 0, '3', 30, 'l3', '10'],
      ],
      'l2',
    ],
    [
      'whose amount was changed, in whatever order rows come',
      [
        ['ann', 0, '3', 30, 'l3', '10'],
        ['ann', 0, '3.1', 20, 'l2', '7'],
        ['ann', 0, '4', 10, 'l1', '4'],
      ],
      'l2',
    ],
  ] as const)('is the one %s', async (_, ledger, reference) => {
    expect(await firstOf(ledger)).toBe(reference);
  });

  it('starts from the opening balance', async () => {
    const ledger: LedgerRow[] = [
      ['ann', 0, '1', 10, 'l1', '6'],
      ['ann', 0, '3', 20, 'l2', '10'],
    ];
    expect(await firstOf(ledger, [['ann', 0, '5']])).toBe('l2');
    expect(await firstOf(ledger)).toBe('l1');
  });

  it('is not known where the ledger has no balances, or none that differs', async () => {
    expect(await firstOf([['ann', 0, '4', 10, 'l1']])).toBeNull();
    expect(await firstOf([['ann', 0, '4', 10, 'l1', '4']])).toBeNull();
    const withGap: LedgerRow[] = [
      ['ann', 0, '4', 10, 'l1'],
      ['ann', 0, '5', 20, 'l2', '9'],
    ];
    expect(await firstOf(withGap)).toBeNull();
  });

  it('is not one of several rows of an instant whose order may be another', async () => {
    const sameInstant: LedgerRow[] = [
      ['ann', 0, '4', 10, 'b', '9'],
      ['ann', 0, '5', 10, 'a', '5'],
    ];
    expect(await firstOf(sameInstant)).toBeNull();
    expect(await firstOf([...sameInstant, ['ann', 0, '2', 10, 'c', '8']])).toBe('a');
    expect(await firstOf([...sameInstant, ['ann', 0, '2', 10, 'c']])).toBeNull();
  });
});

describe('the summary', () => {
  it('counts and sums up the breaks of each kind and asset', async () => {
    const { breaks } = await reconcileBooks({
      ledger: [
        ['ann', 0, '1', 1, 'l1'],
        ['bob', 0, '2', 2, 'l2'],
        ['bob', 1, '0.5', 3, 'l3'],
      ],
      balances: [
        ['ann', 0, '3'],
        ['bob', 0, '1.25'],
        ['bob', 1, '0.25'],
      ],
      netted: ['BTC-PERP', 'ETH-PERP'],
      positions: [
        ['ann', 'BTC-PERP', '2'],
        ['ann', 'ETH-PERP', '-0.5'],
      ],
    });
    const expected = [
      { kind: 'balance-differs', asset: 'BTC', count: 2, difference: '1.25', magnitude: '2.75' },
      { kind: 'balance-differs', asset: 'ETH', count: 1, difference: '-0.25', magnitude: '0.25' },
      { kind: 'positions-not-netted', asset: null, count: 2, difference: '1.5', magnitude: '2.5' },
    ];
    expect(breaks).toEqual(expected);
  });

  it('refuses books with breaks by their number and kinds, and names nobody', async () => {
    const { compared, breaks } = await reconcileBooks({
      ledger: [['ann', 0, '1', 1, 'l1']],
      balances: [
        ['bob', 0, '31337'],
        ['cyd', 0, '1'],
      ],
      control: [[0, '31338']],
    });
    const refuse = () => {
      assertReconciled({ compared, breaks }, 'snapshot.breaks/breaks.csv');
    };
    expect(refuse).toThrow('got 3 breaks in snapshot.breaks/breaks.csv');
    expect(refuse).toThrow(
      expect.objectContaining({
        errorClass: 'reconciliation',
        code: 'books-do-not-reconcile',
        details: { breaks: ['account-missing-in-balances: 1', 'account-missing-in-ledger: 2'] },
      }),
    );
    expect(refuse).not.toThrow(/ann|bob|31337/);
  });
});
