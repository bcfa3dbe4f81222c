-- The platform's control accounts.
INSERT INTO control_balance
SELECT asset_index, amount
FROM read_control
JOIN book_asset ON symbol = asset
WHERE counted
