-- Balances from which the ledger starts.
INSERT INTO opening_balance
SELECT account, asset_index, amount
FROM read_opening
JOIN book_asset ON symbol = asset
WHERE counted
