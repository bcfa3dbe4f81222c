import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const CONFIG = `
format: solvent/books/v1
platform: Golden Options
quote: USD
cash: balances-total
underwater: fail
isolatedLoss: limited
maxMarkAge: 10m
assets:
  - {symbol: BTC, decimals: 8, collateralRatio: 0.9, maxPriceAge: 10m}
  - {symbol: USDT, decimals: 6, collateralRatio: 1, maxPriceAge: 10m}
sources:
  ledger: {files: [ledger.csv], format: csv, completeTo: 2026-01-31T00:01:00Z}
  opening: {files: [opening.csv], format: csv}
  balances: {files: [balances.csv], format: csv, completeTo: 2026-01-31T00:00:00Z}
  control: {files: [control.csv], format: csv, completeTo: 2026-01-31T00:00:00Z}
  accounts: {files: [accounts.csv], format: csv}
  orders: {files: [orders.csv], format: csv, completeTo: 2026-01-31T00:00:00Z}
  instruments: {files: [instruments.csv], format: csv}
  positions: {files: [positions.csv], format: csv, completeTo: 2026-01-31T00:00:00Z}
  settlements: {files: [settlements.csv], format: csv, completeTo: 2026-01-31T00:00:00Z}
  collateral: {files: [collateral.csv], format: csv, completeTo: 2026-01-31T00:00:00Z}
  loans: {files: [loans.csv], format: csv, completeTo: 2026-01-31T00:00:00Z}
  prices: {files: [prices.csv], format: csv, completeTo: 2026-01-31T00:01:00Z, constants: {source: Index}}
  marks: {files: [marks.csv], format: csv, completeTo: 2026-01-31T00:00:00Z, constants: {source: Venue}}
`;

const ACCOUNTS = `
account,user_id,class
ada,ada@example.com,user
bob,bob@example.com,user
cora-1,cora@example.com,user
cora-2,cora@example.com,user
dan,dan@example.com,user
eve,eve@example.com,user
fin,fin@example.com,user
gus,gus@example.com,user
hal,hal@example.com,user
ida,ida@example.com,user
jon,jon@example.com,user
kim,kim@example.com,user
lea,lea@example.com,user
mia,mia@example.com,user
ned,ned@example.com,user
desk,,house
`;

/** Ada had half a bitcoin before; what she pays in a second after the instant is not hers then. */
const OPENING = `
account,asset,amount
ada,BTC,0.5
desk,USDT,90000
`;

const LEDGER = `
account,asset,amount,kind,at,reference
ada,BTC,1.75,deposit,2026-01-10T00:00:00Z,t1
ada,BTC,-0.25,withdrawal,2026-01-11T00:00:00Z,t2
ada,BTC,7,deposit,2026-01-31T00:00:00.000000001Z,t3
bob,USDT,10000,deposit,2026-01-12T00:00:00Z,t4
cora-1,BTC,1,deposit,2026-01-12T00:00:00Z,t5
cora-2,USDT,500.25,deposit,2026-01-12T00:00:00Z,t6
cora-2,USDT,-0.25,fee,2026-01-13T00:00:00Z,t7
desk,USDT,0.25,fee,2026-01-13T00:00:00Z,t8
dan,BTC,1,deposit,2026-01-31T00:00:00Z,t9
eve,BTC,0.5,deposit,2026-01-14T00:00:00Z,t10
fin,USDT,20000,deposit,2026-01-14T00:00:00Z,t11
gus,USDT,700,deposit,2026-01-15T00:00:00Z,t12
hal,USDT,5000,deposit,2026-01-15T00:00:00Z,t13
ida,USDT,3000,deposit,2026-01-16T00:00:00Z,t14
jon,USDT,97,deposit,2026-01-16T00:00:00Z,t15
jon,USDT,3,funding,2026-01-30T16:00:00Z,t16
desk,USDT,-3,funding,2026-01-30T16:00:00Z,t17
mia,BTC,0.5,deposit,2026-01-17T00:00:00Z,t18
`;

const BALANCES = `
account,asset,amount
ada,BTC,2
bob,USDT,10000
cora-1,BTC,1
cora-2,USDT,500
dan,BTC,1
eve,BTC,0.5
fin,USDT,20000
gus,USDT,700
hal,USDT,5000
ida,USDT,3000
jon,USDT,100
mia,BTC,0.5
desk,USDT,89997.25
`;

/** BTC: 2 + 1 + 1 + 0.5 + 0.5; USDT: 10000 + 500 + 20000 + 700 + 5000 + 3000 + 100 + 89997.25. */
const CONTROL = `
asset,amount
BTC,5
USDT,129297.25
`;

const ORDERS = `
account,order_id,asset,reserved
cora-2,o1,USDT,100
`;

