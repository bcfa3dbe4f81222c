-- The whole units of an asset that are worth so many millionths of the quote currency.
CREATE MACRO units_of(micros, decimals, price_e12) AS
  (micros::HUGEINT * power_of_ten(decimals + 6) // price_e12)::BIGINT
