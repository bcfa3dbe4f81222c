-- The totals of every listed asset, and what rounding did to them.
SELECT
  symbol,
  coalesce(sum(equity_units), 0) AS equity,
  coalesce(sum(debt_units), 0) AS debt,
  coalesce(sum(equity_rounding), 0) AS equity_rounding,
  coalesce(sum(debt_rounding), 0) AS debt_rounding
FROM asset
LEFT JOIN holding USING (asset_index)
GROUP BY asset_index, symbol
ORDER BY asset_index
