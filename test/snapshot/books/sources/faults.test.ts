import { describe, expect, it } from 'vitest';

import type { SourceRole } from '../../../../src/snapshot/books/config.js';
import { problemsOf, SOUND, type Sources } from './venue.js';

/** The sound source with one row more. */
function and(role: SourceRole, row: string): Sources {
  return { [role]: `${SOUND[role]!}${row}\n` };
}

const LEDGER_ROW = ',deposit,2026-01-30T10:00:00Z,r9,';

describe('the values of a source', () => {
  it.each<[string, SourceRole, string, string[]]>([
    ['an empty account', 'balances', ',USD,1', ['balances.csv:6 account value-missing']],
    [
      'an account of 257 bytes',
      'balances',
      `${'a'.repeat(257)},USD,1`,
      ['balances.csv:6 account text-too-long'],
    ],
    ['an unknown asset', 'balances', 'b1,usd,1', ['balances.csv:6 asset asset-unknown']],
    ['an empty asset', 'balances', 'b1,,1', ['balances.csv:6 asset value-missing']],
    ['an empty amount', 'balances', 'b1,BTC,', ['balances.csv:6 amount value-missing']],
    ['an amount that is no number', 'balances', 'b1,BTC,x', ['balances.csv:6 amount amount-malformed']],
    ['an exponent', 'balances', 'b1,BTC,1e3', ['balances.csv:6 amount amount-malformed']],
    ['a plus sign', 'balances', 'b1,BTC,+1', ['balances.csv:6 amount amount-malformed']],
    ['a space before an amount', 'balances', 'b1,BTC, 1', ['balances.csv:6 amount amount-malformed']],
    ['an underscore in an amount', 'balances', 'b1,BTC,1_000', ['balances.csv:6 amount amount-malformed']],
    ['a point with nothing before it', 'balances', 'b1,BTC,.5', ['balances.csv:6 amount amount-malformed']],
    ['a point with nothing behind it', 'balances', 'b1,BTC,5.', ['balances.csv:6 amount amount-malformed']],
    ['digits of another script', 'balances', 'b1,BTC,１', ['balances.csv:6 amount amount-malformed']],
    [
      '19 digits behind the point',
      'balances',
      `b1,BTC,0.${'0'.repeat(18)}1`,
      ['balances.csv:6 amount amount-too-precise'],
    ],
    [
      '21 digits before the point',
      'balances',
      `b1,BTC,1${'0'.repeat(20)}`,
      ['balances.csv:6 amount amount-too-large'],
    ],
    ['NaN', 'balances', 'b1,BTC,NaN', ['balances.csv:6 amount amount-not-finite']],
    ['infinity', 'balances', 'b1,BTC,-Infinity', ['balances.csv:6 amount amount-not-finite']],
    ['an unknown account', 'balances', 'zz,USD,1', ['balances.csv:6 account account-unknown']],
    ['a doubled balance', 'balances', 'b1,USD,1', ['balances.csv:6 asset row-doubled']],
    ['a doubled opening balance', 'opening', 'a1,BTC,1', ['opening.csv:3 asset row-doubled']],
    ['a doubled control account', 'control', 'USD,1', ['control.csv:4 asset row-doubled']],
    ['a doubled account', 'accounts', 'a1,eve,user', ['accounts.csv:6 account row-doubled']],
    ['an unknown class', 'accounts', 'x1,x,bank', ['accounts.csv:6 class choice-unknown']],
    ['a user account without a user id', 'accounts', 'x1,,user', ['accounts.csv:6 user_id value-missing']],
    [
      'a user id with a space before it',
      'accounts',
      'x1, x,user',
      ['accounts.csv:6 user_id name-not-normal'],
    ],
    [
      'a control character in an account',
      'accounts',
      'x\u00071,x,user',
      ['accounts.csv:6 account text-has-control-character'],
    ],
    [
      'a control character in a user id',
      'accounts',
      'x1,x\u0007,user',
      ['accounts.csv:6 user_id name-has-control-character'],
    ],
    [
      'a ledger row of an unknown kind',
      'ledger',
      'b1,USD,1,gift,2026-01-30T10:00:00Z,r9,',
      ['ledger.csv:6 kind choice-unknown'],
    ],
    [
      'a ledger row without a zone',
      'ledger',
      'b1,USD,1,deposit,2026-01-30T10:00:00,r9,',
      ['ledger.csv:6 at column-type-unfit'],
    ],
    [
      'a 30th of February',
      'ledger',
      'b1,USD,1,deposit,2026-02-30T10:00:00Z,r9,',
      ['ledger.csv:6 at instant-malformed'],
    ],
    ['hour 24', 'ledger', 'b1,USD,1,deposit,2026-01-30T24:00:00Z,r9,', ['ledger.csv:6 at instant-malformed']],
    [
      'a leap second',
      'ledger',
      'b1,USD,1,deposit,2026-01-30T23:59:60Z,r9,',
      ['ledger.csv:6 at instant-malformed'],
    ],
    [
      'ten digits of a second',
      'ledger',
      'b1,USD,1,deposit,2026-01-30T23:59:59.0123456789Z,r9,',
      ['ledger.csv:6 at instant-malformed'],
    ],
    [
      'an instant that nanoseconds do not reach',
      'ledger',
      'b1,USD,1,deposit,1600-01-01T00:00:00Z,r9,',
      ['ledger.csv:6 at instant-malformed'],
    ],
    [
      'a ledger row without a reference',
      'ledger',
      'b1,USD,1,deposit,2026-01-30T10:00:00Z,,',
      ['ledger.csv:6 reference value-missing'],
    ],
    [
      'a running balance that is no number',
      'ledger',
      `b1,USD,1${LEDGER_ROW}?`,
      ['ledger.csv:6 balance_after amount-malformed'],
    ],
    [
      'a ledger row of an unknown account',
      'ledger',
      `zz,USD,1${LEDGER_ROW}`,
      ['ledger.csv:6 account account-unknown'],
    ],
    [
      'a ledger row of an unknown asset',
      'ledger',
      `b1,ETH,1${LEDGER_ROW}`,
      ['ledger.csv:6 asset asset-unknown'],
    ],
    ['a negative reservation', 'orders', 'b1,o2,USD,-1', ['orders.csv:3 reserved amount-negative']],
    ['a doubled order', 'orders', 'a1,o1,USD,1', ['orders.csv:3 order_id row-doubled']],
    [
      'a position in an unknown instrument',
      'positions',
      'b1,p4,ETH-PERP,1,1,cross,,,2026-01-30T00:00:00Z',
      ['positions.csv:5 instrument instrument-unknown'],
    ],
    [
      'a doubled position',
      'positions',
      'b1,p1,BTC-PERP,1,1,cross,,,2026-01-30T00:00:00Z',
      ['positions.csv:5 position_id row-doubled'],
    ],
    [
      'an isolated position without a margin',
      'positions',
      'b1,p4,BTC-PERP,1,1,isolated,,true,2026-01-30T00:00:00Z',
      ['positions.csv:5 margin value-missing'],
    ],
    [
      'an isolated position that does not say where its margin is',
      'positions',
      'b1,p4,BTC-PERP,1,1,isolated,5,,2026-01-30T00:00:00Z',
      ['positions.csv:5 margin_outside_cash value-missing'],
    ],
    [
      'a cross position with a margin',
      'positions',
      'b1,p4,BTC-PERP,1,1,cross,5,,2026-01-30T00:00:00Z',
      ['positions.csv:5 margin value-unexpected'],
    ],
    [
      'a boolean in capitals',
      'positions',
      'b1,p4,BTC-PERP,1,1,isolated,5,TRUE,2026-01-30T00:00:00Z',
      [
        'positions.csv:5 margin_outside_cash boolean-malformed',
        'positions.csv:5 margin_outside_cash value-missing',
      ],
    ],
    [
      'a position without an instant beside others',
      'positions',
      'b1,p4,BTC-PERP,1,1,cross,,,',
      ['positions.csv:5 at value-missing'],
    ],
    [
      'a settlement of an unknown kind',
      'settlements',
      'b1,USD,bonus,1,false,s3,',
      ['settlements.csv:4 kind choice-unknown'],
    ],
    [
      "a settlement of another account's position",
      'settlements',
      'b1,USD,funding,1,false,s3,p1',
      ['settlements.csv:4 position_id position-unknown'],
    ],
    [
      'a settlement of a cross position',
      'settlements',
      'b1,USD,funding,1,false,s3,p2',
      ['settlements.csv:4 position_id position-unknown'],
    ],
    [
      'a doubled settlement',
      'settlements',
      'b1,USD,funding,1,false,s1,',
      ['settlements.csv:4 reference row-doubled'],
    ],
    [
      'collateral of an unknown direction',
      'collateral',
      'b1,BTC,1,lent,false,c2',
      ['collateral.csv:3 direction choice-unknown'],
    ],
    [
      'negative collateral',
      'collateral',
      'b1,BTC,-1,posted,false,c2',
      ['collateral.csv:3 amount amount-negative'],
    ],
    ['a negative loan', 'loans', 'b1,l2,USD,-1,0,,', ['loans.csv:3 principal amount-negative']],
    [
      'a loan of an unknown position',
      'loans',
      'b1,l2,USD,1,0,,p9',
      ['loans.csv:3 position_id position-unknown'],
    ],
    [
      'a linear option',
      'instruments',
      'X,option,BTC,BTC,1,linear,1,2026-02-27T08:00:00Z,put,true',
      ['instruments.csv:4 style choice-unknown'],
    ],
    [
      'an option without a strike',
      'instruments',
      'X,option,BTC,BTC,1,premium-paid,,2026-02-27T08:00:00Z,put,true',
      ['instruments.csv:4 strike value-missing'],
    ],
    [
      'an option without an expiry',
      'instruments',
      'X,option,BTC,BTC,1,premium-paid,1,,put,true',
      ['instruments.csv:4 expiry value-missing'],
    ],
    [
      'an option without a right',
      'instruments',
      'X,option,BTC,BTC,1,premium-paid,1,2026-02-27T08:00:00Z,,true',
      ['instruments.csv:4 right value-missing'],
    ],
    [
      'a future with a strike',
      'instruments',
      'X,future,BTC,BTC,1,linear,1,2026-02-27T08:00:00Z,,true',
      ['instruments.csv:4 strike value-unexpected'],
    ],
    [
      'a perpetual with an expiry',
      'instruments',
      'X,perpetual,BTC,BTC,1,linear,,2026-02-27T08:00:00Z,,true',
      ['instruments.csv:4 expiry value-unexpected'],
    ],
    [
      'a contract size of 0',
      'instruments',
      'X,perpetual,BTC,BTC,0,linear,,,,true',
      ['instruments.csv:4 contract_size amount-not-positive'],
    ],
    ['a price below 0', 'prices', 'BTC,-1,2026-01-30T23:58:00Z,feed', ['prices.csv:4 price amount-negative']],
    [
      'two prices of one instant',
      'prices',
      'BTC,2,2026-01-31T00:59:00+01:00,feed',
      ['prices.csv:4 at row-doubled'],
    ],
    [
      'a mark in an unknown asset',
      'marks',
      'BTC-PERP,mark,1,ETH,2026-01-30T23:58:00Z,e',
      ['marks.csv:4 price_asset price-asset-unknown'],
    ],
    [
      'a mark in no asset',
      'marks',
      'BTC-PERP,mark,1,,2026-01-30T23:58:00Z,e',
      ['marks.csv:4 price_asset value-missing'],
    ],
    [
      'a volatility in an asset',
      'marks',
      'BTC-C,volatility,1,USD,2026-01-30T23:58:00Z,e',
      ['marks.csv:4 price_asset value-unexpected'],
    ],
    [
      'a forward of 0',
      'marks',
      'BTC-C,forward,0,USD,2026-01-30T23:58:00Z,e',
      ['marks.csv:4 price amount-not-positive'],
    ],
    [
      'a mark of an unknown instrument',
      'marks',
      'X,mark,1,USD,2026-01-30T23:58:00Z,e',
      ['marks.csv:4 instrument instrument-unknown'],
    ],
    [
      'two marks of one kind and instant',
      'marks',
      'BTC-PERP,mark,1,USD,2026-01-30T23:59:59Z,e',
      ['marks.csv:4 at row-doubled'],
    ],
  ])('refuse %s', async (_, role, row, problems) => {
    expect(await problemsOf(and(role, row))).toEqual(problems);
  });
});
