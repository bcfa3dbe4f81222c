import { divide, multiply, subtract, type Rational } from './rational.js';

/** What the result of an open position follows from. */
export type OpenResult = {
  /** Signed number of contracts: negative is short. */
  readonly quantity: Rational;
  /** Of one contract, above 0: in units of the underlying for linear contracts, in the currency of the price for inverse ones. */
  readonly contractSize: Rational;
  /** In the same currency as the entry price; above 0 for inverse contracts. */
  readonly mark: Rational;
  readonly entry: Rational;
};

/** The unrealised result of a linear contract in the currency of its price: `q·size·(mark − entry)`. */
export function valueLinear({ quantity, contractSize, mark, entry }: OpenResult): Rational {
  return multiply(multiply(quantity, contractSize), subtract(mark, entry));
}

/** The unrealised result of an inverse contract in the coin: `q·size·(1/entry − 1/mark)`. */
export function valueInverse({ quantity, contractSize, mark, entry }: OpenResult): Rational {
  const gain = divide(subtract(mark, entry), multiply(entry, mark));
  return multiply(multiply(quantity, contractSize), gain);
}
