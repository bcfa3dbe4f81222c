-- Components so large that sums of them might overflow.
SELECT symbol, count(*) AS row_count
FROM component
JOIN book_asset USING (asset_index)
WHERE abs(value_units) >= 1000000000000000000000000000
GROUP BY asset_index, symbol
ORDER BY asset_index
