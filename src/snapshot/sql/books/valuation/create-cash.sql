-- The cash of every account: as the wallet system states it, or as the ledger makes it of the opening balances.
CREATE VIEW cash AS
SELECT account, asset_index, amount
FROM stated_balance
WHERE getvariable('cash_from') <> 'ledger'
UNION ALL
SELECT account, asset_index, sum(amount) AS amount
FROM (FROM opening_balance UNION ALL BY NAME FROM ledger_sum)
WHERE getvariable('cash_from') = 'ledger'
GROUP BY account, asset_index
