-- A share of an amount in parts of 10,000, rounded towards 0, without a product that 64 bits do not hold.
CREATE MACRO share_of(units, parts) AS
  units // 10000 * parts + units % 10000 * parts // 10000
