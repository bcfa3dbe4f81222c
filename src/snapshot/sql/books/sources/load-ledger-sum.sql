-- The sums of the ledger up to the instant.
INSERT INTO ledger_sum
SELECT account, asset_index, amount
FROM ledger_group
JOIN book_asset ON symbol = asset
WHERE state = 0
