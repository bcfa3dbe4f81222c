-- The ledger summed, as the sources do it.
INSERT INTO ledger_sum
SELECT account, asset_index, sum(amount) AS amount
FROM ledger
GROUP BY account, asset_index
