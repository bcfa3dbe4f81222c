-- Collateral posted and received.
INSERT INTO collateral
SELECT account, asset_index, amount, direction, in_cash, reference
FROM read_collateral
JOIN book_asset ON symbol = asset
WHERE counted
