-- What is not settled yet.
INSERT INTO settlement
SELECT account, asset_index, kind, amount, in_cash, reference, position_id
FROM read_settlements
JOIN book_asset ON symbol = asset
WHERE counted
