-- What the components of each kind add up to, per asset.
SELECT kind, symbol, count(*) AS line_count, sum(value_units) AS units
FROM component
JOIN book_asset USING (asset_index)
GROUP BY kind, asset_index, symbol
ORDER BY kind, asset_index
