import { describe, expect, it } from 'vitest';

// What docs/haircut-tiers.md claims, searched whole where numbers are small. None of it is built.

type Tier = { readonly cap: number; readonly price: number };

/** All lists of a length with numbers up to a bound. */
function* listAll(length: number, most: number): Generator<number[]> {
  if (length === 0) yield [];
  else
    for (const rest of listAll(length - 1, most))
      for (let next = 0; next <= most; next++) yield [...rest, next];
}

/** What an amount is worth in the tiers that it fills from the first. */
function valueRight(tiers: readonly Tier[], amount: number): number {
  let [left, value] = [amount, 0];
  for (const { cap, price } of tiers) {
    const filled = Math.min(left, cap);
    value += filled * price;
    left -= filled;
  }
  return value;
}

/** The most that any split within the caps is worth; each of `holders` has caps of its own. */
function valueBest(tiers: readonly Tier[], amount: number, holders = 1): number {
  let best = -1;
  for (const split of listAll(tiers.length * holders, amount)) {
    if (split.reduce((sum, units) => sum + units, 0) !== amount) continue;
    if (split.some((units, index) => units > tiers[index % tiers.length]!.cap)) continue;
    best = Math.max(
      best,
      split.reduce((sum, units, index) => sum + units * tiers[index % tiers.length]!.price, 0),
    );
  }
  return best;
}

/** Listings of two and three tiers with small caps, and prices that fall or not. */
function* listListings(count: number): Generator<Tier[]> {
  for (const caps of listAll(count - 1, 2)) {
    for (const prices of listAll(count, 3)) {
      yield prices.map((price, index) => ({ price, cap: index === count - 1 ? Infinity : caps[index]! + 1 }));
    }
  }
}
const isFalling = (tiers: readonly Tier[]) =>
  tiers.every(({ price }, index) => index === 0 || price <= tiers[index - 1]!.price);

describe('collateral in tiers, as it is specified', () => {
  it('is worth most in the right split where ratios fall, and only there', () => {
    let [beaten, held] = [0, 0];
    for (const count of [2, 3]) {
      for (const tiers of listListings(count)) {
        for (let amount = 0; amount <= 5; amount++) {
          const gain = valueBest(tiers, amount) - valueRight(tiers, amount);
          if (isFalling(tiers)) {
            expect(gain).toBe(0);
            held += 1;
          } else if (gain > 0) beaten += 1;
        }
      }
    }
    expect([held > 1000, beaten > 1000]).toEqual([true, true]);
  });

  it('keeps its order where prices are rounded down, and never counts more than before rounding', () => {
    for (let price = 1; price < 60; price++) {
      for (let ratio = 1; ratio <= 100; ratio++) {
        const [upper, lower] = [ratio, ratio - 1].map((percent) => Math.floor((price * percent) / 100));
        expect(lower).toBeLessThanOrEqual(upper!);
        expect(upper! * 100).toBeLessThanOrEqual(price * ratio);
      }
    }
  });

  it('is worth more where each part, bucket or account fills its first tier again: so a user adds up all parts', () => {
    const tiers = [
      { cap: 2, price: 3 },
      { cap: Infinity, price: 1 },
    ];
    expect(valueBest(tiers, 4, 2)).toBe(12);
    expect(valueRight(tiers, 4)).toBe(8);
    // Never less: a venue that counts by bucket calls accounts covered that the rule does not.
    for (const one of [0, 1, 2, 3, 4]) {
      for (const other of [0, 1, 2, 3, 4]) {
        expect(valueRight(tiers, one + other)).toBeLessThanOrEqual(
          valueRight(tiers, one) + valueRight(tiers, other),
        );
      }
    }
  });
});

const P = 2n ** 61n - 1n;
const mod = (value: bigint) => ((value % P) + P) % P;
function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}
const invert = (value: bigint) => power(value, P - 2n);
const sum = (values: readonly bigint[]) => values.reduce((total, value) => mod(total + value), 0n);

type Slot = { readonly code: number; readonly amount: bigint; readonly slack: bigint };

const CAPS = [10n, 25n];
const [DELTA, X] = [918273645n, 564738291n];

/** Whether the caps of slots are shown at a rho, with what the prover says that Y is; without rho as in the first draft. */
function isShown(slots: readonly Slot[], said: readonly bigint[], rho = 0n): boolean {
  const shares = slots.map(({ code, amount, slack }, index) =>
    mod(power(DELTA, BigInt(index + 1)) * (amount + slack + rho) * invert(X - BigInt(code))),
  );
  const expected = CAPS.map((cap, code) => mod((cap + rho) * said[code]! * invert(X - BigInt(code))));
  return sum(shares) === sum(expected);
}

const weigh = (slots: readonly Slot[], of: (slot: Slot) => bigint, code: number) =>
  sum(slots.map((slot, index) => (slot.code === code ? power(DELTA, BigInt(index + 1)) * of(slot) : 0n)));
const honestly = (slots: readonly Slot[]) => CAPS.map((_, code) => weigh(slots, () => 1n, code));
/** S_i / cap_i: what makes up for any amounts where nothing else holds Y. */
const fitted = (slots: readonly Slot[]) =>
  CAPS.map((cap, code) => mod(weigh(slots, ({ amount, slack }) => amount + slack, code) * invert(cap)));

describe('the cap of a slot, as it is specified', () => {
  const within: Slot[] = [
    { code: 0, amount: 4n, slack: 6n },
    { code: 1, amount: 25n, slack: 0n },
    { code: 0, amount: 0n, slack: 10n },
  ];
  const beyond = [{ code: 0, amount: 11n, slack: 0n }, ...within.slice(1)];

  it('accepts slots within their caps, and refuses one that is a unit above', () => {
    for (const rho of [0n, 77n]) {
      expect(isShown(within, honestly(within), rho)).toBe(true);
      expect(isShown(beyond, honestly(beyond), rho)).toBe(false);
    }
  });

  it('shows nothing without rho: a Y that is fitted passes any amounts', () => {
    expect(isShown(beyond, fitted(beyond))).toBe(true);
  });

  it('holds Y by rho, which is drawn after it: one that is fitted fails', () => {
    for (const rho of [1n, 2n, 77n, 123456789n]) expect(isShown(beyond, fitted(beyond), rho)).toBe(false);
    // Fitted to one rho, it fails at the next.
    const rho = 77n;
    const both = CAPS.map((cap, code) =>
      mod(weigh(beyond, ({ amount, slack }) => amount + slack + rho, code) * invert(cap + rho)),
    );
    expect([isShown(beyond, both, rho), isShown(beyond, both, 78n)]).toEqual([true, false]);
  });
});
