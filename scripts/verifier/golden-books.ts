/** A user whose inclusion file is kept, and its name. */
export type GoldenUser = { readonly userId: string; readonly file: string };

export const INSTANTS = { balances: '2025-12-31T00:00:00Z', books: '2026-01-31T00:00:00Z' } as const;
const PLATFORM = 'Golden Exchange';

/** Holders of one or two assets; one who owes, one whose debt takes a wide row, and one whose debt was written off. */
export const BALANCES = {
  platform: PLATFORM,
  users: [
    { userId: 'ann@example.org', file: 'ann.json' },
    { userId: 'zoë@example.org', file: 'zoe.json' },
    { userId: 'lea@example.org', file: 'lea.json' },
    { userId: 'wid@example.org', file: 'wid.json' },
  ],
} as const;

const MANY = Array.from({ length: 20 }, (_, index) => index + 1);

/** The short way in: balances and assets. 23 accounts without debt take two batches. */
export const BALANCES_FILES: Readonly<Record<string, string>> = {
  'assets.csv': `symbol,decimals,price,collateral_ratio
BTC,8,87500.25,0.95
ETH,8,2950.5,0.9
USDT,6,1,1
GOLD,0,3,1
IRON,0,1,1
ZINC,0,1,1
LEAD,0,1,1
`,
  'balances.csv': `user_id,asset,equity,debt
ann@example.org,BTC,1.5,0
ann@example.org,USDT,0.000001,0
zoë@example.org,ETH,184467440737.09551615,0
lea@example.org,BTC,2,0
lea@example.org,USDT,0,40000.5
wid@example.org,GOLD,0,1
wid@example.org,IRON,1,0
wid@example.org,ZINC,1,0
wid@example.org,LEAD,1,0
max@example.org,ETH,1,0
max@example.org,USDT,0,3000
${MANY.map((n) => `user-${n}@example.org,${n % 2 === 0 ? 'BTC' : 'USDT'},${n}.25,0`).join('\n')}
`,
};

/** Users with several accounts, a loan and a position, whose lines make up what they hold. */
export const BOOKS = {
  users: [
    { userId: 'ann@example.org', file: 'ann.json' },
    { userId: 'bob@example.org', file: 'bob.json' },
  ],
} as const;

const SOURCES = ['ledger', 'balances', 'control', 'prices', 'loans', 'positions', 'instruments', 'marks'];

/** Books that reconcile: each user's lines, the house on the other side of the position, and what all of it is worth. */
export const BOOKS_FILES: Readonly<Record<string, string>> = {
  'snapshot.yaml': `format: solvent/books/v1
platform: ${PLATFORM}
quote: USD
cash: balances-total
underwater: fail
isolatedLoss: limited
maxMarkAge: 10m
assets:
  - { symbol: BTC, decimals: 8, collateralRatio: 0.9, maxPriceAge: 10m }
  - { symbol: USDT, decimals: 6, collateralRatio: 1, maxPriceAge: 10m }
sources:
  accounts: { files: [accounts.csv], format: csv }
${SOURCES.map((name) => `  ${name}: { files: [${name}.csv], format: csv, completeTo: 2026-01-31T00:00:00Z }`).join('\n')}
`,
  'accounts.csv': `account,user_id,class
a1,ann@example.org,user
a2,ann@example.org,user
b1,bob@example.org,user
house,,house
${MANY.map((n) => `u${n},user-${n}@example.org,user`).join('\n')}
`,
  'ledger.csv': `account,asset,amount,kind,at,reference
a1,BTC,0.5,deposit,2026-01-30T10:00:00Z,d1
a2,USDT,2000,deposit,2026-01-30T11:00:00Z,d2
b1,USDT,12.5,deposit,2026-01-30T12:00:00Z,d3
house,BTC,2,deposit,2026-01-30T13:00:00Z,d4
${MANY.map((n) => `u${n},USDT,${n},deposit,2026-01-30T14:00:00Z,e${n}`).join('\n')}
`,
  'balances.csv': `account,asset,amount
a1,BTC,0.5
a2,USDT,2000
b1,USDT,12.5
house,BTC,2
${MANY.map((n) => `u${n},USDT,${n}`).join('\n')}
`,
  'control.csv': 'asset,amount\nBTC,2.5\nUSDT,2222.5\n',
  'prices.csv': `asset,price,at,source
BTC,64000,2026-01-30T23:55:00Z,index of three venues
USDT,0.999,2026-01-30T23:59:57.5Z,mid
`,
  'loans.csv': `account,loan_id,asset,principal,interest,at
a2,loan-7,BTC,0.01,0.0001,2026-01-30T12:00:00Z
`,
  'instruments.csv': `instrument,kind,underlying,settlement_asset,contract_size,style,netted
BTC-PERP,perpetual,BTC,USDT,0.001,linear,true
`,
  'positions.csv': `account,position_id,instrument,quantity,entry_price,margin_mode
a2,p1,BTC-PERP,10,63000,cross
house,p2,BTC-PERP,-10,63000,cross
`,
  'marks.csv': `instrument,kind,price,price_asset,at,source
BTC-PERP,mark,64100,USDT,2026-01-30T23:59:00Z,index
`,
};
