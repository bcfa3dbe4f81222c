-- The rows of the ledger up to the instant, still in their files: each use reads them again.
CREATE VIEW ledger AS
SELECT account, asset_index, amount, kind, at_ns, reference, balance_after
FROM read_ledger
JOIN book_asset ON symbol = asset
WHERE counted
