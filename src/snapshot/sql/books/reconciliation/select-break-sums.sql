-- The breaks of each kind and asset, counted and summed up, with their signs and without: breaks that cancel are breaks
-- all the same. Those of instruments are in contracts.
SELECT
  kind,
  symbol,
  count(*) AS break_count,
  break_decimal(sum(difference)) AS difference,
  break_decimal(sum(abs(difference))) AS magnitude
FROM book_break
LEFT JOIN book_asset USING (asset_index)
GROUP BY kind, asset_index, symbol
ORDER BY kind, asset_index
