-- The breaks as accountants read them: assets by symbol, in whole units.
CREATE VIEW listed_break AS
SELECT kind, account, symbol AS asset, instrument, expected, found, difference, first_differing
FROM book_break
LEFT JOIN book_asset USING (asset_index)
ORDER BY kind, account, asset_index, instrument