const INSTRUMENTS = `
instrument,kind,underlying,settlement_asset,contract_size,style,strike,expiry,right,netted
LINEAR,perpetual,BTC,USDT,0.1,linear,,,,true
INVERSE,perpetual,BTC,BTC,100,inverse,,,,true
CALL,option,BTC,BTC,0.1,premium-paid,120000,2026-03-27T08:00:00Z,call,true
EXPIRED-CALL,option,BTC,BTC,0.1,premium-paid,95000,2026-01-30T08:00:00Z,call,true
MARGINED-CALL,option,BTC,USDT,0.1,futures-style,110000,2026-03-27T08:00:00Z,call,true
`;

const POSITIONS = `
account,position_id,instrument,quantity,entry_price,margin_mode,margin,margin_outside_cash
ada,p1,LINEAR,3,90000,cross,,
bob,p2,LINEAR,-3,95000,cross,,
cora-1,p3,INVERSE,500,80000,cross,,
dan,p4,INVERSE,-500,125000,cross,,
eve,p5,CALL,10,0.04,cross,,
fin,p6,CALL,-10,0.04,cross,,
gus,p7,LINEAR,1,130000,isolated,2000,true
hal,p8,LINEAR,-1,104000,isolated,1000,false
lea,p9,EXPIRED-CALL,2,0.02,cross,,
mia,p10,EXPIRED-CALL,-2,0.02,cross,,
ned,p11,MARGINED-CALL,4,2000,cross,,
desk,p12,MARGINED-CALL,-4,2000,cross,,
`;

/** Jon's withdrawal has left but is not booked, his result is not settled; the funding is in his cash already. */
const SETTLEMENTS = `
account,asset,kind,amount,in_cash,reference
jon,USDT,withdrawal,-40.5,false,s1
jon,USDT,realised,1.25,false,s2
jon,USDT,funding,3,true,s3
`;

const COLLATERAL = `
account,asset,amount,direction,in_cash,reference
ida,USDT,250,posted,false,c1
ida,USDT,100,received,true,c2
`;

/** Half a satoshi of interest is not owed yet. */
const LOANS = `
account,loan_id,asset,principal,interest,secured_by
ida,l1,BTC,0.01,0.000000005,all of the account
`;

/** The price of a minute after the instant is of no account; nor is the one that it replaced. */
const PRICES = `
asset,price,at
BTC,99000,2026-01-30T23:58:00Z
BTC,100000,2026-01-30T23:59:00Z
BTC,101000,2026-01-31T00:01:00Z
USDT,1,2026-01-30T23:59:00Z
`;

/** The expired call is settled at 100000, whatever its mark was. */
const MARKS = `
instrument,kind,price,price_asset,at
LINEAR,mark,100000,USDT,2026-01-30T23:59:30Z
INVERSE,mark,100000,USD,2026-01-30T23:59:30Z
CALL,mark,0.05,BTC,2026-01-30T23:59:30Z
EXPIRED-CALL,mark,0.07,BTC,2026-01-30T23:59:30Z
EXPIRED-CALL,settlement,100000,USD,2026-01-30T08:00:00Z
MARGINED-CALL,mark,2500,USDT,2026-01-30T23:59:30Z
`;

const FILES: Readonly<Record<string, string>> = {
  'snapshot.yaml': CONFIG,
  'accounts.csv': ACCOUNTS,
  'opening.csv': OPENING,
  'ledger.csv': LEDGER,
  'balances.csv': BALANCES,
  'control.csv': CONTROL,
  'orders.csv': ORDERS,
  'instruments.csv': INSTRUMENTS,
  'positions.csv': POSITIONS,
  'settlements.csv': SETTLEMENTS,
  'collateral.csv': COLLATERAL,
  'loans.csv': LOANS,
  'prices.csv': PRICES,
  'marks.csv': MARKS,
};

/** A text that is put in the place of another in one of the golden files. */
export type Change = { readonly file: string; readonly from: string; readonly to: string };

/**
 * Writes the golden books, small enough to check by hand, with changes; each must be of a text that is there once.
 * @returns the path of their configuration.
 */
export async function writeGoldenBooks(directory: string, changes: readonly Change[] = []): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const [file, text] of Object.entries(FILES)) {
    const changed = changes.filter((change) => change.file === file).reduce(applyChange, text);
    await writeFile(join(directory, file), changed.trimStart());
  }
  return join(directory, 'snapshot.yaml');
}

function applyChange(text: string, { file, from, to }: Change): string {
  const parts = text.split(from);
  if (parts.length !== 2)
    throw new Error(`expected ${from} once in ${file}, got it ${parts.length - 1} times`);
  return parts.join(to);
}
