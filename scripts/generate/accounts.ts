import {
  derivePriceTable,
  formatDecimal,
  parseDecimal,
  type Decimal,
  type PriceTable,
} from '../../src/protocol/index.js';
import type { MarketAsset } from './market.js';
import type { SeededRandom } from './random.js';

/** A row of balances.csv: what a made-up user holds and owes in one asset, as decimals of whole units. */
export type BalanceRow = { readonly asset: string; readonly equity: string; readonly debt: string };

/** A made-up user with one row for each asset. */
export type GeneratedAccount = { readonly userId: string; readonly rows: readonly BalanceRow[] };

/** One asset of an account while it is made; units are proof units. */
type Position = { readonly asset: MarketAsset; equityUnits: bigint; debtUnits: bigint };

/** Wealth starts here, and doubles again and again with 3 chances in 5: the tail of a power law, exponent 0.74. */
const LEAST_WEALTH_MICROS = 50_000_000;
const MAX_DOUBLINGS = 28;

/** Names and domains that made-up user ids are put together from. */
export const NAMES = {
  first:
    'ada alan amira bela chen dara elif emil farah grace hugo ines ivan jana jonas kofi lena liam mara mei milo nadia noah olga omar paula priya rafael rosa sami sofia tariq tomas uma vera viktor wei yara yusuf zoe'.split(
      ' ',
    ),
  last: 'adeyemi alves andersson bauer brown castro chen costa diaz dubois eriksen fischer garcia haddad ito ivanova jansen kaya kim klein kowalski kumar lopez martin meyer moreau nguyen novak okafor patel petrov rossi santos sato schmidt silva singh smith tanaka weber'.split(
    ' ',
  ),
  domain: ['example.com', 'mail.example.com', 'example.org', 'example.net'],
};

const MOST_HELD = 64;

/** Makes users one after another, each solvent: their collateral covers their debt by the price table of the market. */
export class AccountGenerator {
  readonly #market: readonly MarketAsset[];
  readonly #prices: readonly Decimal[];
  readonly #priceTable: PriceTable;
  readonly #random: SeededRandom;
  readonly #mostHeld: number;
  #count = 0;

  /** @param mostHeld the most assets that a user holds: a longer listing alone makes nobody hold more. */
  constructor(market: readonly MarketAsset[], random: SeededRandom, { mostHeld = MOST_HELD } = {}) {
    this.#market = market;
    this.#mostHeld = Math.min(mostHeld, market.length);
    this.#prices = market.map(({ price }) => parseDecimal(price));
    this.#priceTable = derivePriceTable(market);
    this.#random = random;
  }

  /**
   * The next user. It has 1 or 2 assets in 60 % of cases, 3 or 4 in 25 %, 5 to 16 in 12 %, and more in 3 % where they
   * may. One in ten owes, and one in two hundred has an account with nothing in it.
   */
  next(): GeneratedAccount {
    const userId = this.#userId();
    const random = this.#random;
    if (random.chance(1, 200)) {
      return { userId, rows: [{ asset: this.#market[0]!.symbol, equity: '0', debt: '0' }] };
    }
    const owes = this.#market.length > 1 && random.chance(1, 10);
    const assetCount = this.#assetCount();
    const positions = this.#invest(this.#chooseAssets(owes ? Math.max(2, assetCount) : assetCount));
    if (owes) this.#borrow(positions);
    return { userId, rows: positions.map((position) => this.#row(position)) };
  }

  /** An address that no other user of the run has, whatever the names. */
  #userId(): string {
    this.#count += 1;
    const { first, last, domain } = NAMES;
    const random = this.#random;
    return `${random.pick(first)}.${random.pick(last)}.${this.#count.toString(36)}@${random.pick(domain)}`;
  }

  #assetCount(): number {
    const random = this.#random;
    const most = this.#mostHeld;
    // The lesser of two draws: few hold as many assets as the bracket allows.
    const bracket = (first: number, last: number) =>
      Math.min(random.between(first, last), random.between(first, last));
    const draw = random.below(100);
    let count;
    if (draw < 60) count = random.between(1, 2);
    else if (draw < 85) count = random.between(3, 4);
    else if (draw < 97 || most <= 16) count = bracket(5, 16);
    else count = bracket(17, most);
    return Math.min(count, most);
  }

  #chooseAssets(count: number): number[] {
    const weights = this.#market.map(({ weight }) => weight);
    return Array.from({ length: count }, () => {
      const index = this.#random.weighted(weights);
      weights[index] = 0;
      return index;
    });
  }

  /** Spreads the user's wealth over the assets. */
  #invest(indexes: readonly number[]): Position[] {
    const random = this.#random;
    let doublings = 0;
    while (doublings < MAX_DOUBLINGS && random.chance(3, 5)) doublings += 1;
    const wealthMicros = BigInt(LEAST_WEALTH_MICROS + 50 * random.below(1_000_000)) << BigInt(doublings);
    const shares = indexes.map(() => BigInt(random.between(1, 100)));
    const shareSum = shares.reduce((sum, share) => sum + share, 0n);
    return indexes.map((index, position) => {
      const asset = this.#market[index]!;
      const { coefficient, fractionDigits } = this.#prices[index]!;
      const micros = (wealthMicros * shares[position]!) / shareSum;
      const units = (micros * 10n ** BigInt(asset.decimals + fractionDigits)) / (coefficient * 1_000_000n);
      return { asset, equityUnits: this.#tidy(units, asset.decimals), debtUnits: 0n };
    });
  }

  /** People like round amounts: two in five keep no more than two decimals. */
  #tidy(units: bigint, decimals: number): bigint {
    const step = 10n ** BigInt(Math.max(0, decimals - 2));
    return this.#random.chance(2, 5) && units > step ? units - (units % step) : units;
  }

  /** Borrows one of the assets, or two, against 5 to 80 % of what the others count for as collateral. */
  #borrow(positions: Position[]): void {
    const random = this.#random;
    const debts = positions.slice(positions.length >= 6 && random.chance(1, 4) ? -2 : -1);
    const collateral = positions
      .filter((position) => !debts.includes(position))
      .reduce((sum, { asset, equityUnits }) => sum + equityUnits * this.#unitPrice(asset).collateral, 0n);
    for (const debt of debts) {
      const value = (collateral * BigInt(random.between(5, 80))) / BigInt(100 * debts.length);
      debt.debtUnits = this.#tidy(value / this.#unitPrice(debt.asset).full, debt.asset.decimals);
      if (debt.debtUnits > 0n && random.chance(1, 2)) debt.equityUnits = 0n;
    }
  }

  #unitPrice(asset: MarketAsset) {
    return this.#priceTable.prices[this.#market.indexOf(asset)]!;
  }

  /** One row in fifty has two decimals more than the proof unit, as accrued interest has: the books hold more than is owed. */
  #row({ asset, equityUnits, debtUnits }: Position): BalanceRow {
    const { symbol, decimals } = asset;
    const isAccrued = equityUnits > 0n && this.#random.chance(1, 50);
    const equity = isAccrued
      ? {
          coefficient: equityUnits * 100n + BigInt(this.#random.between(1, 99)),
          fractionDigits: decimals + 2,
        }
      : { coefficient: equityUnits, fractionDigits: decimals };
    return {
      asset: symbol,
      equity: formatDecimal(equity),
      debt: formatDecimal({ coefficient: debtUnits, fractionDigits: decimals }),
    };
  }
}
