-- What so many units of an asset are worth, in millionths of the quote currency.
CREATE MACRO micros_of(units, decimals, price_e12) AS
  units::HUGEINT * price_e12 // power_of_ten(decimals + 6)
