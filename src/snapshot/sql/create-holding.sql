-- What each user holds and owes in each asset, in proof units, and what rounding added to the equity and took from
-- the debt, in units of 10^-30 of a proof unit.
CREATE TABLE holding AS
SELECT
  line,
  user_id,
  asset_index,
  equity_units(equity, decimals)::UBIGINT AS equity_units,
  debt_units(debt, decimals)::UBIGINT AS debt_units,
  equity_rounding(equity, decimals) AS equity_rounding,
  cut_fraction(debt, decimals) AS debt_rounding
FROM balance
JOIN asset ON symbol = asset
