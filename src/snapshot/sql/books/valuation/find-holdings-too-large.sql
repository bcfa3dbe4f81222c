-- Every equity and debt of a user must be below 2^64 proof units.
SELECT symbol, count(*) AS row_count
FROM holding
JOIN book_asset USING (asset_index)
WHERE equity_units IS NULL OR debt_units IS NULL
GROUP BY asset_index, symbol
ORDER BY asset_index
