import fc from 'fast-check';

import {
  circuitName,
  derivePriceTable,
  deriveTag,
  encodeCanonicalJson,
  formatSignedDecimal,
  padPrices,
  STATEMENT_FORMAT,
  type Account,
  type BatchParameters,
  type Holding,
  type Profile,
  type UnitPrice,
} from '../../src/protocol/index.js';
import type { BatchCircuit } from '../../src/prover/circuits.js';
import type { SealedSnapshot } from '../../src/prover/index.js';

/** A secret that every test may know. */
export const SECRET = new Uint8Array(32).fill(7);

/** The batch circuits of a profile, without keys. */
export function tagBatches({ batches }: Pick<Profile, 'batches'>): BatchCircuit[] {
  return batches.map((parameters) => ({
    name: circuitName(parameters),
    parameters,
    tag: deriveTag(parameters),
  }));
}

/** Parameters of a small batch circuit of 4 assets. */
export function batchParameters(kind: 'spot' | 'margin', users: number, slots: number): BatchParameters {
  const netBits = kind === 'margin' ? 129 + Math.ceil(Math.log2(slots)) : 0;
  return { kind, assets: 4, indexBits: 2, users, slots, netBits, depth: 1, arity: 16 };
}

/** A snapshot of these accounts in 4 assets, whose totals are the sums. */
export function sealSnapshot(accounts: readonly Account[]): SealedSnapshot {
  const assets = ['ETH', 'BTC', 'USDC', 'DOGE'].map((symbol, index) => ({
    symbol,
    decimals: 2 + index,
    price: String(3 + index),
    collateralRatio: '0.9',
    priceSource: 'test',
    pricedAt: null,
  }));
  const sum = (part: 'equityUnits' | 'debtUnits', asset: number) =>
    accounts
      .flatMap(({ holdings }) => holdings)
      .filter(({ assetIndex }) => assetIndex === asset)
      .reduce((total, holding) => total + holding[part], 0n)
      .toString();
  return {
    platform: 'Example Exchange',
    takenAt: '2026-01-31T00:00:00Z',
    quote: 'USD',
    scope: { included: 'all accounts', excluded: ['custody'] },
    snapshotHash: 'ab'.repeat(32),
    previousManifestHash: null,
    scale: derivePriceTable(assets).scale,
    assets,
    accountCount: accounts.length,
    totals: assets.map(({ symbol }, index) => ({
      asset: symbol,
      equity: sum('equityUnits', index),
      debt: sum('debtUnits', index),
    })),
    rounding: assets.map(({ symbol }) => ({ asset: symbol, equity: '0', debt: '0' })),
    writeOffs: { accounts: 0, debts: [] },
  };
}

/** The account with an itemised statement: its equity as a balance, its debt as a loan of a bucket of its own. */
export function withStatement(account: Account): Account & { readonly statement: Uint8Array } {
  const { assets } = sealSnapshot([]);
  const describe = (bucket: string, kind: string, unitsOf: (holding: Holding) => bigint) =>
    account.holdings.flatMap((holding) => {
      const { symbol, decimals } = assets[holding.assetIndex]!;
      const value = { coefficient: unitsOf(holding), fractionDigits: decimals };
      return value.coefficient === 0n
        ? []
        : [
            {
              account: 'main "1"',
              asset: symbol,
              bucket,
              kind,
              reference: '',
              valuation: { of: 'amount', quantity: formatSignedDecimal(value), rounding: 'up' },
              value: formatSignedDecimal(value),
            },
          ];
    });
  const lines = [
    ...describe('cross', 'cash', ({ equityUnits }) => equityUnits),
    ...describe('loans', 'loan', ({ debtUnits }) => -debtUnits),
  ];
  return { ...account, statement: encodeCanonicalJson({ format: STATEMENT_FORMAT, lines }) };
}

/** The prices of `sealSnapshot`'s assets. */
export function pricesOf(snapshot: SealedSnapshot): readonly UnitPrice[] {
  return padPrices(derivePriceTable(snapshot.assets), 4);
}

const amount = fc.bigInt({ min: 1n, max: (1n << 40n) - 1n });

/** Holdings of at most `slots` of the 4 assets; a debt in the first is covered by the equity in the last. */
function holdings(slots: number): fc.Arbitrary<Holding[]> {
  const spot = fc
    .subarray([0, 1, 2, 3], { maxLength: slots })
    .chain((indexes) =>
      fc.tuple(
        ...indexes.map((assetIndex) =>
          amount.map((equityUnits) => ({ assetIndex, equityUnits, debtUnits: 0n })),
        ),
      ),
    );
  const margin = fc.tuple(amount, amount).map(([debtUnits, equityUnits]) => [
    { assetIndex: 0, equityUnits: 0n, debtUnits },
    { assetIndex: 3, equityUnits: equityUnits + 100_000n * debtUnits, debtUnits: 0n },
  ]);
  return fc.oneof({ weight: 3, arbitrary: spot }, { weight: 1, arbitrary: margin });
}

/** Accounts of distinct users, every debt covered. */
export function accountsArbitrary(
  slots: number,
  { minLength = 1, maxLength = 40 }: { minLength?: number; maxLength?: number } = {},
): fc.Arbitrary<Account[]> {
  return fc
    .array(holdings(slots), { minLength, maxLength })
    .map((rows) => rows.map((row, user) => ({ userId: `user-${user}`, holdings: row })));
}

/** Accounts that are the same in every run of a test. */
export function sampleAccounts(count: number, slots: number): Account[] {
  const options = { minLength: count, maxLength: count };
  return fc.sample(accountsArbitrary(slots, options), { numRuns: 1, seed: 11 })[0]!;
}

/** Accounts one by one, as a snapshot gives them. */
export async function* stream(accounts: readonly Account[]): AsyncGenerator<Account> {
  for (const account of accounts) yield await Promise.resolve(account);
}
