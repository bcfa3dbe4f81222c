-- Balances as the platform states them.
INSERT INTO stated_balance
SELECT account, asset_index, amount
FROM read_balances
JOIN book_asset ON symbol = asset
WHERE counted
